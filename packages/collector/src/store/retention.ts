import type { StoreDoor } from './door.js';
import { ExpiredRecords } from './expired.js';
import { timeToLive } from './mesh/table.js';
import { loadTables } from './mesh/tables.js';
import { HOUR, rollups } from './rollup/rollups.js';
import { samples } from './rollup/sample.js';
import { rowsOf } from './rows.js';
import { timesToLive } from './schema/flows.js';

export interface RetentionOptions {
  /** Days that Flow Records are kept from their reception; default for ever. So too the following. */
  readonly keepFlows?: number | undefined;
  /** Days that sums of minutes are kept. */
  readonly keepMinutes?: number | undefined;
  /** Days that sums of hours are kept. */
  readonly keepHours?: number | undefined;
  /** Days that the history of meshes is kept. */
  readonly keepMeshHistory?: number | undefined;
  /** Octets on disk of all of it; default as many as it takes. */
  readonly keepSize?: number | undefined;
}

interface Partition {
  readonly table: string;
  readonly id: string;
  readonly octets: string;
  readonly rows: string;
}

const PAUSE = 3_600_000;
const sampleTables = samples.map(({ table }) => table);
const isSample = `parts.table IN (${sampleTables.map(name => `'${name}'`).join(', ')})`;

/** What is too old is dropped by the engine itself; what is too much, the oldest first, by this. */
export class Retention {
  /** What was dropped to keep within the size: partitions of Flow Records and of sums, and how many Flow Records there were in them. */
  readonly dropped = { partitions: 0, octets: 0, records: 0 };
  /** Undefined where they are kept for ever. */
  readonly #expired: ExpiredRecords | undefined;
  readonly #door: StoreDoor;
  readonly #size: number | undefined;
  readonly #tell: (line: string) => void;
  #next = 0;

  private constructor(door: StoreDoor, { keepFlows, keepSize }: RetentionOptions, tell: (line: string) => void) {
    this.#door = door;
    this.#expired = keepFlows === undefined ? undefined : new ExpiredRecords(door);
    this.#size = keepSize;
    this.#tell = tell;
  }

  /** Flow Records that the engine has dropped because of their age. */
  get expiredRecords(): number {
    return this.#expired?.count ?? 0;
  }

  /** Has the engine drop what becomes too old. The tables must be there. */
  static async open(door: StoreDoor, options: RetentionOptions, tell: (line: string) => void): Promise<Retention> {
    const wanted = new Map([['flows', timesToLive(options.keepFlows)]]);
    for (const { table, step, kind } of rollups) {
      if (kind === 'sample') wanted.set(table, timesToLive(options.keepFlows));
      if (kind === 'sample') continue;
      const days = step < HOUR ? options.keepMinutes : options.keepHours;
      wanted.set(table, days === undefined ? '' : `time + toIntervalDay(${days})`);
    }
    const { keepMeshHistory } = options;
    wanted.set('mesh_history', keepMeshHistory === undefined ? '' : timeToLive(keepMeshHistory));
    const retention = new Retention(door, options, tell);
    await retention.#expired?.look();
    await expire(door, wanted);
    return retention;
  }

  /** Counts what has expired. Drops the oldest days until the rest is within the size; looks for that once an hour, however often it is called. */
  async enforce(now = Date.now()): Promise<void> {
    await this.#expired?.look();
    if (this.#size === undefined || now < this.#next) return;
    this.#next = now + PAUSE;
    const partitions = await this.#partitions();
    let octets = partitions.reduce((sum, partition) => sum + Number(partition.octets), 0);
    for (const partition of droppable(partitions)) {
      if (octets <= this.#size) return;
      await this.#drop(partition);
      octets -= Number(partition.octets);
    }
    if (octets > this.#size)
      this.#tell(`the store has ${octets} octets, more than keep-size, in what is newest of each table; that is kept`);
  }

  async #drop({ table, id, octets, rows }: Partition): Promise<void> {
    for (const name of table === 'flows' ? [table, ...sampleTables] : [table]) {
      await this.#door.command(`ALTER TABLE ${name} DROP PARTITION ID '${id}' SETTINGS max_partition_size_to_drop = 0`);
    }
    this.dropped.partitions++;
    this.dropped.octets += Number(octets);
    if (table === 'flows') {
      this.dropped.records += Number(rows);
      this.#expired?.forget(id);
    }
    this.#tell(`dropped ${table} of ${id}, ${octets} octets, to keep within keep-size`);
  }

  /**
   * Partitions of the tables, each table's oldest first; records of broken clocks are as old as the first of them was received. The samples go with the
   * records that they are of.
   */
  async #partitions(): Promise<Partition[]> {
    const tables = ['flows', ...rollups.map(({ table }) => table), ...loadTables.map(({ name }) => name)];
    return await rowsOf<Partition>(
      this.#door,
      `SELECT if(${isSample}, 'flows', parts.table) AS table, partition_id AS id, sum(bytes_on_disk) AS octets,
         sumIf(rows, NOT ${isSample}) AS rows,
         if(id = '0', (SELECT toUInt64(toYYYYMMDD(min(receivedAt))) FROM flows WHERE _partition_id = '0'), toUInt64OrZero(id)) AS age
       FROM system.parts AS parts WHERE active AND database = currentDatabase() AND parts.table IN (${tables.map(name => `'${name}'`).join(', ')})
       GROUP BY table, id ORDER BY table, age`,
    );
  }
}

/**
 * Has the engine drop what becomes too old.
 * @param wanted SQL of when rows expire, by the name of their table; empty for never
 */
export async function expire(door: StoreDoor, wanted: ReadonlyMap<string, string>): Promise<void> {
  const tables = await rowsOf<{ name: string; engine: string }>(
    door,
    'SELECT name, engine_full AS engine FROM system.tables WHERE database = currentDatabase()',
  );
  for (const { name, engine } of tables) {
    const ttl = wanted.get(name);
    if (ttl === undefined || ttl === ttlOf(engine)) continue;
    await door.command(`ALTER TABLE ${name} ${ttl === '' ? 'REMOVE TTL' : `MODIFY TTL ${ttl}`}`);
  }
}

/** In the order in which they go: Flow Records before the sums that outlive them. The newest of each table stays. */
function droppable(partitions: readonly Partition[]): Partition[] {
  const tables = [...new Set(['flows', ...partitions.map(({ table }) => table)])];
  return tables.flatMap(name => partitions.filter(({ table }) => table === name).slice(0, -1));
}

/** The part of an engine's definition that says when rows expire. */
function ttlOf(engine: string): string {
  return / TTL (.*?) SETTINGS /.exec(engine)?.[1] ?? '';
}
