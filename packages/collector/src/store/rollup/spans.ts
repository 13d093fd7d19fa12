import { engineType } from '../../flow/native.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { counted, families, kinds, MINUTE, maskSql, type Rollup } from './rollups.js';
import { spanSums, spansSql } from './spread.js';
import { ONE_BLOCK, recordsOf, type Step } from './step.js';

/**
 * A step's records, summed up by the minutes in which they begin and end: what the rollups of kind `spread` are made of, so that the
 * records are read once for all of them. Holds the step at hand only; on disk, so that it is whole even where the engine was lost since.
 */
const { held: SPANS, dimensions } = families[0]!;
const masks = maskSql({ dimensions });
const keys = [...dimensions, ...masks.map(([column]) => column), 'towards'];
const sums = counted.flatMap(name => [`w_${name}`, `f_${name}`, `r_${name}`]);

export const createSpans = `CREATE TABLE IF NOT EXISTS ${SPANS} (
  beginsIn Int32, endsIn Int32, towards UInt8,
  ${dimensions.map(name => `${name} ${engineType(kinds.get(name)!)}`).join(', ')},
  ${masks.map(([name]) => `${name} UInt64`).join(', ')},
  ${counted.map(name => `w_${name} UInt64, f_${name} Int128, r_${name} Int128`).join(', ')},
  batch UInt64
) ENGINE = MergeTree ORDER BY tuple()`;

/**
 * The statements that put the records of a step in the table, and all else out of it.
 * @param towards SQL: whether a record's source sends "in".
 */
export function spanStatements(step: Step, towards: string): readonly string[] {
  const selected = [
    ...dimensions,
    ...masks.map(([column, value]) => `${value} AS k_${column}`),
    `${towards} AS k_towards`,
    ...counted.map(name => `${scaledSmallSql(name)} AS n_${name}`),
    'recordBegin',
    'recordEnd',
  ];
  const named = keys.map(name => (dimensions.includes(name) ? name : `k_${name} AS ${name}`));
  const source = `SELECT ${[...named, ...counted.map(name => `n_${name} AS ${name}`), 'recordBegin', 'recordEnd'].join(', ')}
    FROM (SELECT ${selected.join(', ')} FROM flows WHERE ${recordsOf(step)})`;
  const others = keys.filter(name => name !== 'towards');
  const spans = spansSql({ source, keys: others, step: String(MINUTE * 1000), origin: '0' });
  // The engine is much faster with short keys: a hash stands for what is alike.
  return [
    `TRUNCATE TABLE ${SPANS}`,
    `INSERT INTO ${SPANS} (beginsIn, endsIn, ${[...keys, ...sums].join(', ')}, batch)
    SELECT begun, begun + lasts, ${[...keys.map(name => `a_${name}`), ...sums].join(', ')}, ${step.to} FROM
    (SELECT toInt32(b0) AS begun, toInt32(b1 - b0) AS lasts, cityHash64(${keys.join(', ')}) AS alike,
      ${[...keys.map(name => `any(${name}) AS a_${name}`), ...spanSums(true)].join(', ')}
    FROM (${spans}) GROUP BY begun, lasts, alike) ${ONE_BLOCK}`,
  ];
}

/** SQL of the table's rows as those of a rollup whose steps are longer; see changesSql. */
export function spansOf(rollup: Rollup, { to }: Step): string {
  const minutes = rollup.step / MINUTE;
  const longer = counted.flatMap(name => [
    `w_${name}`,
    `f_${name} + r_${name} * (${minutes} * (b0 + 1) - beginsIn - 1) AS longer_${name}`,
    `r_${name} * ${minutes} AS more_${name}`,
  ]);
  const renamed = counted.flatMap(name => [`w_${name}`, `longer_${name} AS f_${name}`, `more_${name} AS r_${name}`]);
  return `SELECT ${[...keys, 'b0', 'b1', ...renamed].join(', ')} FROM
    (SELECT ${keys.join(', ')}, toInt64(intDiv(beginsIn, ${minutes})) AS b0, toInt64(intDiv(endsIn, ${minutes})) AS b1, ${longer.join(', ')}
    FROM ${SPANS} WHERE batch = ${to})`;
}
