import { dataSet } from '../../wire/build.js';
import type { WireTemplate } from '../../wire/template.js';
import type { TransportAddress } from '../address.js';
import type { RunMark, SeenSession } from '../observe/observer.js';
import { SendingSession } from '../sender.js';
import { expectationOf, type Flow, FlowMaker, valuesOf } from './flow.js';

/** A Flow Record that has to be seen, or must not be. */
export interface ExpectedRecord {
  /** By element name; those that the collector does not show are not looked at. */
  readonly values: Readonly<Record<string, string>>;
  /** Elements that the case is about: where none of them is shown, it cannot be observed. */
  readonly about: readonly string[];
}

export interface ExpectedSession {
  readonly domain: number;
  readonly what: string;
  holds(session: SeenSession): boolean;
}

/** Observation Domains that a case may have. Collectors list but so many of an exporter, so that most cases use one. */
const DOMAINS_PER_CASE = 2;

/** One case under way: it sends in sessions of its own and notes what has to be seen. */
export class CaseRun {
  readonly wanted: ExpectedRecord[] = [];
  readonly unwanted: ExpectedRecord[] = [];
  readonly sessionsWanted: ExpectedSession[] = [];
  /** What is wrong already, without looking at the records. */
  readonly problems: string[] = [];
  readonly #flows: FlowMaker;
  readonly #sessions: SendingSession[] = [];
  readonly #mayEnd = new Set<SendingSession>();

  constructor(
    readonly target: TransportAddress,
    readonly mark: RunMark,
    private readonly number: number,
  ) {
    this.#flows = new FlowMaker(mark, number);
  }

  get isDatagrams(): boolean {
    return this.target.transport === 'udp';
  }

  /** The Observation Domain of this case, and another one. */
  domain(n: 0 | 1 = 0): number {
    return this.mark.firstDomain + this.number * DOMAINS_PER_CASE + n;
  }

  /** A new Transport Session. */
  async open(): Promise<SendingSession> {
    const session = await SendingSession.open(this.target, this.domain());
    this.#sessions.push(session);
    return session;
  }

  flow(n: number, more: Flow = {}): Flow {
    return this.#flows.flow(n, more);
  }

  /** A Data Set of these Flows, each of which has to be seen with all its values. */
  expected(template: WireTemplate, flows: readonly Flow[], about: readonly string[] = [], padding = 0): Buffer {
    for (const flow of flows) this.expect(template, flow, about);
    return this.data(template, flows, padding);
  }

  /** A Data Set of these Flows, none of which may be seen. */
  unexpected(template: WireTemplate, flows: readonly Flow[]): Buffer {
    for (const flow of flows) this.refuse(template, flow);
    return this.data(template, flows);
  }

  /** A Data Set of these Flows, of which nothing is expected. */
  data(template: WireTemplate, flows: readonly Flow[], padding = 0): Buffer {
    return dataSet(
      template,
      flows.map(flow => valuesOf(template, flow)),
      padding,
    );
  }

  /** The Flow has to be seen as it is in this Template. `values` replace what would be expected. */
  expect(template: WireTemplate, flow: Flow, about: readonly string[] = [], values: Record<string, string> = {}): void {
    this.wanted.push({ values: { ...expectationOf(template, flow), ...values }, about });
  }

  refuse(template: WireTemplate, flow: Flow): void {
    this.unwanted.push({ values: expectationOf(template, flow), about: [] });
  }

  /** The collector may end this session: what was sent in it makes no sense. */
  mayEnd(session: SendingSession): void {
    this.#mayEnd.add(session);
  }

  /** What the collector has to say of this session's Observation Domain. */
  says(session: SendingSession, what: string, holds: (seen: SeenSession) => boolean): void {
    this.sessionsWanted.push({ domain: session.domain, what, holds });
  }

  fail(problem: string): void {
    this.problems.push(problem);
  }

  /** Ends the sessions and notes which the collector ended without need. */
  async close(): Promise<void> {
    for (const session of this.#sessions) {
      if (session.ended && !this.#mayEnd.has(session)) this.fail('it ended the connection');
    }
    await Promise.all(this.#sessions.map(session => session.close()));
    if (this.#sessions.some(({ refused }) => refused)) this.fail('nobody listens on that port');
  }
}
