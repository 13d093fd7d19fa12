import type { Operand } from '@weir/flow';
import type { Store } from '../client.js';
import { counters } from './counted.js';
import { labelInterfaces } from './interface-labels.js';
import type { Selection } from './selection.js';
import { errorOf, groupOperand, type Largest, type SumRow, sumRows } from './sums.js';
import { numberOf, outputOf } from './values.js';

/**
 * Sums of the selection's records by the fields named, largest first. Each group has the fields under the names
 * given (null where the records have no such element), and flows, octets, packets, reverseOctets, reversePackets: numbers,
 * or text beyond 2^53-1. `flows` counts Flows, not their interim reports. Interfaces have their names beside their numbers. Of an estimate each group has `error`, the relative standard
 * error of its octets.
 * @param by IANA names, short names, or PEN:ID; none: one group of everything.
 * @throws FilterError, WeirError
 */
export async function groups(
  store: Store,
  selection: Selection,
  by: string[],
  top?: number,
  order: Largest = 'sent',
): Promise<Record<string, unknown>[]> {
  const keys = by.map(name => ({ name, operand: groupOperand(name) }));
  const operands = keys.map(({ operand }) => operand);
  const rows = await sumRows(store, selection, operands, { top, order });
  const found = rows.map(row => groupOf(row, keys));
  await labelInterfaces(store, selection, keys, found);
  return found;
}

function groupOf(row: SumRow, keys: readonly { name: string; operand: Operand }[]): Record<string, unknown> {
  const group: Record<string, unknown> = {};
  keys.forEach(({ name, operand }, i) => {
    const value = row[`k${i}`];
    group[name] = value === null || value === undefined ? null : outputOf(operand, value);
  });
  for (const name of ['flows', ...counters]) group[name] = numberOf(row[`m_${name}`] ?? 0);
  if (row.m_variance !== undefined) group.error = Number(errorOf([row]).toPrecision(3));
  return group;
}
