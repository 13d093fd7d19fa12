import { counted, keysOf, maskSql, type Rollup, sumsOf } from './rollups.js';
import { changesSql } from './spread.js';

/** Batches after `from` up to `to`: their records go into a rollup at once. */
export interface Step {
  readonly from: bigint;
  readonly to: bigint;
}

/** A step's rows are one block, so that they are at most one part in each partition: a part appears whole or not at all. */
const ONE_BLOCK =
  'SETTINGS max_insert_threads = 1, min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0, max_partitions_per_insert_block = 0, ' +
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

/** Records that end in a row's time. The mask has a name of its own meanwhile, as the conditions are on the whole of it. */
function endRows(rollup: Rollup, where: string): string {
  const { step, dimensions } = rollup;
  const masks = maskSql(rollup);
  const keys = [...dimensions, ...masks.map(([column]) => `m_${column}`)];
  const selected = [...dimensions, ...masks.map(([column, value]) => `${value} AS m_${column}`)];
  const sums = sumsOf(rollup).map(name => `${endSums[name] ?? `sum(${name})`} AS n_${name}`);
  return `SELECT toDate(time) AS day, time, ${renamed(rollup)} FROM
    (SELECT toStartOfInterval(toDateTime(recordEnd, 'UTC'), toIntervalSecond(${step})) AS time, ${[...selected, ...sums].join(', ')}
    FROM flows WHERE ${where} GROUP BY ${['time', ...keys].join(', ')})`;
}

const endSums: Readonly<Record<string, string>> = {
  lone: 'countIf(lone)',
  running: 'groupUniqArrayIf(flow, NOT lone)',
};

function spreadRows(rollup: Rollup, where: string, towards: string): string {
  const { step, dimensions } = rollup;
  const masks = maskSql(rollup);
  const keys = [...dimensions, ...masks.map(([column]) => `m_${column}`)];
  const selected = [...dimensions, ...masks.map(([column, value]) => `${value} AS m_${column}`)];
  const source = `SELECT ${selected.join(', ')}, ${towards} AS towards, ${[...counted, 'recordBegin', 'recordEnd'].join(', ')} FROM flows WHERE ${where}`;
  const changes = changesSql({ source, keys, step: String(step * 1000), origin: '0' }, true);
  const sums = sumsOf(rollup).map(name => `sum(${name}) AS n_${name}`);
  return `SELECT toDate(d) AS day, toDateTime(bucket * ${step}, 'UTC') AS time, ${renamed(rollup)}
    FROM (SELECT day AS d, ${['bucket', ...keys, ...sums].join(', ')} FROM (${changes}) GROUP BY ${['d', 'bucket', ...keys].join(', ')})`;
}

/** SQL: the columns of keys and sums under their names in the table. */
function renamed(rollup: Rollup): string {
  const masks = maskSql(rollup).map(([column]) => `m_${column} AS ${column}`);
  return [...rollup.dimensions, ...masks, ...sumsOf(rollup).map(name => `n_${name} AS ${name}`)].join(', ');
}
