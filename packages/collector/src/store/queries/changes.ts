import { WeirError } from '../../error.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { DAY, directed, type Rollup } from '../rollup/rollups.js';
import { changesSql, FRACTION, spanSums, spansSql } from '../rollup/spread.js';
import { scaledSql } from '../schema/sampling.js';
import { counters, isTotalSql } from './counted.js';
import { endedChanges } from './ended.js';
import { towardsSql } from './local.js';
import { type Asked, rollupOfEnds, rollupOfSeries } from './plan.js';
import { large, type RecordKind, sampledIn, small } from './record-kinds.js';
import { answered, type Basis } from './sampled.js';
import { type Interval, intervalOf, type Selection, timeSql } from './selection.js';
import { countedSql } from './views.js';

/** Most buckets of one answer. */
const BUCKETS = 20_000;
const columns = [...directed, ...directed.map(name => `${name}Rate`)];

/** Equal parts of time. */
export interface Buckets {
  /** Where the first begins and the last ends. */
  readonly aligned: Interval;
  /** Milliseconds. */
  readonly step: number;
  readonly count: number;
}

/**
 * The buckets that a selection is in; they begin at multiples of the step.
 * @throws WeirError
 */
export function bucketsOf(selection: Selection, stepSeconds: number): Buckets {
  const step = Math.round(stepSeconds * 1000);
  const interval = intervalOf(selection);
  if (!(step >= 1000)) throw new WeirError('step must be at least one second');
  const first = Math.floor(interval.from / step);
  const count = Math.ceil(interval.to / step) - first;
  if (count > BUCKETS) {
    throw new WeirError(`${count} buckets are more than ${BUCKETS}; choose a longer step or a shorter interval`);
  }
  return { aligned: { from: first * step, to: (first + count) * step }, step, count };
}

/** Beginning of each bucket. */
export function timesOf({ aligned, step, count }: Buckets): number[] {
  return Array.from({ length: count }, (_, i) => aligned.from + i * step);
}

/** What happens in a bucket: s_NAME is a share of it, s_NAMERate the change of a rate from it on, in 2^-20 a bucket. */
export type ChangeRow = { bucket: string; k: string } & Record<`s_${string}`, string>;

/** The columns of changes. */
export const changeColumns = columns.map(name => `s_${name}` as const);

/** What is told apart: the fields that it is about, and SQL of a number from them. */
export interface Key {
  readonly operands: readonly Asked[];
  readonly sql: (parameters: Parameters) => string;
  /** SQL: whether a record's source sends "in"; by the local networks where nothing is said. */
  readonly towards?: string;
  /** SQL of a condition for what counts at all; default all of the selection. */
  readonly only?: (parameters: Parameters) => string;
  /** See Sources. */
  readonly finest?: boolean;
}

/**
 * How the counters of the selection's records are spread over buckets, by the key, or all with the key 0.
 * @param localNetworks prefixes: "in" is towards them.
 * @throws FilterError, WeirError
 */
export async function changeRows(
  store: Store,
  selection: Selection,
  buckets: Buckets,
  localNetworks: readonly string[],
  key?: Key,
): Promise<ChangeRow[]> {
  const by = key?.operands ?? [];
  const spread = rollupOfSeries(selection, by, buckets.step);
  // Beside sums by ends records are read that begin in other steps than they end.
  const ended = key?.towards === undefined ? rollupOfEnds(selection, by, buckets.step) : undefined;
  const rollup = spread ?? ended;
  const sources = {
    rollups: rollup === undefined ? [] : [rollup],
    slow: spread === undefined,
    finest: key?.finest ?? false,
    localNetworks,
    since: buckets.aligned.from,
  };
  return await answered(
    store,
    selection,
    sources,
    async basis => {
      const { done, sample } = basis;
      const parameters = new Parameters();
      const query: Query = {
        ...buckets,
        ...basis,
        parameters,
        filter: `${countedSql(selection, by, parameters)} AND ${key?.only?.(parameters) ?? 'true'}`,
        towards: `${key?.towards ?? towardsSql(localNetworks, parameters)} AS towards`,
        key: `${key === undefined ? 'toUInt8(0)' : key.sql(parameters)} AS k`,
        rolled: rollup === undefined || done === undefined || sample !== undefined ? undefined : { rollup, done },
      };
      const changes = [...recordChanges(query), ...rolledChanges(query)];
      const sql = `SELECT k, bucket, ${columns.map(name => `sum(c_${name}) AS s_${name}`).join(', ')}
      FROM (${changes.join(' UNION ALL ')}) WHERE bucket < ${parameters.add(buckets.count, 'Int64')} GROUP BY k, bucket`;
      return await store.query<ChangeRow>(sql, parameters.values);
    },
    { by, only: key?.only, counts: false },
  );
}

