import type { StoreDoor } from '../door.js';
import { firstBatchAt } from '../rollup/next-step.js';
import { HOUR, MINUTE } from '../rollup/rollups.js';
import { rowsOf } from '../rows.js';
import { timeSql } from './reading.js';

/** From, to: milliseconds since the epoch. Apart from each other, in the order of time. */
export type Spans = readonly (readonly [number, number])[];

/** Milliseconds since the epoch. */
export interface SpansAsked {
  readonly from: number;
  readonly to: number;
}

/** No look holds longer than this (seconds): where those that hold at a time are looked for. */
const LONGEST = 4 * 86_400;
/** What came in during the last minutes may not be summed up yet (milliseconds). */
const UNSUMMED = 1_200_000;
const SPANS = 1000;

/** A span begins with a look that comes when the looks before it hold no more, and ends when its last look holds no more. */
export async function lookSpans(door: StoreDoor, { from, to }: SpansAsked): Promise<ReadonlyMap<string, Spans>> {
  const [first, last] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  const rows = await rowsOf<{ topology: string; begin: number; end: number }>(
    door,
    `SELECT topology, toUnixTimestamp(min(at)) AS begin, toUnixTimestamp(max(at + seconds)) AS end FROM (
       SELECT topology, at, seconds, sum(isFirst) OVER (PARTITION BY topology ORDER BY at) AS span FROM (
         SELECT topology, at, seconds,
           at > max(at + seconds) OVER (PARTITION BY topology ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS isFirst
         FROM mesh_history WHERE kind = 'look' AND at >= ${timeSql(Math.max(0, first - LONGEST))} AND at < ${timeSql(last)}
       )
     ) GROUP BY topology, span ORDER BY topology, begin`,
  );
  const found = new Map<string, [number, number][]>();
  for (const { topology, begin, end } of rows) {
    const span: [number, number] = [Math.max(begin * 1000, from), Math.min(end * 1000, to)];
    if (span[0] < span[1]) found.set(topology, [...(found.get(topology) ?? []), span]);
  }
  return found;
}

/** When flows ended, in steps. */
export async function flowSpans(door: StoreDoor, { from, to }: SpansAsked, hasRollups: boolean): Promise<Spans> {
  const [first, last] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  const least = hasRollups && last - first > SPANS * HOUR ? HOUR : MINUTE;
  const step = Math.ceil((last - first) / SPANS / least) * least;
  const summed = `SELECT intDiv(toUnixTimestamp(time), ${step}) AS bucket FROM series_${least === HOUR ? 'hour' : 'minute'}
    WHERE day >= toDate(${timeSql(first)}) AND day <= toDate(${timeSql(last)}) AND time >= ${timeSql(first)} AND time < ${timeSql(last)}`;
  const unsummed = hasRollups ? `batch >= ${firstBatchAt(Date.now() - UNSUMMED)} AND` : '';
  const stored = `SELECT intDiv(toUnixTimestamp64Milli(recordEnd), ${step * 1000}) AS bucket FROM flows
    WHERE ${unsummed} recordEnd >= fromUnixTimestamp64Milli(${first * 1000}, 'UTC') AND recordEnd < fromUnixTimestamp64Milli(${last * 1000}, 'UTC')`;
  const rows = await rowsOf<{ bucket: number | string }>(
    door,
    `SELECT DISTINCT toInt64(bucket) AS bucket FROM (${hasRollups ? `${summed} UNION ALL ${stored}` : stored}) ORDER BY bucket`,
  );
  return joined(
    rows.map(({ bucket }) => Number(bucket) * step * 1000),
    step * 1000,
    { from, to },
  );
}

/** Spans of steps that begin at these times. */
function joined(begins: readonly number[], step: number, { from, to }: SpansAsked): Spans {
  const spans: [number, number][] = [];
  for (const begin of begins) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] >= begin) last[1] = Math.min(begin + step, to);
    else spans.push([Math.max(begin, from), Math.min(begin + step, to)]);
  }
  return spans;
}
