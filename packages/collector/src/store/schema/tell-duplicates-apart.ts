import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { layoutComment } from './flows.js';

const ROLLUPS = ['series_minute', 'series_hour', 'sources_hour', 'destinations_hour'];

/**
 * Gives rollups the keys that tell duplicates apart: what they have so far is of none, because none was marked. Rewrites no data, as the
 * engine lets columns that are new be added to the end of a sorting key.
 */
export async function tellDuplicatesApart(door: StoreDoor): Promise<void> {
  const tables = await rowsOf<{ name: string; keys: string }>(
    door,
    'SELECT name, sorting_key AS keys FROM system.tables WHERE database = currentDatabase()',
  );
  for (const { name, keys } of tables) {
    if (!ROLLUPS.includes(name) || keys.split(', ').includes('duplicate')) continue;
    // One statement does all or nothing.
    await door.command(
      `ALTER TABLE ${name} ADD COLUMN duplicate UInt8 CODEC(ZSTD(1)), ADD COLUMN present2 UInt64 CODEC(ZSTD(1)), MODIFY ORDER BY (${keys}, duplicate, present2)`,
    );
  }
  if (tables.some(({ name }) => name === 'flows')) {
    await door.command(`ALTER TABLE flows MODIFY COMMENT '${layoutComment(3)}'`);
  }
}
