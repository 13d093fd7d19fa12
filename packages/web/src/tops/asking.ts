import { getAsNames, getGroups, type Span } from '../api/client.js';
import { FIELDS, type Kind, type TopRow, topRows } from './tops.js';

/** Rows of a table. */
export const ROWS = 7;

/** The rows of a table of one kind, with the names of what is stored as a number. */
export async function askTop(kind: Kind, span: Span, signal: AbortSignal): Promise<TopRow[]> {
  const rows = topRows(kind, await getGroups(FIELDS[kind], ROWS, span, signal));
  if (kind !== 'networks') return rows;
  // Not where a record has none, or says that it is not known.
  const numbers = rows.map(({ key }) => key).filter(key => /^[1-9]\d*$/.test(key));
  const names = numbers.length > 0 ? await getAsNames(numbers, signal) : {};
  return rows.map(row => ({ ...row, label: `${row.label} ${names[row.key] ?? ''}`.trimEnd() }));
}

/** Octets of all of the traffic, in both directions. */
export async function askTotal(span: Span, signal: AbortSignal): Promise<number> {
  // By what there are few of: all that is asked is their sum.
  const groups = await getGroups(['proto'], 256, span, signal);
  return groups.reduce((sum, { octets, reverseOctets }) => sum + Number(octets) + Number(reverseOctets), 0);
}
