import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { createTable, existingColumns, insertedColumns, layoutIn } from './flows.js';

/** The table in the making; after the exchange the former one. */
const NEXT = 'flows_next';
/** A copy takes the time that it takes, in little memory. */
const UNHURRIED =
  'SETTINGS max_execution_time = 0, max_result_bytes = 0, max_insert_threads = 1, max_threads = 1, max_block_size = 65536, ' +
  'min_insert_block_size_rows = 262144, min_insert_block_size_bytes = 67108864';

/**
 * Copies the table into one of this release, partition by partition, and puts that in its place. Needs room on the disk
 * for both. How far it came is to be seen in the tables themselves: a partition is copied when both have as many rows of
 * it, so a record must keep its partition; and the table whose comment says the layout, or a later one, is the new one.
 * @param values SQL, from the former columns, of the columns that are not simply copied.
 */
export async function rebuild(door: StoreDoor, layout: number, values: ReadonlyMap<string, string>): Promise<void> {
  const former = await commentOf(door, 'flows');
  if (former !== undefined && (layoutIn(former) ?? 1) < layout) {
    await door.command(createTable(NEXT));
    await copyPartitions(door, values);
    await door.command(`EXCHANGE TABLES flows AND ${NEXT}`);
  }
  // The engine refuses to drop what is larger than 50 GB, unless it is told that this is meant.
  await door.command(`DROP TABLE IF EXISTS ${NEXT} SYNC SETTINGS max_table_size_to_drop = 0`);
}

async function copyPartitions(door: StoreDoor, values: ReadonlyMap<string, string>): Promise<void> {
  const existing = new Set((await rowsOf<{ name: string }>(door, existingColumns)).map(({ name }) => name));
  const columns = [...insertedColumns, 'batch'].filter(name => existing.has(name) || values.has(name));
  const selected = columns.map(name => values.get(name) ?? name).join(', ');
  const copied = await partitionsOf(door, NEXT);
  for (const [id, rows] of await partitionsOf(door, 'flows')) {
    if (copied.get(id) === rows) continue;
    // Half a partition, where an earlier attempt was killed.
    await door.command(`ALTER TABLE ${NEXT} DROP PARTITION ID '${id}' SETTINGS max_partition_size_to_drop = 0`);
    await door.command(
      `INSERT INTO ${NEXT} (${columns.join(', ')}) SELECT ${selected} FROM flows WHERE _partition_id = '${id}' ${UNHURRIED}`,
    );
  }
}

/** Partitions and their rows. */
async function partitionsOf(door: StoreDoor, table: string): Promise<Map<string, string>> {
  const rows = await rowsOf<{ id: string; n: string }>(
    door,
    `SELECT partition_id AS id, sum(rows) AS n FROM system.parts
     WHERE active AND database = currentDatabase() AND table = '${table}' GROUP BY id ORDER BY id`,
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** Undefined where there is no such table. */
async function commentOf(door: StoreDoor, table: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ comment: string }>(
    door,
    `SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
  );
  return row?.comment;
}
