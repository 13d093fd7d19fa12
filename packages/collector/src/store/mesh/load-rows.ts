import type { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import type { Buckets } from '../queries/changes.js';
import type { Interval } from '../queries/selection.js';
import { type LoadTable, loadTables } from './tables.js';

/** There are no tables before the first topology. */
export async function hasLoads(store: Store): Promise<boolean> {
  const names = loadTables.map(({ name }) => `'${name}'`).join(', ');
  const [found] = await store.query<{ n: string }>(
    `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name IN (${names})`,
  );
  return Number(found!.n) === loadTables.length;
}

/** SQL: the rows of a table that are of the interval, with `part`: how much of them is. */
export function rowsIn({ name }: LoadTable, topology: string, interval: Interval, parameters: Parameters): string {
  const [from, to] = [interval.from, interval.to].map(time => parameters.add(time / 1000, 'Int64'));
  const longest = 86_400;
  return `(SELECT *, toInt64(toUnixTimestamp(time)) AS begins, begins + span * 60 AS ends,
      greatest(begins, ${from}) AS inFrom, least(ends, ${to}) AS inTo, (inTo - inFrom) / (ends - begins) AS part
    FROM ${name} WHERE topology = ${parameters.add(topology, 'String')}
      AND time >= toDateTime(${from} - ${longest}, 'UTC') AND time < toDateTime(${to}, 'UTC') AND inTo > inFrom)`;
}

/** What rates are asked of. */
export interface RatesAsked {
  /** SQL of `rowsIn`, and the condition for those that count. */
  readonly rows: string;
  readonly where: string;
  /** SQL: what is told apart, and what of it is summed up. */
  readonly key: string;
  readonly counts: readonly string[];
  readonly parameters: Parameters;
}

/** Bits per second in each bucket, of each count, by the key. A row that is longer than a bucket is of several. */
export async function loadRates(
  store: Store,
  { rows, where, key, counts, parameters }: RatesAsked,
  { aligned, step, count }: Buckets,
): Promise<ReadonlyMap<string, number[][]>> {
  const [from, seconds] = [parameters.add(aligned.from / 1000, 'Int64'), parameters.add(step / 1000, 'Int64')];
  const bucket = (time: string) => `intDiv(${time} - ${from}, ${seconds})`;
  const overlap = `(least(ends, ${from} + (b + 1) * ${seconds}) - greatest(begins, ${from} + b * ${seconds})) / (ends - begins)`;
  const each = (sql: (name: string, i: number) => string) => counts.map(sql).join(', ');
  const found = await store.query<{ key: string; at: number[] } & Record<`s${number}`, number[]>>(
    `SELECT k AS key, groupArray(b) AS at, ${each((_, i) => `groupArray(f${i}) AS s${i}`)} FROM
      (SELECT k, toUInt32(b) AS b, ${each((_, i) => `sum(c${i} * overlap) AS f${i}`)} FROM
        (SELECT ${key} AS k, ${each((sql, i) => `${sql} AS c${i}`)}, begins, ends,
          arrayJoin(range(toUInt64(${bucket('inFrom')}), toUInt64(${bucket('inTo - 1')} + 1))) AS b, ${overlap} AS overlap
        FROM ${rows} ${where})
      GROUP BY k, b) GROUP BY k`,
    parameters.values,
  );
  return new Map(
    found.map(row => [
      row.key,
      counts.map((_, i) => {
        const rates = Array<number>(count).fill(0);
        for (const [j, place] of row.at.entries()) rates[place] = (row[`s${i}`]![j]! * 8000) / step;
        return rates;
      }),
    ]),
  );
}
