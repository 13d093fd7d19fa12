import { counted, DAY, keysOf, maskSql, type Rollup, sumsOf } from './rollups.js';
import { spansOf } from './spans.js';
import { changesSql } from './spread.js';
import { ONE_BLOCK, recordsOf, type Step, scaledSmall } from './step.js';

/**
 * Takes the records of a step into a rollup; into one of kind `spread` from the table of spans.
 * @param again whether there may have been an earlier attempt: the partitions that have the step are left out.
 */
export function stepStatement(rollup: Rollup, step: Step, again: boolean): string {
  const { table, kind, partition } = rollup;
  const columns = ['day', 'time', ...keysOf(rollup), ...sumsOf(rollup)];
  const rows = kind === 'spread' ? spreadRows(rollup, step) : endRows(rollup, step);
  const missing = `WHERE toString(${partition}) NOT IN (SELECT DISTINCT _partition_id FROM ${table} WHERE batch = ${step.to})`;
  return `INSERT INTO ${table} (${[...columns, 'batch'].join(', ')})
    SELECT ${columns.join(', ')}, ${step.to} FROM (${rows}) ${again ? missing : ''} ${ONE_BLOCK}`;
}

/**
 * Records that end in a row's time. The engine is much faster with short keys: addresses are one, a hash of the others is another.
 * An address stays a key: who sends could make hashes of addresses alike.
 */
function endRows(rollup: Rollup, step: Step): string {
  const [first, ...others] = rollup.dimensions;
  const masks = maskSql(rollup);
  const alike = [
    ...others.map(name => [name, name] as const),
    ...masks.map(([column, value]) => [`m_${column}`, value] as const),
  ];
  const named = [
    ...others.map(name => `a_${name} AS ${name}`),
    ...masks.map(([column]) => `a_m_${column} AS ${column}`),
  ];
  return `SELECT toDateTime(bucket * ${rollup.step}, 'UTC') AS time, toDate(time) AS day,
      ${[first, ...named, 'n_lone AS lone', 'arrayDistinct(n_running) AS running', ...counted.map(name => `n_${name} AS ${name}`)].join(', ')}
    FROM (SELECT toUInt32(intDiv(toUnixTimestamp64Milli(recordEnd), ${rollup.step * 1000})) AS bucket, ${first},
      cityHash64(${alike.map(([, value]) => value).join(', ')}) AS hash, ${alike.map(([name, value]) => `any(${value}) AS a_${name}`).join(', ')},
      countIf(lone) AS n_lone, groupArrayIf(flow, NOT lone) AS n_running, ${counted.map(name => `sum(${scaledSmall(name)}) AS n_${name}`).join(', ')}
    FROM flows WHERE ${recordsOf(step)} GROUP BY bucket, ${first}, hash)`;
}

/** Records spread over the time that they are of. */
function spreadRows(rollup: Rollup, step: Step): string {
  const changes = changesSql(spansOf(rollup, step), keysOf(rollup), DAY / rollup.step);
  const sums = sumsOf(rollup).map(name => `sum(${name}) AS n_${name}`);
  return `SELECT toDate(d) AS day, toDateTime(bucket * ${rollup.step}, 'UTC') AS time,
      ${[...keysOf(rollup), ...sumsOf(rollup).map(name => `n_${name} AS ${name}`)].join(', ')}
    FROM (SELECT bucket, day AS d, ${[...keysOf(rollup), ...sums].join(', ')} FROM (${changes}) GROUP BY bucket, d, ${keysOf(rollup).join(', ')})`;
}
