import { type Operand, resolveName } from '@weir/flow';
import { WeirError } from '../../error.js';
import { operandSql, Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { counters } from './counted.js';
import { flowsOfRows, type GroupQuery, rowsSql } from './grouped-rows.js';
import { areMany, largeBuckets } from './large-buckets.js';
import { cut, rollupsOfGroups } from './plan.js';
import { answered } from './sampled.js';
import { intervalOf, type Selection } from './selection.js';
import { selectSql } from './values.js';
import { countedSql } from './views.js';

/** k0, k1, ...: the values of what is told apart, and NULL for none; m_flows, and m_octets and the other counters; of an estimate m_variance, of octets of both directions. */
export type SumRow = Record<string, string | number | null>;

/** What the largest have most octets of: sent by the source, or both ways. */
export type Largest = 'sent' | 'both';

/** Which sums, and in which order. */
export interface Shape {
  /** Only the first of them. */
  readonly top?: number | undefined;
  /** The largest come first; values decide where they are equally large. */
  readonly order: Largest;
  /** SQL of further columns, from those of a SumRow. */
  readonly also?: readonly string[];
  /** Whether they may be an estimate, where one will do, although there are sums. */
  readonly slow?: boolean;
}

/** SQL of the sizes that order the sums, and of the first of them in a row of rowsSql. */
const sizes: Readonly<Record<Largest, { readonly sums: readonly string[]; readonly row: string }>> = {
  sent: { sums: ['m_octets', 'm_reverseOctets'], row: 'c_octets' },
  both: { sums: ['m_octets + m_reverseOctets'], row: 'c_octets + c_reverseOctets' },
};

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
  const rollups = rollupsOfGroups(selection, operands);
  return await answered(store, selection, { rollups, slow: shape.slow ?? false }, async basis => {
    const { done, sample } = basis;
    const parameters = new Parameters();
    const pieces = cut(intervalOf(selection), done === undefined || sample !== undefined ? [] : rollups);
    const filter = countedSql(selection, operands, parameters);
    const classes = classesOf({ ...basis, pieces, filter, parameters, keys: [] }, operands);
    const ask = async (each: readonly GroupQuery[]) =>
      await store.query<SumRow>(statement(each, shape), parameters.values);
    const rows =
      (areMany(operands, shape.top) ? await largest(store, classes, shape, ask) : undefined) ?? (await ask(classes));
    if (sample !== undefined) selection.estimate?.tell(errorOf(rows));
    return rows;
  });
}

/**
 * The relative standard error of the octets of both directions of a row, of an estimate; on average over the octets of several. Not that of their sum, which
 * is less: the largest are those rather that were estimated too large.
 */
export function errorOf(rows: readonly SumRow[]): number {
  const sum = (of: (row: SumRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  const octets = sum(row => Number(row.m_octets) + Number(row.m_reverseOctets));
  return octets > 0 ? sum(row => Math.sqrt(Number(row.m_variance))) / octets : 0;
}

/**
 * Records that have all the keys, which most have, are summed up apart from the others: the engine is twice as fast with keys that may not be
 * absent. Groups of the two have nothing in common.
 */
function classesOf(query: GroupQuery, operands: readonly Operand[]): readonly GroupQuery[] {
  const parts = operands.map(operand => keyParts(operand, query.parameters));
  const conditions = parts.filter(({ present }) => present !== 'true').map(({ present }) => present);
  const keys = parts.map(({ value }) => value);
  if (conditions.length === 0) return [{ ...query, keys }];
  const all = `(${conditions.join(' AND ')})`;
  return [
    { ...query, keys, filter: `${all} AND ${query.filter}` },
    { ...query, keys: parts.map(orNull), filter: `NOT ${all} AND ${query.filter}` },
  ];
}

/** The largest rows from large buckets alone; undefined where there may be larger ones elsewhere. */
async function largest(
  store: Store,
  [complete, ...others]: readonly GroupQuery[],
  { top, order }: Shape,
  ask: (classes: readonly GroupQuery[]) => Promise<SumRow[]>,
): Promise<SumRow[] | undefined> {
  const { row } = sizes[order];
  const large = await largeBuckets(store, complete!, row);
  if (large === undefined) return undefined;
  const rows = await ask([{ ...complete!, filter: `${large.condition} AND ${complete!.filter}` }, ...others]);
  return rows.length === top! && sizeOf(rows.at(-1)!, order) > large.beyond ? rows : undefined;
}

function sizeOf({ m_octets: sent, m_reverseOctets: received }: SumRow, order: Largest): bigint {
  return BigInt(sent!) + (order === 'both' ? BigInt(received!) : 0n);
}

function statement(classes: readonly GroupQuery[], { top, order, also = [] }: Shape): string {
  const names = classes[0]!.keys.map((_, i) => `k${i}`);
  const limit = top === undefined ? '' : `LIMIT ${classes[0]!.parameters.add(top, 'UInt64')}`;
  const ordered = `ORDER BY ${[...sizes[order].sums.map(sum => `${sum} DESC`), ...names].join(', ')} ${limit}`;
  const summed = [...counters, ...(classes[0]!.sample === undefined ? [] : ['variance'])];
  const added = summed.map(name => `sum(c_${name}) AS m_${name}`);
  const sums = (
    query: GroupQuery,
  ) => `SELECT ${[...names, `${flowsOfRows(query)} AS m_flows`, ...added, ...also].join(', ')}
    FROM (${rowsSql(query)}) ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}`;
  return `SELECT * FROM (${classes.map(each => `SELECT * FROM (${sums(each)} ${ordered})`).join(' UNION ALL ')}) ${ordered}`;
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
  const parts = keyParts(operand, parameters);
  return parts.present === 'true' ? parts.value : orNull(parts);
}

/** SQL of a key, and of whether a record has it. */
interface KeyParts {
  readonly value: string;
  readonly present: string;
}

function keyParts(operand: Operand, parameters: Parameters): KeyParts {
  if (operand.source === 'other') {
    const name = parameters.add(operand.keys[0]!, 'String');
    return { value: `other[${name}]`, present: `mapContains(other, ${name})` };
  }
  const { value, present } = operandSql(operand, parameters);
  return { value: operand.source === 'origin' ? value : selectSql(operand, value), present };
}

function orNull({ value, present }: KeyParts): string {
  return `if(${present}, ${value}, NULL)`;
}
