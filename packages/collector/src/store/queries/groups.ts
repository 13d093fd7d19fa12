import { type Operand, resolveName } from '@weir/flow';
import { WeirError } from '../../error.js';
import { operandSql, Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { anyTotalSql, counters, flowCountSql } from './counted.js';
import { type Selection, whereEnds } from './selection.js';
import { numberOf, outputOf, selectSql } from './values.js';

type GroupRow = Record<string, string | number | null>;

/**
 * Sums of the selection's records by the fields named, largest octets first. Each group has the fields under the names
 * given (null where the records have no such element), and flows, octets, packets, reverseOctets, reversePackets: numbers,
 * or text beyond 2^53-1. `flows` counts Flows, not their interim reports.
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
  const parameters = new Parameters();
  const where = whereEnds(selection, parameters);
  const selected = keys.map(({ operand }, i) => `${keySql(operand, parameters)} AS k${i}`);
  const names = keys.map((_, i) => `k${i}`);
  // Totals are a Flow's, so Flows come first; without totals, which is faster, records.
  const [found] = await store.query<{ totals: number }>(
    `SELECT ${anyTotalSql} AS totals FROM flows WHERE ${where}`,
    parameters.values,
  );
  const sums = counters.map(name => `sum(toUInt128(${name})) AS m_${name}`);
  const ofFlows = counters.map(name => `${flowCountSql(name)} AS ${name}_`);
  const source =
    found?.totals === 1
      ? `(SELECT ${[...names, 'flow', ...counters.map(name => `${name}_ AS ${name}`)].join(', ')} FROM
          (SELECT ${[...selected, 'flow', ...ofFlows].join(', ')} FROM flows WHERE ${where} GROUP BY ${[...names, 'flow'].join(', ')}))`
      : `(SELECT ${[...selected, 'flow', ...counters].join(', ')} FROM flows WHERE ${where})`;
  const sql = `SELECT ${[...names, 'uniqExact(flow) AS m_flows', ...sums].join(', ')} FROM ${source}
    ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}
    ORDER BY ${['m_octets DESC', 'm_reverseOctets DESC', ...names].join(', ')}
    ${top === undefined ? '' : `LIMIT ${parameters.add(top, 'UInt64')}`}`;
  const rows = await store.query<GroupRow>(sql, parameters.values);
  return rows.map(row => groupOf(row, keys));
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

function keySql(operand: Operand, parameters: Parameters): string {
  if (operand.source === 'origin') return operand.column;
  if (operand.source === 'other') {
    const name = parameters.add(operand.keys[0]!, 'String');
    return `if(mapContains(other, ${name}), other[${name}], NULL)`;
  }
  const { value, present } = operandSql(operand, parameters);
  return `if(${present}, ${selectSql(operand, value)}, NULL)`;
}

function groupOf(row: GroupRow, keys: readonly { name: string; operand: Operand }[]): Record<string, unknown> {
  const group: Record<string, unknown> = {};
  keys.forEach(({ name, operand }, i) => {
    const value = row[`k${i}`];
    group[name] = value === null || value === undefined ? null : outputOf(operand, value);
  });
  for (const name of ['flows', ...counters]) group[name] = numberOf(row[`m_${name}`] ?? 0);
  return group;
}