/** The rates per second of a direction in each bucket. */
export function ratesOf(rows: readonly ChangeRow[], name: (typeof directed)[number], buckets: Buckets): number[] {
  const byBucket = new Map(rows.map(row => [Number(row.bucket), row]));
  let rate = 0n;
  return Array.from({ length: buckets.count }, (_, i) => {
    const row = byBucket.get(i);
    if (row !== undefined) rate += BigInt(row[`s_${name}Rate`]);
    const units = rate + BigInt(row?.[`s_${name}`] ?? 0);
    return ((Number(units) / FRACTION) * 1000) / buckets.step;
  });
}

export interface Query extends Buckets, Basis {
  readonly parameters: Parameters;
  /** SQL of the condition for what counts, but for its time. */
  readonly filter: string;
  /** SQL of the columns `towards` and `k`. */
  readonly towards: string;
  readonly key: string;
  /** The rollup that adds the rest, and the last batch that it has. */
  readonly rolled: { readonly rollup: Rollup; readonly done: bigint } | undefined;
}

function rolledChanges(query: Query): readonly string[] {
  if (query.rolled === undefined) return [];
  const { rollup, done } = query.rolled;
  return rollup.kind === 'ends' ? endedChanges(query, rollup, done) : [rollupChanges(query, rollup)];
}

/**
 * SQL: the condition for records that are spread one by one: those that neither rollup nor sample has, or the rollup as a whole where they end and not where
 * they are. Undefined where there are none.
 */
function spreadSql({ rolled, sample, done, beside }: Query): string | undefined {
  if (rolled === undefined && sample === undefined) return 'true';
  const newer = `batch > ${done}`;
  if (rolled?.rollup.kind === 'ends') return `(${newer} OR acrossHours)`;
  return beside.newer ? newer : undefined;
}

/** SQL: what records add, where there are any. */
function recordChanges(query: Query): readonly string[] {
  const { aligned, step, parameters, filter, towards, key } = query;
  const within = `recordEnd >= ${timeSql(aligned.from, parameters)} AND recordBegin < ${timeSql(aligned.to, parameters)} AND ${filter}`;
  const recordsOf = ({ table, condition, scaled }: RecordKind, also = 'true') => {
    // Under other names than their own, which a filter means as they were sent.
    const renamed = counters.map(name => `${scaled(name)} AS c_${name}`);
    return `SELECT k, towards, ${counters.map(name => `c_${name} AS ${name}`).join(', ')}, recordBegin, recordEnd FROM
      (SELECT ${[key, towards, ...renamed, 'recordBegin', 'recordEnd'].join(', ')} FROM ${table} WHERE ${condition} AND ${also} AND ${within})`;
  };
  const grown = `SELECT ${['k', towards, ...counters, 'recordBegin', 'recordEnd'].join(', ')} FROM ${grownSql(key, within)}`;
  const [origin, stepSql] = [parameters.add(aligned.from, 'Int64'), parameters.add(step, 'Int64')];
  // Shared out are the sums over all records that begin and end in the same buckets.
  const spansOf = (source: string, areSmall: boolean) =>
    `SELECT k, b0, b1, towards, ${spanSums(areSmall).join(', ')} FROM (${spansSql({ source, keys: ['k'], step: stepSql, origin })}) GROUP BY k, b0, b1, towards`;
  const spread = spreadSql(query);
  const spans = [
    ...(query.sample === undefined ? [] : [spansOf(recordsOf(sampledIn(query.sample)), true)]),
    ...(spread === undefined ? [] : [spansOf(recordsOf(small, spread), true)]),
    ...(query.beside.apart ? [spansOf(`${recordsOf(large)} UNION ALL ${grown}`, false)] : []),
  ];
  if (spans.length === 0) return [];
  const changes = changesSql(spans.join(' UNION ALL '), ['k'], undefined);
  // A share of what was before is nobody's; a rate that began before goes on.
  const kept = columns.map((name, i) => (i < directed.length ? `if(at < 0, toInt128(0), ${name})` : name));
  return [
    `SELECT k, greatest(at, 0) AS bucket, ${columns.map((name, i) => `${kept[i]} AS c_${name}`).join(', ')}
    FROM (SELECT k, bucket AS at, ${columns.join(', ')} FROM (${changes}))`,
  ];
}

