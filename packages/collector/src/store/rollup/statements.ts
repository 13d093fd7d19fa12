import { answerRows } from './answers.js';
import { endRows } from './ends.js';
import { DAY, keysOf, type Rollup, sumsOf } from './rollups.js';
import { sampleRows } from './sample.js';
import { spansOf } from './spans.js';
import { changesSql } from './spread.js';
import { ONE_BLOCK, type Step } from './step.js';

export interface Attempt {
  /** Whether there may have been an earlier one: the partitions that have the step are left out. */
  readonly again: boolean;
  /** Whether the step is all that the finer rollup has. */
  readonly whole: boolean;
}

/** Takes a step into a rollup, from the table that its family's records of the step are summed up in. */
export function stepStatement(rollup: Rollup, step: Step, { again, whole }: Attempt): string {
  const { table, partition } = rollup;
  const { columns, sql: rows } = rowsOf(rollup, step, whole);
  const missing = `WHERE toString(${partition}) NOT IN (SELECT DISTINCT _partition_id FROM ${table} WHERE batch = ${step.to})`;
  return `INSERT INTO ${table} (${[...columns, 'batch'].join(', ')})
    SELECT ${columns.join(', ')}, ${step.to} FROM (${rows}) ${again ? missing : ''} ${ONE_BLOCK}`;
}

interface Rows {
  readonly columns: readonly string[];
  readonly sql: string;
}

function rowsOf(rollup: Rollup, step: Step, whole: boolean): Rows {
  if (rollup.kind === 'sample') return sampleRows(rollup.table, step);
  return { columns: ['day', 'time', ...keysOf(rollup), ...sumsOf(rollup)], sql: sumRows(rollup, step, whole) };
}

function sumRows(rollup: Rollup, step: Step, whole: boolean): string {
  if (rollup.kind === 'spread') return spreadRows(rollup, step);
  return rollup.kind === 'ends' ? endRows(rollup, step, whole) : answerRows(rollup, step);
}

/** Records spread over the time that they are of. */
function spreadRows(rollup: Rollup, step: Step): string {
  const changes = changesSql(spansOf(rollup, step), keysOf(rollup), DAY / rollup.step);
  const sums = sumsOf(rollup).map(name => `sum(${name}) AS n_${name}`);
  return `SELECT toDate(d) AS day, toDateTime(bucket * ${rollup.step}, 'UTC') AS time,
      ${[...keysOf(rollup), ...sumsOf(rollup).map(name => `n_${name} AS ${name}`)].join(', ')}
    FROM (SELECT bucket, day AS d, ${[...keysOf(rollup), ...sums].join(', ')} FROM (${changes}) GROUP BY bucket, d, ${keysOf(rollup).join(', ')})`;
}
