import type { Sums } from '../../mesh/attribution/sums.js';
import type { StoreDoor } from '../door.js';
import { literal } from '../literals.js';
import { addToStep, emptyStep, loadTables, takeStep } from './tables.js';

/** Characters of rows in one statement: the engine takes 256 KiB. */
const AT_ONCE = 200_000;

/** A step of a topology. */
export interface LoadStep {
  readonly topology: string;
  /** The last batch of the step. */
  readonly batch: bigint;
  /** Whether there may have been an earlier attempt. */
  readonly again: boolean;
}

/** Takes sums into the tables; may be broken off anywhere, and done again with `again`. */
export async function writeSums(door: StoreDoor, { topology, batch, again }: LoadStep, sums: Sums): Promise<void> {
  const quoted = literal(topology);
  await door.command(emptyStep);
  let rows: string[] = [];
  let length = 0;
  for (const row of rowsOfSums(quoted, sums)) {
    if (length + row.length > AT_ONCE) {
      await door.command(addToStep(rows));
      [rows, length] = [[], 0];
    }
    rows.push(row);
    length += row.length + 2;
  }
  if (rows.length === 0) return;
  await door.command(addToStep(rows));
  for (const table of loadTables) await door.command(takeStep(table, quoted, batch, again));
}

/** Rows of the step's table, in SQL. */
function* rowsOfSums(topology: string, sums: Sums): Generator<string> {
  const row = (kind: number, { time, span }: { time: number; span: number }, rest: readonly (string | number)[]) =>
    `(${[kind, topology, time, span, ...rest].join(',')})`;
  for (const sum of sums.links()) yield row(0, sum, [literal(sum.link), sum.how, sum.class, ...sum.counts]);
  for (const sum of sums.ends()) yield row(1, sum, [literal(sum.node), 0, 0, ...sum.counts]);
  for (const sum of sums.unplaced()) yield row(2, sum, ["''", sum.reason, 0, ...sum.counts]);
}