/**
 * SQL: records that repeat what earlier ones of their Flow counted, as what each adds to the one before it, from there on. Of several that
 * end at once the one that counts least is the earliest, so that every question gets the same answer.
 */
function grownSql(key: string, within: string): string {
  const grown = counters.map(name => {
    const scaled = scaledSql(name);
    const before = `max(if(${isTotalSql(name)}, ${scaled}, 0)) OVER earlier`;
    return `if(${isTotalSql(name)}, ${scaled} - least(${scaled}, ${before}), ${scaled}) AS g_${name}`;
  });
  return `(SELECT k, sourceAddress, destinationAddress, ${counters.map(name => `g_${name} AS ${name}`).join(', ')}, begin AS recordBegin, recordEnd FROM
    (SELECT ${key}, sourceAddress, destinationAddress, ${grown.join(', ')},
      least(recordEnd, greatest(recordBegin, max(recordEnd) OVER earlier)) AS begin, recordEnd
    FROM flows WHERE repeated AND ${within}
    WINDOW earlier AS (PARTITION BY flow ORDER BY recordEnd, octets, packets, reverseOctets, reversePackets ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)))`;
}

/** SQL: what the rows of a rollup add, whose steps are whole parts of the buckets. */
function rollupChanges({ aligned, step, parameters, filter, key }: Query, rollup: Rollup): string {
  const parts = step / 1000 / rollup.step;
  const [from, to] = [parameters.add(aligned.from / 1000, 'Int64'), parameters.add(aligned.to / 1000, 'Int64')];
  const at = `intDiv(toInt64(toUnixTimestamp(time)) - ${from}, ${rollup.step})`;
  const day = (seconds: string) => `toDate(intDiv(${seconds}, ${DAY}))`;
  // From its step to the end of the bucket a rate counts as a share, and as the bucket's rate from the next one on.
  const left = `(${parts} - modulo(at, ${parts}))`;
  const shares = directed.map(name => `if(later, toInt128(0), a_${name} + a_${name}Rate * ${left}) AS c_${name}`);
  const rates = directed.map(name => `if(later, toInt128(a_${name}Rate * ${parts}), toInt128(0)) AS c_${name}Rate`);
  return `SELECT k, place.1 AS bucket, ${[...shares, ...rates].join(', ')}
    FROM (SELECT *, place.2 AS later, arrayJoin(if(at < 0, [(toInt64(0), 1)], [(intDiv(at, ${parts}), 0), (intDiv(at, ${parts}) + 1, 1)])) AS place
    FROM (SELECT ${key}, ${at} AS at, ${columns.map(name => `sum(${name}) AS a_${name}`).join(', ')} FROM ${rollup.table}
      WHERE day >= ${day(from)} AND day <= ${day(`${to} - 1`)} AND time < toDateTime(${to}, 'UTC') AND ${filter} GROUP BY k, at))`;
}
