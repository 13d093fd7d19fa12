import { WeirError } from '../../error.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { SeriesResponse } from '../../http/types.js';
import type { Store } from '../client.js';
import { DAY, directed as names, type Rollup } from '../rollup/rollups.js';
import { changesSql, FRACTION, spanSums, spansSql } from '../rollup/spread.js';
import { scaledSql } from '../schema/sampling.js';
import { counters, isTotalSql } from './counted.js';
import { towardsSql } from './local.js';
import { rollupOfSeries } from './plan.js';
import { type Interval, intervalOf, type Selection, timeSql } from './selection.js';
import { countedSql } from './views.js';

/** Most buckets of one answer. */
const BUCKETS = 20_000;
const columns = [...names, ...names.map(name => `${name}Rate`)];

type ChangeRow = { bucket: string } & Record<`s_${string}`, string>;

/**
 * Rates over time. Each record's counters are spread evenly over its own interval, so that a report every five seconds or
 * a flow that is reported once at its end make no spikes; a record of no length goes whole into its bucket.
 * @param stepSeconds length of a bucket; buckets begin at multiples of it.
 * @param localNetworks prefixes: "in" is towards them.
 * @throws FilterError, WeirError
 */
export async function series(
  store: Store,
  selection: Selection,
  stepSeconds: number,
  localNetworks: string[],
): Promise<SeriesResponse> {
  const step = Math.round(stepSeconds * 1000);
  const interval = intervalOf(selection);
  if (!(step >= 1000)) throw new WeirError('step must be at least one second');
  const first = Math.floor(interval.from / step);
  const buckets = Math.ceil(interval.to / step) - first;
  if (buckets > BUCKETS) {
    throw new WeirError(`${buckets} buckets are more than ${BUCKETS}; choose a longer step or a shorter interval`);
  }
  const aligned = { from: first * step, to: (first + buckets) * step };
  const rollup = rollupOfSeries(selection, step);
  const rows = await store.reading(
    rollup === undefined ? [] : [rollup],
    async done => {
      const parameters = new Parameters();
      const changes = [recordChanges(aligned, step, selection, localNetworks, done, parameters)];
      if (rollup !== undefined && done !== undefined)
        changes.push(rollupChanges(rollup, aligned, step, selection, parameters));
      const sql = `SELECT bucket, ${columns.map(name => `sum(c_${name}) AS s_${name}`).join(', ')}
        FROM (${changes.join(' UNION ALL ')}) WHERE bucket < ${parameters.add(buckets, 'Int64')} GROUP BY bucket`;
      return await store.query<ChangeRow>(sql, parameters.values);
    },
    localNetworks,
  );
  return sumUp(rows, first, buckets, step);
}

/**
 * SQL: what records add.
 * @param done where a rollup adds the rest: the last batch that it has.
 */
function recordChanges(
  aligned: Interval,
  step: number,
  selection: Selection,
  localNetworks: readonly string[],
  done: bigint | undefined,
  parameters: Parameters,
): string {
  const within = `recordEnd >= ${timeSql(aligned.from, parameters)} AND recordBegin < ${timeSql(aligned.to, parameters)} AND ${countedSql(selection, [], parameters)}`;
  const towards = `${towardsSql(localNetworks, parameters)} AS towards`;
  // Under other names than their own, which a filter means as they were sent.
  const scaled = counters.map(name => `${scaledSql(name)} AS c_${name}`);
  const recordsOf = (condition: string) =>
    `SELECT towards, ${counters.map(name => `c_${name} AS ${name}`).join(', ')}, recordBegin, recordEnd FROM
      (SELECT ${[towards, ...scaled, 'recordBegin', 'recordEnd'].join(', ')} FROM flows WHERE ${condition} AND ${within})`;
  const conditions =
    done === undefined ? ['NOT repeated'] : [`NOT apart AND batch > ${done}`, 'apart AND NOT repeated'];
  const source = [
    ...conditions.map(recordsOf),
    `SELECT ${[towards, ...counters, 'recordBegin', 'recordEnd'].join(', ')} FROM ${grownSql(within)}`,
  ].join(' UNION ALL ');
  const [origin, stepSql] = [parameters.add(aligned.from, 'Int64'), parameters.add(step, 'Int64')];
  // Shared out are the sums over all records that begin and end in the same buckets.
  const spans = `SELECT b0, b1, towards, ${spanSums(false).join(', ')} FROM (${spansSql({ source, keys: [], step: stepSql, origin })}) GROUP BY b0, b1, towards`;
  const changes = changesSql(spans, [], undefined);
  // A share of what was before is nobody's; a rate that began before goes on.
  const kept = columns.map((name, i) => (i < names.length ? `if(at < 0, toInt128(0), ${name})` : name));
  return `SELECT greatest(at, 0) AS bucket, ${columns.map((name, i) => `${kept[i]} AS c_${name}`).join(', ')}
    FROM (SELECT bucket AS at, ${columns.join(', ')} FROM (${changes}))`;
}

