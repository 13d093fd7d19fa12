import { fieldOfElement } from '@weir/flow';
import { presentSql } from '../../flow/present.js';
import { scaledSql } from '../schema/sampling.js';

/** Columns of counters, and the element of each that counts from the beginning of the Flow. */
const totals: ReadonlyMap<string, string> = new Map([
  ['octets', 'octetTotalCount'],
  ['packets', 'packetTotalCount'],
  ['reverseOctets', 'reverseOctetTotalCount'],
  ['reversePackets', 'reversePacketTotalCount'],
]);
export const counters: readonly string[] = [...totals.keys()];

const bitOf = (column: string): number => fieldOfElement(totals.get(column)!)!.bit;

/** SQL: whether a record counts this from the beginning of the Flow. */
export function isTotalSql(column: string): string {
  return presentSql([bitOf(column)]);
}

/** SQL: how many Flows records are of. Exact: what is of a Flow with other records is told apart by its number. */
export const flowsSql = '(countIf(lone) + uniqExactIf(flow, NOT lone))';

/** SQL: the same of those Flows that have a record which the condition fits. */
export function flowsWhereSql(condition: string): string {
  return `(countIf(lone AND ${condition}) + uniqExactIf(flow, NOT lone AND ${condition}))`;
}

/**
 * SQL, over the records of one Flow: what a counter comes to. Delta counts add up; a total count (RFC 7012 section 4.3: since the Metering Process began) of a
 * later record includes that of an earlier one, so that the largest holds. In 128 bits: a hostile exporter's counters must not wrap
 * everybody's sum.
 */
export function flowCountSql(column: string): string {
  const total = isTotalSql(column);
  const scaled = scaledSql(column);
  return `(sumIf(toUInt128(${scaled}), NOT ${total}) + toUInt128(maxIf(${scaled}, ${total})))`;
}
