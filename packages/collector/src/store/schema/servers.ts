import { WeirError } from '../../error.js';
import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { clusterColumns, clusterTables } from './cluster.js';
import { addColumns, existingColumns, LAYOUT, layoutIn } from './flows.js';
import { prepareSchema } from './migrations.js';

/** There while one collector brings the tables to its layout. */
const LOCK = 'migration';
/** What differs from this layout on is in rollups, which servers have not, or a column. */
const OF_CLUSTERS = 2;

export interface ServerTables {
  readonly cluster: string | undefined;
  /** Names this collector: a migration that it began it may go on with. */
  readonly who: string;
  readonly tell: (line: string) => void;
}

/**
 * Makes the tables on ClickHouse servers, or brings those that are there to this release's layout, which their comment says.
 * @throws WeirError where they are of a later Weir, or another collector is at it.
 */
export async function prepareServer(door: StoreDoor, { cluster, who, tell }: ServerTables): Promise<void> {
  const layout = await layoutOf(door);
  if (layout > LAYOUT) {
    throw new WeirError(
      `they are of layout ${layout}, this Weir knows up to ${LAYOUT}; use the Weir that made them, or name another database`,
    );
  }
  if (cluster !== undefined) {
    await prepareCluster(door, cluster, layout);
    return;
  }
  // A table's comment says its layout, so that nothing else has to be recorded.
  const version = { layout, record: () => {} };
  if (layout === LAYOUT) {
    await prepareSchema(door, version, tell);
    return;
  }
  await lock(door, who);
  await prepareSchema(door, version, tell);
  await door.command(`DROP TABLE ${LOCK} SYNC`);
}

async function prepareCluster(door: StoreDoor, cluster: string, layout: number): Promise<void> {
  if (layout < OF_CLUSTERS) {
    throw new WeirError(
      `they are of layout ${layout}, and this Weir cannot bring those of a cluster to layout ${LAYOUT}; name another database`,
    );
  }
  for (const statement of clusterTables(cluster)) await door.command(statement);
  const alter = addColumns(await columnsOf(door));
  if (alter === undefined) return;
  for (const statement of clusterColumns(cluster, alter)) await door.command(statement);
}

async function columnsOf(door: StoreDoor): Promise<Set<string>> {
  return new Set((await rowsOf<{ name: string }>(door, existingColumns)).map(({ name }) => name));
}

/** That of this release where there is no table yet. */
async function layoutOf(door: StoreDoor): Promise<number> {
  const comment = await commentOf(door, 'flows');
  if (comment === undefined) return LAYOUT;
  const layout = layoutIn(comment);
  if (layout === undefined)
    throw new WeirError('there is a table "flows" that Weir did not make; name another database');
  return layout;
}

/** To make a table is what only one of several can. */
async function lock(door: StoreDoor, who: string): Promise<void> {
  try {
    await door.command(
      `CREATE TABLE ${LOCK} (since DateTime) ENGINE = MergeTree ORDER BY since COMMENT '${who.replaceAll(/[\\']/g, '\\$&')}'`,
    );
  } catch (error) {
    const other = await commentOf(door, LOCK);
    if (other === undefined) throw error;
    if (other === who) return;
    throw new WeirError(
      `${other} is bringing them to a later layout; start this collector when that is done. If that collector is gone for good: DROP TABLE ${LOCK}`,
    );
  }
}

/** Undefined where there is no such table. */
async function commentOf(door: StoreDoor, table: string): Promise<string | undefined> {
  const sql = `SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`;
  return (await rowsOf<{ comment: string }>(door, sql))[0]?.comment;
}
