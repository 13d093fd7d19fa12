import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { layoutComment } from './flows.js';

/** Columns that rollups are given to tell rows apart by. */
interface NewKeys {
  readonly tables: readonly string[];
  /** Definitions by name; they have the default in what is there. */
  readonly columns: Readonly<Record<string, string>>;
  readonly layout: number;
}

/** What rollups have so far is of no duplicates, because none was marked. */
export const duplicateKeys: NewKeys = {
  tables: ['series_minute', 'series_hour', 'sources_hour', 'destinations_hour'],
  columns: { duplicate: 'UInt8 CODEC(ZSTD(1))', present2: 'UInt64 CODEC(ZSTD(1))' },
  layout: 3,
};

/** Which way the records of sums went that are there is not known. */
export const directionKeys: NewKeys = {
  tables: [
    'sources_hour',
    'sources_day',
    'destinations_hour',
    'destinations_day',
    'places_hour',
    'services_hour',
    'sources_step',
    'destinations_step',
  ],
  columns: { direction: 'UInt8 CODEC(ZSTD(1))' },
  layout: 4,
};

/** Gives rollups more keys. Rewrites no data, as the engine lets columns that are new be added to the end of a sorting key. */
export async function addKeys(door: StoreDoor, { tables, columns, layout }: NewKeys): Promise<void> {
  const there = await rowsOf<{ name: string; keys: string }>(
    door,
    'SELECT name, sorting_key AS keys FROM system.tables WHERE database = currentDatabase()',
  );
  const has = await rowsOf<{ its: string }>(
    door,
    `SELECT table AS its FROM system.columns WHERE database = currentDatabase() AND name = '${Object.keys(columns)[0]}'`,
  );
  for (const { name, keys } of there) {
    if (!tables.includes(name) || has.some(({ its }) => its === name)) continue;
    const added = Object.entries(columns).map(([column, definition]) => `ADD COLUMN ${column} ${definition}`);
    if (keys !== '') added.push(`MODIFY ORDER BY (${[keys, ...Object.keys(columns)].join(', ')})`);
    // One statement does all or nothing.
    await door.command(`ALTER TABLE ${name} ${added.join(', ')}`);
  }
  if (there.some(({ name }) => name === 'flows'))
    await door.command(`ALTER TABLE flows MODIFY COMMENT '${layoutComment(layout)}'`);
}
