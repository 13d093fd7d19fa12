import type { EventCause, EventChange, TrafficEvent } from './event.js';
import type { Finding } from './finding.js';

/** An event that goes on, with what is needed to go on with it after a restart. */
export interface OpenEvent {
  readonly key: string;
  readonly event: TrafficEvent;
  /** Milliseconds since the epoch: when there was last a finding of it. */
  readonly seen: number;
  /** Milliseconds since the epoch: when there was last something of it; absent where that is when there was last a finding. */
  readonly last?: number;
  /** Milliseconds: see Finding. */
  readonly patience: number;
  /** How far from usual it was when it was told last. */
  readonly told: number;
}

/** What is half as strong as what begins an event lets it go on, so that what is near the line makes one event, not many. */
const GOES_ON = 0.5;
/** It is worse, and told of again, when it is twice as far from usual as was told. */
const WORSE = 2;
/** Events at a time: who scans from thousands of addresses must not fill the memory. More are counted, and left out. */
const MOST = 1000;

/** Makes events of findings: one event for what goes on, however many looks see it. */
export class Journal {
  readonly counters = { begun: 0, ended: 0, leftOut: 0 };
  readonly #open = new Map<string, OpenEvent>();

  /** @param open events of an earlier run that had not ended */
  constructor(open: Iterable<OpenEvent> = []) {
    for (const each of open) this.#open.set(each.key, each);
  }

  /** Those that go on. */
  get open(): OpenEvent[] {
    return [...this.#open.values()];
  }

  /**
   * Takes what one look has found.
   * @param now milliseconds since the epoch
   */
  observe(findings: readonly Finding[], now: number): EventChange[] {
    return findings.flatMap(finding => {
      const known = this.#open.get(finding.key);
      const change = known === undefined ? this.#begin(finding, now) : this.#extend(known, finding, now);
      return change === undefined ? [] : [change];
    });
  }

  /**
   * Ends events of which nothing has been found for their patience; their end is when there last was something.
   * @param since milliseconds since the epoch: looks have been made without a gap since then
   */
  expire(now: number, since = 0): EventChange[] {
    return this.open.flatMap(({ key, event, seen, last = seen, patience }) => {
      if (now - Math.max(seen, since) < patience) return [];
      this.#open.delete(key);
      this.counters.ended++;
      return [{ what: 'ended' as const, event: { ...event, end: last } }];
    });
  }

  /** What an event is due to is found out when it has begun. @returns the event with its causes; undefined where it has ended */
  explain(id: string, causes: readonly EventCause[]): OpenEvent | undefined {
    const known = this.open.find(({ event }) => event.id === id);
    if (known === undefined) return undefined;
    const explained = { ...known, event: { ...known.event, causes } };
    this.#open.set(known.key, explained);
    return explained;
  }

  #begin(finding: Finding, now: number): EventChange | undefined {
    if (finding.strength < 1) return undefined;
    if (this.#open.size >= MOST) {
      this.counters.leftOut++;
      return undefined;
    }
    const event: TrafficEvent = { id: crypto.randomUUID(), ...told(finding), start: finding.start, causes: [] };
    this.#open.set(finding.key, { ...stateOf(finding, now), event, told: farness(finding) });
    this.counters.begun++;
    return { what: 'begun', event };
  }

  #extend(known: OpenEvent, finding: Finding, now: number): EventChange | undefined {
    if (finding.strength < GOES_ON) return undefined;
    const { id, start, causes, unit } = known.event;
    const far = farness(finding);
    // A scan of ports that becomes one of addresses is counted in other units.
    const isLarger = finding.unit !== unit ? finding.strength >= 1 : far > farness(known.event);
    const event = isLarger ? { id, ...told(finding), start: Math.min(start, finding.start), causes } : known.event;
    const isWorse = isLarger && (finding.unit !== unit || far >= WORSE * known.told);
    this.#open.set(finding.key, { ...stateOf(finding, now), event, told: isWorse ? far : known.told });
    return isWorse ? { what: 'worse', event } : undefined;
  }
}

/** How far it is from what is usual, either way. */
function farness({ size, expected = 0 }: Pick<TrafficEvent, 'size' | 'expected'>): number {
  return Math.abs(size - expected);
}

/** What an event has of a finding. */
function told(finding: Finding) {
  const { key, strength, patience, start, last, ...rest } = finding;
  return rest;
}

/** What is known of it beside the event. */
function stateOf({ key, patience, last }: Finding, seen: number) {
  return { key, seen, patience, ...(last === undefined ? {} : { last }) };
}
