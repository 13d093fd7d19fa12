import { failed, notObservable, passed, some, type Verdict } from '../case.js';
import type { Observer, SeenRecord, SeenSession } from '../observe/observer.js';
import type { CaseRun, ExpectedRecord } from './case-run.js';

/** What was seen of a whole run, found quickly by what tells Flows apart. */
export class Seen {
  readonly #byKey = new Map<string, SeenRecord[]>();

  constructor(
    readonly observer: Observer,
    readonly records: readonly SeenRecord[],
    readonly sessions: ReadonlyMap<number, SeenSession> | undefined,
  ) {
    for (const record of records) {
      const key = keyOf(record);
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), record]);
    }
  }

  /** Records of the same source as this one. */
  like(values: Readonly<Record<string, string>>): readonly SeenRecord[] {
    return this.#byKey.get(keyOf(values)) ?? [];
  }
}

/** Every Flow of a run has its source address and port alone. A collector may show an address that was not sent as zero. */
function keyOf(record: Readonly<Record<string, string>>): string {
  const { sourceIPv4Address: v4, sourceIPv6Address: v6, sourceTransportPort: port } = record;
  const address = v4 === undefined || v4 === '0.0.0.0' ? (v6 ?? '') : v4;
  return address === '' ? `flow ${record.flowId}` : `${address} ${port}`;
}

/** Judges a case by what was seen. */
export function judge(run: CaseRun, seen: Seen | undefined): Verdict {
  if (run.problems.length > 0) return failed(some(run.problems));
  if (seen === undefined) return unseen(run);
  const { observer } = seen;
  if (run.unwanted.some(({ values }) => 'flowId' in values) && !observer.shows('flowId')) {
    return notObservable('the collector shows no record without an address');
  }
  const about = new Set(run.wanted.flatMap(each => each.about));
  if (about.size > 0 && ![...about].some(name => observer.shows(name))) {
    return notObservable(`the collector does not show ${[...about].join(', ')}`);
  }
  const problems = [
    ...run.wanted.flatMap(each => problemOf(each, seen)),
    ...run.unwanted.flatMap(each =>
      seen
        .like(each.values)
        .slice(0, 1)
        .map(record => `seen, but must not be: ${brief(record)}`),
    ),
  ];
  if (problems.length > 0) return failed(some(problems));
  return judgeSessions(
    run,
    seen,
    [...about].filter(name => !observer.shows(name)),
  );
}

/** Nothing can be seen: the case shows only that the collector lives. */
function unseen({ wanted, unwanted, sessionsWanted }: CaseRun): Verdict {
  if (wanted.length + unwanted.length + sessionsWanted.length === 0) return passed();
  return notObservable('nothing shows what the collector understood; say where to look with --see');
}

function judgeSessions(run: CaseRun, { sessions, observer }: Seen, hidden: readonly string[]): Verdict {
  if (run.sessionsWanted.length > 0 && sessions === undefined) {
    return notObservable(`${observer.name} does not tell what the collector counts`);
  }
  for (const { domain, what, holds } of run.sessionsWanted) {
    const session = sessions?.get(domain);
    if (session === undefined) return notObservable(`${observer.name} does not list Observation Domain ${domain}`);
    if (!holds(session)) return failed(`it was to say ${what}, and says ${JSON.stringify(session)}`);
  }
  return passed(hidden.length === 0 ? '' : `the collector does not show ${hidden.join(', ')}`);
}

function problemOf({ values }: ExpectedRecord, seen: Seen): string[] {
  const records = seen.like(values);
  const name = values.sourceIPv4Address ?? values.sourceIPv6Address;
  if (records.length === 0) return [`the Flow from ${name} port ${values.sourceTransportPort} was not seen`];
  if (records.length > 1) return [`the Flow from ${name} was seen ${records.length} times`];
  return differences(values, records[0]!, seen.observer).map(
    each => `of the Flow from ${name} port ${values.sourceTransportPort} ${each}`,
  );
}

function differences(expected: Readonly<Record<string, string>>, record: SeenRecord, observer: Observer): string[] {
  const wrong = Object.keys(expected).filter(name => observer.shows(name) && !isSame(expected[name]!, record[name]));
  return wrong.map(name => `${name} ${expected[name]} was seen as ${record[name] ?? 'nothing'}`);
}

/** Floats of 32 bits are compared to 6 digits, numbers as numbers where they are safe. */
function isSame(expected: string, seen: string | undefined): boolean {
  if (seen === undefined) return false;
  if (expected === seen || expected.toLowerCase() === seen.toLowerCase()) return true;
  if (!/^-?[\d.]+(e[-+]?\d+)?$/.test(expected) || !expected.includes('.') || expected.split('.').length > 2)
    return false;
  return Math.abs(Number(expected) - Number(seen)) <= Math.abs(Number(expected)) * 1e-6;
}

function brief(record: SeenRecord): string {
  const names = [
    'sourceIPv4Address',
    'sourceIPv6Address',
    'sourceTransportPort',
    'octetDeltaCount',
    'packetDeltaCount',
  ];
  return names.flatMap(name => (record[name] === undefined ? [] : [`${name} ${record[name]}`])).join(', ');
}
