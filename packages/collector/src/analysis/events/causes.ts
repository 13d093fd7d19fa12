import type { EventCause, EventSubject } from './event.js';

/** A part of the traffic in question: who sent it, to which service, and how much. */
export interface CauseRow {
  /** Address. */
  readonly host: string;
  /** Protocol and port, such as `udp/53`, or the protocol alone; where it is known. */
  readonly service?: string;
  /** What network the host is in, with the filter that finds it; where it is known. */
  readonly network?: EventSubject;
  /** Octets, packets or flows. */
  readonly value: number;
}

/** Causes below this share of the excess explain nothing. */
const LEAST_SHARE = 0.1;
/** Words for people: more would be a table. */
const MOST = 3;
/** What is more exact and has nearly the share of what is less so is told instead. */
const NEARLY = 0.9;

interface Candidate extends EventSubject {
  /** How much it says: a host on a port more than a port. */
  readonly exactness: number;
  excess: number;
  /** Keys of the rows that it is made of. */
  readonly parts: Set<string>;
}

/**
 * What makes up the excess of `now` over `before`: hosts, services, hosts on services and networks, each with its share of the
 * excess, the largest first. Both must be of equally long times. Where there is no excess there is no cause.
 * @param before empty where there was nothing, or nothing is known of it
 */
export function causesOf(now: readonly CauseRow[], before: readonly CauseRow[] = []): EventCause[] {
  const excess = changesOf(now, before);
  const total = [...excess.values()].reduce((sum, { value }) => sum + value, 0);
  if (!(total > 0)) return [];
  const chosen: Candidate[] = [];
  const left = new Map(excess);
  while (chosen.length < MOST) {
    const best = bestOf(candidatesOf(left));
    if (best === undefined || best.excess < LEAST_SHARE * total) break;
    chosen.push(best);
    for (const part of best.parts) left.delete(part);
  }
  return chosen.map(({ name, filter, excess: value }) => ({ name, filter, share: Math.min(1, value / total) }));
}

function changesOf(now: readonly CauseRow[], before: readonly CauseRow[]): Map<string, CauseRow> {
  const changes = new Map<string, CauseRow>();
  const add = (rows: readonly CauseRow[], sign: number) => {
    for (const row of rows) {
      const key = `${row.host} ${row.service ?? ''}`;
      changes.set(key, { ...row, value: (changes.get(key)?.value ?? 0) + sign * row.value });
    }
  };
  add(now, 1);
  add(before, -1);
  return changes;
}

function candidatesOf(rows: ReadonlyMap<string, CauseRow>): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const [key, row] of rows) {
    for (const { exactness, ...subject } of subjectsOf(row)) {
      let candidate = candidates.get(subject.filter);
      if (candidate === undefined) {
        candidate = { ...subject, exactness, excess: 0, parts: new Set() };
        candidates.set(subject.filter, candidate);
      }
      candidate.excess += row.value;
      candidate.parts.add(key);
    }
  }
  return [...candidates.values()];
}

function subjectsOf({ host, service, network }: CauseRow): (EventSubject & { exactness: number })[] {
  return [
    ...(service === undefined ? [] : subjectsOfService(host, service)),
    { name: host, filter: `host ${host}`, exactness: 2 },
    ...(network === undefined ? [] : [{ ...network, exactness: 0 }]),
  ];
}

function subjectsOfService(host: string, service: string): (EventSubject & { exactness: number })[] {
  const [protocol, port] = service.split('/') as [string, string | undefined];
  const filter = port === undefined ? `proto ${protocol}` : `proto ${protocol} and port ${port}`;
  return [
    { name: `${host} → ${service}`, filter: `host ${host} and ${filter}`, exactness: 3 },
    { name: service, filter, exactness: 1 },
  ];
}

/** The largest; of those that are nearly as large the most exact. */
function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const largest = Math.max(0, ...candidates.map(({ excess }) => excess));
  return candidates
    .filter(({ excess }) => excess > 0 && excess >= NEARLY * largest)
    .sort((a, b) => b.exactness - a.exactness || b.excess - a.excess)[0];
}
