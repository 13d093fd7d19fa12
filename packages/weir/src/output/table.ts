import { printable } from './units.js';
import { takeFirst } from './writer.js';

/** One column of a table: its head, how a row is written in it, and on which side it is aligned. */
export interface TableColumn<T> {
  readonly head: string;
  readonly right?: boolean;
  readonly text: (row: T) => string;
}

/** Rows that the widths are chosen by. */
const SAMPLE = 1000;

/**
 * Aligned columns with a head. Columns in which no row of the first thousand has anything are left out. The last one is cut off at
 * the terminal's width.
 * @param width columns of the terminal; undefined: none is cut
 */
export async function* tableLines<T>(
  rows: AsyncIterable<T>,
  all: readonly TableColumn<T>[],
  width: number | undefined,
): AsyncGenerator<string> {
  const iterator = rows[Symbol.asyncIterator]();
  const sample = await takeFirst(iterator, SAMPLE);
  if (sample.length === 0) return;
  const columns = all
    .map(column => ({ column, cells: sample.map(row => printable(column.text(row))) }))
    .filter(({ cells }) => cells.some(cell => cell !== ''))
    .map(({ column, cells }) => ({ ...column, width: Math.max(column.head.length, ...lengths(cells)) }));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, i) => {
      const { right, width: wide } = columns[i]!;
      return right === true ? cell.padStart(wide) : cell.padEnd(wide);
    });
    return padded.join('  ').slice(0, width).trimEnd();
  };
  yield line(columns.map(column => column.head));
  for (const row of sample) yield line(columns.map(column => printable(column.text(row))));
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    yield line(columns.map(column => printable(column.text(next.value))));
  }
}

function lengths(cells: readonly string[]): number[] {
  return [...new Set(cells.map(cell => cell.length))];
}
