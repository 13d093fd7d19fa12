import { type Operand, resolveName } from '@weir/flow';
import { WeirError } from '../../error.js';
import { operandSql, Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import type { Rollup } from '../rollup/rollups.js';
import { scaledSql } from '../schema/sampling.js';
import { counters, flowCountSql, flowsSql } from './counted.js';
import { rollupOfGroups, wholeSteps } from './plan.js';
import { endsIn, type Interval, intervalOf, type Selection, timeSql } from './selection.js';
import { selectSql } from './values.js';
import { countedSql } from './views.js';

/** k0, k1, ...: the values of what is told apart, and NULL for none; m_flows, and m_octets and the other counters. */
export type SumRow = Record<string, string | number | null>;

/** Which sums, and in which order. */
export interface Shape {
  /** Only the first of them. */
  readonly top?: number | undefined;
  /** SQL of numbers, from the columns of a SumRow, the largest first; values decide where these are equal. */
  readonly order: readonly string[];
  /** SQL of further columns, from those of a SumRow. */
  readonly also?: readonly string[];
}

/**
 * Sums of the selection's records by what is told apart: a row for each.
 * @throws FilterError, WeirError
 */
export async function sumRows(
  store: Store,
  selection: Selection,
  operands: readonly Operand[],
  shape: Shape,
): Promise<SumRow[]> {
  const rollup = rollupOfGroups(selection, operands);
  return await store.reading(rollup, async done => {
    const parameters = new Parameters();
    const query = {
      interval: intervalOf(selection),
      filter: countedSql(selection, operands, parameters),
      parameters,
      keys: operands.map(operand => keySql(operand, parameters)),
    };
    const source = rollup === undefined || done === undefined ? undefined : { rollup, done };
    return await store.query<SumRow>(statement(query, source, shape), parameters.values);
  });
}

/** The columns of records that are summed up. Not under their own names, which a filter means as they were sent. */
const scaled: readonly string[] = counters.map(name => `toUInt128(${scaledSql(name)}) AS c_${name}`);

interface Query {
  readonly interval: Interval;
  /** SQL of the condition for what is summed up, but for its time. */
  readonly filter: string;
  readonly parameters: Parameters;
  /** SQL of what is told apart. */
  readonly keys: readonly string[];
}

/** A rollup, and the last batch that it has. */
interface Source {
  readonly rollup: Rollup;
  readonly done: bigint;
}

function statement(query: Query, source: Source | undefined, { top, order, also = [] }: Shape): string {
  const { interval, parameters, keys } = query;
  const names = keys.map((_, i) => `k${i}`);
  const whole = source === undefined ? undefined : wholeSteps(interval, source.rollup);
  const sums = counters.map(name => `sum(toUInt128(c_${name})) AS m_${name}`);
  const rows = whole === undefined ? recordRows(query) : rollupRows(query, source!, whole);
  const flows = whole === undefined ? flowsSql : '(sum(lone) + uniqExactArray(running))';
  return `SELECT ${[...names, `${flows} AS m_flows`, ...sums, ...also].join(', ')} FROM (${rows})
    ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}
    ORDER BY ${[...order.map(sum => `${sum} DESC`), ...names].join(', ')}
    ${top === undefined ? '' : `LIMIT ${parameters.add(top, 'UInt64')}`}`;
}

/**
 * SQL: rows that can be summed up, with the columns `flow` and `lone`: records as they are, but those that repeat what earlier records
 * of their Flow had only once a Flow. An index tells where there are none of these, so that looking for them costs nothing.
 */
function recordRows(query: Query): string {
  const { interval, filter, parameters } = query;
  const selected = [...keysAs(query), 'flow', 'lone', ...scaled];
  const where = `${endsIn(interval, parameters)} AND ${filter}`;
  return `SELECT ${selected.join(', ')} FROM flows WHERE NOT repeated AND ${where} UNION ALL ${repeatedRows(query, where, ['flow', 'toUInt8(0)'])}`;
}

/** SQL: the rows of the rollup for the whole steps, and the records that are not in it, in its form. */
function rollupRows(query: Query, { rollup, done }: Source, whole: Interval): string {
  const { filter, parameters } = query;
  const { from, to } = query.interval;
  const where = (part: Interval, more: string) => `${endsIn(part, parameters)} AND ${more} AND ${filter}`;
  const ofFlow = 'if(lone, [], [flow]) AS running';
  const records = (part: Interval, more: string) =>
    `SELECT ${[...keysAs(query), 'lone', ofFlow, ...scaled].join(', ')} FROM flows WHERE ${where(part, more)}`;
  const hours = `day BETWEEN toDate(${timeSql(whole.from, parameters)}) AND toDate(${timeSql(whole.to, parameters)})
    AND time >= ${timeSql(whole.from, parameters)} AND time < ${timeSql(whole.to, parameters)}`;
  const edges = [
    { from, to: whole.from },
    { from: whole.to, to },
  ].filter(edge => edge.from < edge.to);
  return [
    `SELECT ${[...keysAs(query), 'lone', 'running', ...counters.map(name => `toUInt128(${name}) AS c_${name}`)].join(', ')} FROM ${rollup.table} WHERE ${hours} AND ${filter}`,
    ...edges.map(edge => records(edge, 'NOT repeated')),
    records(whole, `NOT apart AND batch > ${done}`),
    records(whole, 'apart AND NOT repeated'),
    repeatedRows(query, where({ from, to }, 'true'), ['toUInt8(0)', '[flow]']),
  ].join(' UNION ALL ');
}

function repeatedRows({ keys }: Query, where: string, ofFlow: readonly string[]): string {
  const names = keys.map((_, i) => `k${i}`);
  const once = counters.map(name => `${flowCountSql(name)} AS once_${name}`);
  const selected = [...keys.map((key, i) => `${key} AS k${i}`), 'flow', ...once];
  return `SELECT ${[...names, ...ofFlow, ...counters.map(name => `once_${name}`)].join(', ')} FROM
    (SELECT ${selected.join(', ')} FROM flows WHERE repeated AND ${where} GROUP BY ${[...names, 'flow'].join(', ')})`;
}

function keysAs({ keys }: Query): readonly string[] {
  return keys.map((key, i) => `${key} AS k${i}`);
}

/** What a name of a field to group by means. @throws WeirError */
export function groupOperand(name: string): Operand {
  const operand = name === 'duration' ? undefined : resolveName(name);
  if (operand === undefined) {
    throw new WeirError(
      `cannot group by ${JSON.stringify(name)}: no short name and no IANA name of an Information Element`,
    );
  }
  return operand;
}

/** SQL: the value of a record in a form that `outputOf` takes; NULL where it has none. */
export function keySql(operand: Operand, parameters: Parameters): string {
  if (operand.source === 'origin') return operand.column;
  if (operand.source === 'other') {
    const name = parameters.add(operand.keys[0]!, 'String');
    return `if(mapContains(other, ${name}), other[${name}], NULL)`;
  }
  const { value, present } = operandSql(operand, parameters);
  return `if(${present}, ${selectSql(operand, value)}, NULL)`;
}
