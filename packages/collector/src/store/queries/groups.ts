import { type Operand, resolveName } from '@weir/flow';
import { WeirError } from '../../error.js';
import { operandSql, Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { counters } from './counted.js';
import { flowsOfRows, type GroupQuery, rowsSql } from './grouped-rows.js';
import { labelInterfaces } from './interface-labels.js';
import { areMany, largeBuckets } from './large-buckets.js';
import { cut, rollupsOfGroups } from './plan.js';
import { intervalOf, type Selection } from './selection.js';
import { numberOf, outputOf, selectSql } from './values.js';
import { countedSql } from './views.js';

type GroupRow = Record<string, string | number | null>;

interface Key {
  readonly name: string;
  readonly operand: Operand;
}

/**
 * Sums of the selection's records by the fields named, largest octets first. Each group has the fields under the names
 * given (null where the records have no such element), and flows, octets, packets, reverseOctets, reversePackets: numbers,
 * or text beyond 2^53-1. `flows` counts Flows, not their interim reports. Interfaces have their names beside their numbers.
 * @param by IANA names, short names, or PEN:ID; none: one group of everything.
 * @throws FilterError, WeirError
 */
export async function groups(
  store: Store,
  selection: Selection,
  by: string[],
  top?: number,
): Promise<Record<string, unknown>[]> {
  const keys = by.map(name => ({ name, operand: groupOperand(name) }));
  const operands = keys.map(({ operand }) => operand);
  const rollups = rollupsOfGroups(selection, operands);
  const rows = await store.reading(rollups, async done => {
    const parameters = new Parameters();
    const pieces = cut(intervalOf(selection), done === undefined ? [] : rollups);
    const filter = countedSql(selection, operands, parameters);
    return await largest(store, classesOf({ pieces, done, filter, parameters, keys: [] }, operands), top, operands);
  });
  const found = rows.map(row => groupOf(row, keys));
  await labelInterfaces(store, selection, keys, found);
  return found;
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
    {
      ...query,
      keys: parts.map(({ value, present }) => `if(${present}, ${value}, NULL)`),
      filter: `NOT ${all} AND ${query.filter}`,
    },
  ];
}

/** The groups with the most octets, of all classes. */
async function largest(
  store: Store,
  [complete, ...others]: readonly GroupQuery[],
  top: number | undefined,
  operands: readonly Operand[],
): Promise<GroupRow[]> {
  const { parameters } = complete!;
  const ask = async (classes: readonly GroupQuery[]) =>
    await store.query<GroupRow>(statement(classes, top), parameters.values);
  if (areMany(operands, top)) {
    const large = await largeBuckets(store, complete!);
    if (large !== undefined) {
      const rows = await ask([{ ...complete!, filter: `${large.condition} AND ${complete!.filter}` }, ...others]);
      if (rows.length === top && BigInt(rows.at(-1)!.m_octets!) > large.beyond) return rows;
    }
  }
  return await ask([complete!, ...others]);
}

function statement(classes: readonly GroupQuery[], top: number | undefined): string {
  const names = classes[0]!.keys.map((_, i) => `k${i}`);
  const limit = top === undefined ? '' : `LIMIT ${classes[0]!.parameters.add(top, 'UInt64')}`;
  const order = `ORDER BY ${['m_octets DESC', 'm_reverseOctets DESC', ...names].join(', ')} ${limit}`;
  return `SELECT * FROM (${classes.map(each => `SELECT * FROM (${sums(each)} ${order})`).join(' UNION ALL ')}) ${order}`;
}

function sums(query: GroupQuery): string {
  const names = query.keys.map((_, i) => `k${i}`);
  const added = counters.map(name => `sum(c_${name}) AS m_${name}`);
  return `SELECT ${[...names, `${flowsOfRows} AS m_flows`, ...added].join(', ')} FROM (${rowsSql(query)})
    ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}`;
}

function groupOperand(name: string): Operand {
  const operand = name === 'duration' ? undefined : resolveName(name);
  if (operand === undefined) {
    throw new WeirError(
      `cannot group by ${JSON.stringify(name)}: no short name and no IANA name of an Information Element`,
    );
  }
  return operand;
}

/** SQL of a key, and of whether a record has it. */
function keyParts(operand: Operand, parameters: Parameters): { readonly value: string; readonly present: string } {
  if (operand.source === 'other') {
    const name = parameters.add(operand.keys[0]!, 'String');
    return { value: `other[${name}]`, present: `mapContains(other, ${name})` };
  }
  const { value, present } = operandSql(operand, parameters);
  return { value: operand.source === 'origin' ? value : selectSql(operand, value), present };
}

function groupOf(row: GroupRow, keys: readonly Key[]): Record<string, unknown> {
  const group: Record<string, unknown> = {};
  keys.forEach(({ name, operand }, i) => {
    const value = row[`k${i}`];
    group[name] = value === null || value === undefined ? null : outputOf(operand, value);
  });
  for (const name of ['flows', ...counters]) group[name] = numberOf(row[`m_${name}`] ?? 0);
  return group;
}
