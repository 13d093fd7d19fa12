import { randomInt } from 'node:crypto';
import { WeirError } from '../../error.js';
import { sleep } from '../../run/wait.js';
import { templateSet } from '../../wire/build.js';
import type { TransportAddress } from '../address.js';
import { failed, notObservable, passed, type Result, type Verdict } from '../case.js';
import type { Observer, RunMark, SeenRecord } from '../observe/observer.js';
import { CaseRun } from './case-run.js';
import type { CollectorCase } from './collector-case.js';
import { template } from './flow.js';
import { judge, Seen } from './judge.js';

/** A collector to be judged. */
export interface CollectorSubject {
  readonly name: string;
  readonly target: TransportAddress;
  /** Undefined where nothing can be seen. */
  readonly observer: Observer | undefined;
  /** What became of it, where that can be told: undefined while it lives. */
  ended?(): string | undefined;
}

export interface RunOptions {
  readonly cases: readonly CollectorCase[];
  /** Told of each case as it begins. */
  readonly progress?: (id: string) => void;
  /** How long to wait for what was sent to be seen. */
  readonly seconds?: number;
}

/** The case that ended the collector, so that nothing can be said of the others. */
export class CollectorEnded extends Error {
  constructor(
    readonly id: string,
    how: string,
  ) {
    super(how);
  }
}

const LIVES: CollectorCase = {
  id: 'lives',
  title: 'After all of this the collector understands a new session',
  section: 'RFC 5471 3.6, RFC 7011 10.4.4',
  level: 'MUST',
  sends: 'a Template and a record in a new session, behind all other cases',
  expects: 'the Flow',
  async run(run) {
    const layout = template(256);
    const session = await run.open();
    await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
  },
};

/** All cases there are, with the one that ends every run. */
export function withLast(cases: readonly CollectorCase[]): readonly CollectorCase[] {
  return [...cases, LIVES];
}

/**
 * Sends what all cases send, looks once at what was understood of it, and judges. Throws `CollectorEnded` where the collector is seen to end.
 */
export async function runCollectorCases(subject: CollectorSubject, options: RunOptions): Promise<Result[]> {
  const { target, observer } = subject;
  const mark = newMark();
  const cases = withLast(options.cases).filter(each => each.transports?.includes(target.transport) ?? true);
  const runs: CaseRun[] = [];
  for (const [i, each] of cases.entries()) {
    options.progress?.(each.id);
    const run = new CaseRun(target, mark, i + 1);
    runs.push(run);
    await sendCase(each, run);
    // Nobody was there in the first place: that is no finding.
    if (i === 0 && run.problems.length > 0) throw new WeirError(run.problems.join('; '));
    const how = subject.ended?.();
    if (how !== undefined) throw new CollectorEnded(each.id, how);
  }
  const seen = observer && (await look(observer, mark, runs.at(-1)!, options.seconds ?? 30));
  const silent = seen === undefined ? -1 : silentFrom(runs, seen);
  if (silent >= 0 && subject.ended !== undefined) throw new CollectorEnded(cases[silent]!.id, SILENT);
  return cases.map((info, i) => {
    const about = { info, subject: subject.name, transport: target.transport };
    if (silent >= 0 && i > silent && info !== LIVES)
      return { ...about, ...notObservable(`${cases[silent]!.id} ended it`) };
    const verdict = info === LIVES && seen === undefined ? unseenLife(runs[i]!) : judge(runs[i]!, seen);
    return { ...about, ...(i === silent ? failed(SILENT) : verdict) };
  });
}

const SILENT = 'nothing that was sent after it was understood: the collector hangs or has ended';

/** The case behind which nothing more was seen, although there was to be; -1 where there is none. */
function silentFrom(runs: readonly CaseRun[], seen: Seen): number {
  let silent = -1;
  for (let i = runs.length - 1; i >= 0; i--) {
    const { wanted } = runs[i]!;
    if (wanted.some(({ values }) => seen.like(values).length > 0)) break;
    if (wanted.length > 0) silent = i;
  }
  return silent;
}

async function sendCase(each: CollectorCase, run: CaseRun): Promise<void> {
  try {
    await each.run(run);
  } catch (problem) {
    if ((problem as Error).name !== 'WeirError') throw problem;
    run.fail((problem as Error).message);
  }
  await run.close();
}

/** Over TCP a connection that is taken shows that it lives. */
function unseenLife(run: CaseRun): Verdict {
  if (run.problems.length > 0) return failed(run.problems.join('; '));
  return run.isDatagrams ? notObservable('over UDP nothing comes back') : passed('it takes connections');
}

function newMark(): RunMark {
  const run = randomInt(1, 32768);
  const [high, low] = [run >> 8, run & 255];
  return {
    destinationV4: `198.19.${high}.${low}`,
    destinationV6: `2001:db8:ffff::${(run + 0x1000).toString(16)}`,
    flowId: 0x57000000 + run,
    firstDomain: run * 65536,
  };
}

/** Looks until the last Flow is there and no more come. */
async function look(observer: Observer, mark: RunMark, last: CaseRun, seconds: number): Promise<Seen> {
  const deadline = performance.now() + seconds * 1000;
  const source = last.wanted[0]?.values.sourceIPv4Address;
  let records: readonly SeenRecord[] = [];
  let before = -1;
  do {
    await sleep(1000);
    records = await observer.read(mark);
    const isThere = records.some(each => each.sourceIPv4Address === source);
    if (isThere && records.length === before) break;
    before = isThere ? records.length : -1;
  } while (performance.now() < deadline);
  return new Seen(observer, records, await observer.sessions(mark));
}
