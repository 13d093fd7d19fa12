import { Option } from 'commander';
import { csvLines } from './csv.js';
import { type TableColumn, tableLines } from './table.js';
import { write, writeLines } from './writer.js';

export type Format = 'table' | 'json' | 'csv';

/** --format, for the commands that list things. */
export function formatOption(): Option {
  const description = 'table for people; json, one object a line; csv with a header';
  return new Option('--format <format>', description).choices(['table', 'json', 'csv']).default('table');
}

/** --format, for what can also be a file of octets. */
export function fileFormatOption(): Option {
  const description =
    'table for people; json, one object a line; csv with a header; ipfix (RFC 5655) or parquet, of Flow Records';
  const choices = ['table', 'json', 'csv', 'ipfix', 'parquet'];
  return new Option('--format <format>', description).choices(choices).default('table');
}

/** How the objects of a list are written in each format. */
export interface Layout<T> {
  readonly columns: readonly TableColumn<T>[];
  readonly flat: (object: T) => Record<string, unknown>;
  /** Said in place of an empty table. */
  readonly nothing: string;
}

/** Writes all objects. */
export async function writeAll<T>(objects: AsyncIterable<T>, format: Format, layout: Layout<T>): Promise<void> {
  if (format === 'json') return writeLines(map(objects, object => JSON.stringify(object)));
  if (format === 'csv') return writeLines(csvLines(map(objects, layout.flat)));
  let lines = 0;
  const counted = map(tableLines(objects, layout.columns, process.stdout.columns || undefined), line => {
    lines++;
    return line;
  });
  await writeLines(counted);
  if (lines === 0) await write(`${layout.nothing}\n`);
}

async function* map<T, U>(objects: AsyncIterable<T>, change: (object: T) => U): AsyncGenerator<U> {
  for await (const object of objects) yield change(object);
}
