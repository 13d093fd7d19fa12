import type { Session } from '../../api/types.js';

export type SessionRecord = Session['records'][number];

/** Octets per second from each time (milliseconds) on, until the next. */
export interface Steps {
  times: number[];
  up: number[];
  down: number[];
}

/** A record of one moment has its octets in so large a share of all the time, so that they can be seen. */
const LEAST_SHARE = 1 / 200;

/** The records that count: what another exporter tells, too, would be there twice. */
export function counted(records: readonly SessionRecord[]): SessionRecord[] {
  return records.filter(record => !record.duplicate);
}

/** Each record's octets spread over its own interval, and those of intervals that overlap added up. */
export function stepsOf(records: readonly SessionRecord[], from: number, to: number): Steps {
  const least = Math.max(1, (to - from) * LEAST_SHARE);
  const changes = counted(records).flatMap(({ begin, end, octets = 0, reverseOctets = 0 }) => {
    const length = Math.max(end - begin, least);
    const rates = [octets, reverseOctets].map(count => (count / length) * 1000) as [number, number];
    return [
      { at: begin, up: rates[0], down: rates[1], records: 1 },
      { at: begin + length, up: -rates[0], down: -rates[1], records: -1 },
    ];
  });
  changes.sort((a, b) => a.at - b.at);
  const steps: Steps = { times: [], up: [], down: [] };
  const sum = { up: 0, down: 0, records: 0 };
  for (const [i, change] of changes.entries()) {
    sum.records += change.records;
    // Nothing goes on: exactly nothing, whatever the sums of fractions have come to.
    sum.up = sum.records === 0 ? 0 : Math.max(0, sum.up + change.up);
    sum.down = sum.records === 0 ? 0 : Math.max(0, sum.down + change.down);
    if (changes[i + 1]?.at === change.at) continue;
    steps.times.push(change.at);
    steps.up.push(sum.up);
    steps.down.push(sum.down);
  }
  return steps;
}

/** The index of the step that holds a time, -1 before the first. */
export function stepAt(steps: Steps, time: number): number {
  const next = steps.times.findIndex(each => each > time);
  return (next < 0 ? steps.times.length : next) - 1;
}
