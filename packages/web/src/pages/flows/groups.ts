import { conditionOf, labelOf, namesIn, valueText } from '../../fields/fields.js';
import type { Group } from '../../tops/tops.js';

/** Fields by which flows can be told apart at a time. */
export const MOST_FIELDS = 3;
/** Groups that are asked for: who has more wants a filter. */
export const MOST_GROUPS = 10_000;
/** Fields that tell nothing apart, because each flow has its own, or that the API cannot group by. */
const NO_GROUPS: readonly string[] = [
  'duration',
  'records',
  'start',
  'end',
  'octets',
  'reverseoctets',
  'packets',
  'reversepackets',
];
export const SUMS = ['flows', 'octets', 'reverseOctets', 'packets', 'reversePackets'] as const;

/** The fields that a View groups by. */
export function groupedBy(by: string): string[] {
  return namesIn(by, MOST_FIELDS);
}

export function groupable(name: string): boolean {
  return !NO_GROUPS.includes(name);
}

/** One group as people read it: a text for each field; an interface by its name where the exporter told it. */
export function groupTexts(group: Group, fields: readonly string[], now: number): string[] {
  return fields.map(field => {
    const name = group[`${field}Name`];
    return typeof name === 'string' && name !== '' ? name : valueText(field, group[field], now);
  });
}

/** A filter for one group alone; undefined where none can ask for it. */
export function groupCondition(group: Group, fields: readonly string[]): string | undefined {
  const conditions = fields.map(field => conditionOf(field, group[field]));
  return conditions.includes(undefined) ? undefined : conditions.join(' and ');
}

/** The names of what a file of groups has. */
export function groupNames(fields: readonly string[]): string[] {
  return [...fields, ...SUMS];
}

/** A group as a row of a CSV file, or as values. What a record does not have is a word in a table, whose cells say what the sums are of. */
export function groupValues(group: Group, fields: readonly string[], format: 'csv' | 'json'): unknown[] {
  const keys = fields.map(field => (format === 'csv' && group[field] === null ? 'none' : group[field]));
  return [...keys, ...SUMS.map(name => group[name])];
}

/** The share that a group has of the largest, from 0 to 1, in both directions. */
export function shareOf(group: Group, most: number): number {
  return most > 0 ? octetsOf(group) / most : 0;
}

export function octetsOf(group: Group): number {
  return Number(group.octets) + Number(group.reverseOctets);
}

/** "Source × Destination port". */
export function titleOf(fields: readonly string[]): string {
  return fields.map(labelOf).join(' × ');
}
