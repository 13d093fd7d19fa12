import { scaledSql } from '../schema/sampling.js';
import { counted, DAY, directed, keysOf, maskSql, type Rollup, sumsOf } from './rollups.js';
import { changesSql, directedSql, FRACTION } from './spread.js';

/** Batches after `from` up to `to`: their records go into a rollup at once. */
export interface Step {
  readonly from: bigint;
  readonly to: bigint;
}

/** A step's rows are one block, so that they are at most one part in each partition: a part appears whole or not at all. */
const ONE_BLOCK =
  'SETTINGS max_threads = 1, max_insert_threads = 1, min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0, max_partitions_per_insert_block = 0, ' +
  'max_execution_time = 0, max_result_bytes = 0, optimize_on_insert = 1';

/**
 * Takes the records of a step into a rollup.
 * @param towards SQL: whether a record's source sends "in".
 * @param again whether there may have been an earlier attempt: the partitions that have the step are left out.
 */
export function stepStatement(rollup: Rollup, { from, to }: Step, towards: string, again: boolean): string {
  const { table, kind, partition } = rollup;
  const columns = ['day', 'time', ...keysOf(rollup), ...sumsOf(rollup)];
  const where = `batch > ${from} AND batch <= ${to} AND NOT apart`;
  const rows = kind === 'spread' ? spreadRows(rollup, where, towards) : endRows(rollup, where);
  const missing = `WHERE toString(${partition}) NOT IN (SELECT DISTINCT _partition_id FROM ${table} WHERE batch = ${to})`;
  return `INSERT INTO ${table} (${[...columns, 'batch'].join(', ')})
    SELECT ${columns.join(', ')}, ${to} FROM (${rows}) ${again ? missing : ''} ${ONE_BLOCK}`;
}

/**
 * Records that end in a row's time. Those of Flows with more than one record are few, and need the numbers of their Flows: they are
 * summed up apart.
 */
function endRows(rollup: Rollup, where: string): string {
  const time = `toStartOfInterval(toDateTime(recordEnd, 'UTC'), toIntervalSecond(${rollup.step}))`;
  const sums = counted.map(name => `sum(${scaledSql(name)}) AS n_${name}`);
  const rows = (condition: string, lone: string, running: string) =>
    grouped(rollup, {
      time,
      source: `flows WHERE ${where} AND ${condition}`,
      sums: [`${lone} AS n_lone`, `${running} AS n_running`, ...sums],
    });
  const all = [
    rows('lone', 'count()', "CAST([], 'Array(UInt64)')"),
    rows('NOT lone', 'toUInt64(0)', 'groupUniqArray(flow)'),
  ].join(' UNION ALL ');
  return `SELECT toDate(t) AS day, t AS time, ${renamed(rollup)} FROM (${all})`;
}

/** Records spread over the time that they are of. Most are within one step, and need no division. */
function spreadRows(rollup: Rollup, where: string, towards: string): string {
  const step = String(rollup.step * 1000);
  const selected = [...rollup.dimensions, ...maskSql(rollup).map(([column]) => column)];
  const source = `SELECT ${selected.join(', ')}, ${towards} AS towards, ${[...counted.map(name => `${scaledSql(name)} AS ${name}`), 'recordBegin', 'recordEnd'].join(', ')} FROM flows WHERE ${where}`;
  const bucket = (time: string) => `intDiv(toUnixTimestamp64Milli(${time}), ${step})`;
  const inside = `${bucket('recordBegin')} = ${bucket('recordEnd')}`;
  const whole = directedSql.map((value, i) => `toInt128(sum(${value})) * ${FRACTION} AS n_${directed[i]}`);
  const none = directed.map(name => `toInt128(0) AS n_${name}Rate`);
  const short = grouped(rollup, {
    time: bucket('recordEnd'),
    source: `(${source} AND ${inside})`,
    sums: [...whole, ...none],
  });
  const changes = changesSql({ source: `${source} AND NOT (${inside})`, keys: selected, step, origin: '0' }, true);
  const long = grouped(rollup, {
    time: 'bucket',
    source: `(${changes})`,
    sums: sumsOf(rollup).map(name => `sum(${name}) AS n_${name}`),
    more: 'day',
  });
  const perDay = DAY / rollup.step;
  return `SELECT toDate(d) AS day, toDateTime(t * ${rollup.step}, 'UTC') AS time, ${renamed(rollup)} FROM
    (SELECT intDiv(t, ${perDay}) AS d, * FROM (${short}) UNION ALL SELECT * FROM (SELECT more AS d, * EXCEPT more FROM (${long})))`;
}

interface Grouping {
  /** SQL of the time that rows are told apart by, beside the keys. */
  readonly time: string;
  readonly source: string;
  readonly sums: readonly string[];
  /** SQL of what else they are told apart by. */
  readonly more?: string;
}

/**
 * SQL: rows of `t`, the keys (a mask as m_ and its name), and the sums. The engine is much faster with short keys: addresses are
 * one, a hash of the others is the other.
 */
function grouped(rollup: Rollup, { time, source, sums, more }: Grouping): string {
  const masks = maskSql(rollup);
  const [first, ...others] = rollup.dimensions;
  const parts = [...others, ...masks.map(([, value]) => value), ...(more === undefined ? [] : [more])];
  const alike = [
    ...others.map(name => `any(${name}) AS a_${name}`),
    ...masks.map(([column, value]) => `any(${value}) AS m_${column}`),
    ...(more === undefined ? [] : [`any(${more}) AS more`]),
  ];
  const named = [
    ...others.map(name => `a_${name} AS ${name}`),
    ...masks.map(([column]) => `m_${column}`),
    ...sumsOf(rollup).map(name => `n_${name}`),
    ...(more === undefined ? [] : ['more']),
  ];
  return `SELECT t, ${[first, ...named].join(', ')} FROM
    (SELECT ${time} AS t, ${first}, cityHash64(${parts.join(', ')}) AS others, ${[...alike, ...sums].join(', ')}
    FROM ${source} GROUP BY t, ${first}, others)`;
}

/** SQL: the columns of keys and sums under their names in the table. */
function renamed(rollup: Rollup): string {
  const masks = maskSql(rollup).map(([column]) => `m_${column} AS ${column}`);
  return [...rollup.dimensions, ...masks, ...sumsOf(rollup).map(name => `n_${name} AS ${name}`)].join(', ');
}
