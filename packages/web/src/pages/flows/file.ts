/** A table as a file: the names of its columns, and its rows as they come. */
export interface Table {
  names: readonly string[];
  /** Some rows at a time. */
  rows: AsyncIterable<readonly (readonly unknown[])[]>;
}

export type TableFormat = 'csv' | 'json';
export const TYPES: Readonly<Record<TableFormat, string>> = { csv: 'text/csv', json: 'application/json' };

/** The parts of a file, as they come; `wrote` hears how many rows there are so far. */
export async function* fileOf(
  format: TableFormat,
  table: Table,
  wrote: (rows: number) => void,
): AsyncGenerator<string> {
  let count = 0;
  if (format === 'csv') yield csvLine(table.names);
  else yield '[';
  for await (const rows of table.rows) {
    const lines = rows.map(row => (format === 'csv' ? csvLine(row) : jsonLine(table.names, row)));
    if (format === 'csv') yield lines.join('');
    else if (lines.length > 0) yield `${count > 0 ? ',' : ''}\n${lines.join(',\n')}`;
    count += rows.length;
    wrote(count);
  }
  if (format === 'json') yield '\n]\n';
}

/** A line of CSV (RFC 4180). */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvValue).join(',')}\r\n`;
}

function csvValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // What an exporter or a name server said must not become a formula in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function jsonLine(names: readonly string[], row: readonly unknown[]): string {
  return JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])));
}

/** All of a list that comes in pages, at most `most` rows. */
export async function* allPages<T>(
  fetch: (after: string | undefined) => Promise<{ rows: T[]; next?: string | undefined }>,
  most: number,
): AsyncGenerator<T[]> {
  let after: string | undefined;
  let left = most;
  do {
    const { rows, next } = await fetch(after);
    yield rows.slice(0, left);
    left -= rows.length;
    after = next;
  } while (after !== undefined && left > 0);
}
