import { fieldOfElement } from '@weir/flow';
import { engineType } from '../../flow/native.js';
import type { StoreDoor } from '../door.js';
import { createEvents } from '../events/table.js';
import { createMeshHistory } from '../mesh/table.js';
import { rowsOf } from '../rows.js';
import { createElements } from './elements.js';
import { addColumns, createTable, existingColumns, LAYOUT } from './flows.js';
import { createInterfaces } from './interfaces.js';
import { rebuild } from './rebuild.js';
import { addKeys, directionKeys, duplicateKeys } from './rollup-keys.js';

/** What says of which layout the data are. */
export interface LayoutRecord {
  readonly layout: number;
  /** The data are of this layout now. */
  record(layout: number): void;
}

/** A step from one layout to a later one. */
export interface Migration {
  readonly from: number;
  readonly to: number;
  /** May be killed anywhere, and is then run again: what was done it must find done. */
  run(door: StoreDoor): Promise<void>;
}

/** In order; each begins where the one before it ends. */
export const migrations: readonly Migration[] = [
  // The second column of the present mask, and the first element in it.
  { from: 1, to: 2, run: door => rebuild(door, 2, fromOther('samplingInterval')) },
  // Rollups that tell duplicates apart.
  { from: 2, to: 3, run: door => addKeys(door, duplicateKeys) },
  // Rollups by addresses, ports and places that tell in and out apart.
  { from: 3, to: 4, run: door => addKeys(door, directionKeys) },
];

/**
 * Brings the data to this release's layout, whatever part of it was done before.
 * @param tell is told of each step, as it may take long.
 * @throws WeirError
 */
export async function prepareSchema(
  door: StoreDoor,
  version: LayoutRecord,
  tell: (line: string) => void,
): Promise<void> {
  for (const { from, to, run } of migrations) {
    if (version.layout > from) continue;
    tell(
      `the store's data are brought from layout ${from} to ${to}; this may take minutes, and goes on where it stops`,
    );
    await run(door);
    version.record(to);
  }
  await door.command(createTable('flows'));
  for (const statement of [createInterfaces, createElements, createMeshHistory, createEvents])
    await door.command(statement);
  const columns = await rowsOf<{ name: string }>(door, existingColumns);
  const alter = addColumns(new Set(columns.map(({ name }) => name)));
  if (alter !== undefined) await door.command(alter);
}

if (migrations.at(-1)?.to !== LAYOUT) throw new Error(`no migration leads to layout ${LAYOUT}`);

/**
 * The columns of records whose element was kept by name before it got a column, in SQL. A text that is no such value stays
 * where it is.
 */
function fromOther(element: string): ReadonlyMap<string, string> {
  const { field, bit } = fieldOfElement(element)!;
  const value = `to${engineType(field.kind)}OrNull(other['${element}'])`;
  const mask = bit < 64 ? 'present' : 'present2';
  const before = bit < 64 ? 'present' : 'toUInt64(0)';
  return new Map([
    [field.column, `ifNull(${value}, 0)`],
    [mask, `if(isNull(${value}), ${before}, bitOr(${before}, ${1n << BigInt(bit & 63)}))`],
    ['other', `if(isNull(${value}), other, mapFilter((name, _) -> name != '${element}', other))`],
  ]);
}
