import { engineType } from '../../flow/native.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { counted, DIRECTION, directions, type Family, familyOf, HOUR, kinds, maskSql, type Rollup } from './rollups.js';
import { ONE_BLOCK, recordsOf, type Step } from './step.js';

const sums = ['lone', 'running', ...counted] as const;

/** The statement that makes the table of a step's records, by the hours of their ends: what the family's rollups are made of. See spans.ts. */
export function createHeld(family: Family): string {
  const columns = [
    "time DateTime('UTC')",
    ...family.dimensions.map(name => `${name} ${engineType(kinds.get(name)!)}`),
    ...maskSql(family).map(([name]) => `${name} UInt64`),
    `${DIRECTION} UInt8`,
    ...sums.map(name => `${name} ${name === 'running' ? 'Array(UInt64)' : 'UInt64'}`),
    'batch UInt64',
  ];
  return `CREATE TABLE IF NOT EXISTS ${family.held} (${columns.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`;
}

/**
 * The statements that put the records of a step in the table, and all else out of it. The engine is much faster with
 * short keys: addresses are one, a hash of the others is another. An address stays a key: who sends could make hashes of addresses alike.
 * @param towards SQL: whether a record's source sends "in".
 */
export function heldStatements(family: Family, step: Step, towards: string): readonly string[] {
  const [first, ...others] = family.dimensions;
  const alike = [
    ...others.map(name => [name, name] as const),
    ...maskSql(family).map(([column, value]) => [`m_${column}`, value] as const),
    [`m_${DIRECTION}`, `if(${towards}, ${directions.in}, ${directions.out})`] as const,
  ];
  const keys = [...family.dimensions, ...maskSql(family).map(([column]) => column), DIRECTION];
  const selected = [
    `toDateTime(bucket * ${HOUR}, 'UTC')`,
    first,
    ...alike.map(([name]) => `a_${name}`),
    'n_lone',
    'arrayDistinct(n_running)',
    ...counted.map(name => `n_${name}`),
    String(step.to),
  ];
  return [
    `TRUNCATE TABLE ${family.held}`,
    `INSERT INTO ${family.held} (time, ${[...keys, ...sums].join(', ')}, batch) SELECT ${selected.join(', ')}
    FROM (SELECT toUInt32(intDiv(toUnixTimestamp64Milli(recordEnd), ${HOUR * 1000})) AS bucket, ${first},
      cityHash64(${alike.map(([, value]) => value).join(', ')}) AS hash, ${alike.map(([name, value]) => `any(${value}) AS a_${name}`).join(', ')},
      countIf(lone) AS n_lone, groupArrayIf(flow, NOT lone) AS n_running, ${counted.map(name => `sum(${scaledSmallSql(name)}) AS n_${name}`).join(', ')}
    FROM flows WHERE ${recordsOf(step)} GROUP BY bucket, ${first}, hash) ${ONE_BLOCK}`,
  ];
}

/**
 * SQL of a rollup's rows for a step.
 * @param whole whether the step is all that the finer rollup has: its rows serve as well, also those whose records are gone.
 */
export function endRows(rollup: Rollup, step: Step, whole: boolean): string {
  const { held, dimensions } = familyOf(rollup);
  const source = whole ? rollup.finer! : `${held} WHERE batch = ${step.to}`;
  if (rollup.step === HOUR && rollup.dimensions.length === dimensions.length)
    return `SELECT *, toDate(time) AS day FROM ${source}`;
  const [first, ...others] = rollup.dimensions;
  const alike = [...[...others, DIRECTION].map(name => [name, name] as const), ...maskSql(rollup)];
  const longer = `toStartOfInterval(time, toIntervalSecond(${rollup.step}), 'UTC')`;
  const added = ['lone', ...counted];
  return `SELECT at AS time, toDate(at) AS day, ${[first, ...alike.map(([name]) => `a_${name} AS ${name}`), 'n_running AS running', ...added.map(name => `n_${name} AS ${name}`)].join(', ')}
    FROM (SELECT ${longer} AS at, ${first}, cityHash64(${alike.map(([, value]) => value).join(', ')}) AS hash,
      ${alike.map(([name, value]) => `any(${value}) AS a_${name}`).join(', ')},
      groupUniqArrayArray(running) AS n_running, ${added.map(name => `sum(${name}) AS n_${name}`).join(', ')}
    FROM ${source} GROUP BY at, ${first}, hash)`;
}