/**
 * SQL: records that repeat what earlier ones of their Flow counted, as what each adds to the one before it, from there on.
 */
function grownSql(within: string): string {
  const grown = counters.map(name => {
    const scaled = scaledSql(name);
    const before = `max(if(${isTotalSql(name)}, ${scaled}, 0)) OVER earlier`;
    return `if(${isTotalSql(name)}, ${scaled} - least(${scaled}, ${before}), ${scaled}) AS g_${name}`;
  });
  return `(SELECT sourceAddress, destinationAddress, ${counters.map(name => `g_${name} AS ${name}`).join(', ')}, begin AS recordBegin, recordEnd FROM
    (SELECT sourceAddress, destinationAddress, ${grown.join(', ')},
      least(recordEnd, greatest(recordBegin, max(recordEnd) OVER earlier)) AS begin, recordEnd
    FROM flows WHERE repeated AND ${within}
    WINDOW earlier AS (PARTITION BY flow ORDER BY recordEnd ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)))`;
}

/** SQL: what the rows of a rollup add, whose steps are whole parts of the buckets. */
function rollupChanges(
  rollup: Rollup,
  aligned: Interval,
  step: number,
  selection: Selection,
  parameters: Parameters,
): string {
  const parts = step / 1000 / rollup.step;
  const [from, to] = [parameters.add(aligned.from / 1000, 'Int64'), parameters.add(aligned.to / 1000, 'Int64')];
  const at = `intDiv(toInt64(toUnixTimestamp(time)) - ${from}, ${rollup.step})`;
  const day = (seconds: string) => `toDate(intDiv(${seconds}, ${DAY}))`;
  // From its step to the end of the bucket a rate counts as a share, and as the bucket's rate from the next one on.
  const left = `(${parts} - modulo(at, ${parts}))`;
  const shares = names.map(name => `if(later, toInt128(0), a_${name} + a_${name}Rate * ${left}) AS c_${name}`);
  const rates = names.map(name => `if(later, toInt128(a_${name}Rate * ${parts}), toInt128(0)) AS c_${name}Rate`);
  return `SELECT place.1 AS bucket, ${[...shares, ...rates].join(', ')}
    FROM (SELECT *, place.2 AS later, arrayJoin(if(at < 0, [(toInt64(0), 1)], [(intDiv(at, ${parts}), 0), (intDiv(at, ${parts}) + 1, 1)])) AS place
    FROM (SELECT ${at} AS at, ${columns.map(name => `sum(${name}) AS a_${name}`).join(', ')} FROM ${rollup.table}
      WHERE day >= ${day(from)} AND day <= ${day(`${to} - 1`)} AND time < toDateTime(${to}, 'UTC') AND ${countedSql(selection, [], parameters)} GROUP BY at))`;
}

function sumUp(rows: readonly ChangeRow[], first: number, buckets: number, step: number): SeriesResponse {
  const times = Array.from({ length: buckets }, (_, i) => (first + i) * step);
  const byBucket = new Map(rows.map(row => [Number(row.bucket), row]));
  const rates = names.map(name => {
    let rate = 0n;
    return times.map((_, i) => {
      const row = byBucket.get(i);
      if (row !== undefined) rate += BigInt(row[`s_${name}Rate`]);
      const units = rate + BigInt(row?.[`s_${name}`] ?? 0);
      return ((Number(units) / FRACTION) * 1000) / step;
    });
  });
  return {
    step: step / 1000,
    times,
    inOctets: rates[0]!,
    outOctets: rates[1]!,
    inPackets: rates[2]!,
    outPackets: rates[3]!,
  };
}
