import { getAsNames, getGroups, type Span } from '../api/client.js';
import { FIELDS, type Kind, type TopRow, topRows } from './tops.js';

/** Rows of a table. */
export const ROWS = 7;
/** The API has most sent first: who has most in both directions is among these. */
export const ASKED = 200;

/** The rows of a table of one kind, with the names of what is stored as a number. */
export async function askTop(kind: Kind, span: Span, signal: AbortSignal): Promise<TopRow[]> {
  const rows = topRows(kind, await getGroups(FIELDS[kind], ASKED, span, signal), ROWS);
  if (kind !== 'networks') return rows;
  const numbers = rows.flatMap(({ key, condition }) => (condition === undefined ? [] : [key]));
  const names = numbers.length > 0 ? await getAsNames(numbers, signal) : {};
  return rows.map(row => ({ ...row, label: `${row.label} ${names[row.key] ?? ''}`.trimEnd() }));
}
