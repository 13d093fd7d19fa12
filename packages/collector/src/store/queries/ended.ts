import { DIRECTION, directed, directions, type Rollup } from '../rollup/rollups.js';
import { directedSql, FRACTION } from '../rollup/spread.js';
import type { Query } from './changes.js';
import { counters } from './counted.js';
import { small } from './record-kinds.js';
import { endsIn, stepsIn } from './selection.js';

/**
 * SQL of changes, from sums of whole records by their ends: nearly all records begin and end in the same hour, and so in the same bucket, and are where they
 * belong. The others are taken out again where they end; they are spread one by one.
 */
export function endedChanges(query: Query, rollup: Rollup, done: bigint): readonly string[] {
  const { aligned, step, parameters, filter, towards, key } = query;
  const bucketOf = (milliseconds: string) =>
    `intDiv(${milliseconds} - ${parameters.add(aligned.from, 'Int64')}, ${parameters.add(step, 'Int64')})`;
  const summed = `SELECT ${key}, ${bucketOf('toInt64(toUnixTimestamp(time)) * 1000')} AS bucket, ${DIRECTION} = ${directions.in} AS towards, ${counters.join(', ')}
    FROM ${rollup.table} WHERE ${stepsIn(aligned, parameters)} AND ${filter}`;
  const across = `SELECT k, bucket, towards, ${counters.map(name => `c_${name} AS ${name}`).join(', ')} FROM
    (SELECT ${key}, ${bucketOf('toUnixTimestamp64Milli(recordEnd)')} AS bucket, ${towards}, ${counters.map(name => `${small.scaled(name)} AS c_${name}`).join(', ')}
    FROM flows WHERE ${small.condition} AND acrossHours AND batch <= ${done} AND ${endsIn(aligned, parameters)} AND ${filter})`;
  return [wholeChanges(summed, 1), wholeChanges(across, -1)];
}

/** SQL: whole counters as shares of a bucket, or what is taken from it. */
function wholeChanges(source: string, sign: 1 | -1): string {
  const sums = counters.map(name => `sum(toUInt128(${name})) AS w_${name}`);
  const shares = directedSql('w_').map((sql, i) => `toInt128(${sql}) * ${sign * FRACTION} AS c_${directed[i]!}`);
  const rates = directed.map(name => `toInt128(0) AS c_${name}Rate`);
  return `SELECT ${['k', 'bucket', ...shares, ...rates].join(', ')} FROM
    (SELECT k, bucket, towards, ${sums.join(', ')} FROM (${source}) GROUP BY k, bucket, towards)`;
}
