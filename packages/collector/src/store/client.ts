import { addToldElement, type ToldElement } from '@weir/flow';
import { WeirError } from '../error.js';
import type { InterfaceName, Told } from '../flow/told.js';
import { asking } from './asking.js';
import { Billing, type BillingOptions } from './billing/billing.js';
import type { FileFormat, StoreDoor } from './door.js';
import { openDoor } from './doors/open.js';
import type { ServerSettings } from './doors/settings.js';
import { EventTable } from './events/event-table.js';
import { Inserter } from './inserter.js';
import { Keeper, type KeepOptions } from './keeper.js';
import { Memory } from './memory.js';
import { MeshHistory } from './mesh/history.js';
import { MeshLoads } from './mesh/loads.js';
import type { MeshLoadsOptions } from './mesh/options.js';
import type { Rollup } from './rollup/rollups.js';
import { parseRows, rowsOf } from './rows.js';
import { hasElements, insertElements, selectElements } from './schema/elements.js';
import { insertInterfaces, selectInterfaces } from './schema/interfaces.js';
import { type Tag, tagColumns } from './schema/tags.js';
import { Spool } from './spool.js';

export interface StoreOptions extends KeepOptions {
  /** The collector's data directory. */
  directory: string;
  /** ClickHouse servers that keep the records; undefined: the embedded engine in the directory. */
  server?: ServerSettings | undefined;
  /** Names that records get when they are stored; default none. */
  tags?: readonly Tag[];
  /** Octets that the engine may use; default a third of the machine's memory, but 1 to 4 GiB. */
  memory?: number;
  /** Called when something went wrong behind the callers' backs, with one line that says what: the engine's process died
   * (it is started again by itself), or it does not take a block. */
  onDeath?(why: string): void;
  /** Called with one line when opening takes long, because the data of an earlier release are brought to this one's layout. */
  onMigration?(line: string): void;
}

/** So many that wait say that the engine is behind. */
const BUSY_BATCHES = 4;

/** Flow Records on disk: blocks in, SQL out. One process at a time on a directory. */
export class Store {
  readonly meshHistory: MeshHistory;
  readonly events: EventTable;
  readonly #door: StoreDoor;
  readonly #spool: Spool;
  readonly #inserter: Inserter;
  readonly #keeper: Keeper | undefined;
  readonly #localNetworks: string;
  readonly #memory = new Memory();
  #meshLoads: MeshLoads | undefined;
  #billing: Billing | undefined;
  #closed = false;

  private constructor(
    door: StoreDoor,
    spool: Spool,
    inserter: Inserter,
    keeper: Keeper | undefined,
    { localNetworks = [] }: Pick<StoreOptions, 'localNetworks'>,
  ) {
    this.#door = door;
    this.#spool = spool;
    this.#inserter = inserter;
    this.#keeper = keeper;
    this.#localNetworks = String(localNetworks);
    this.meshHistory = new MeshHistory(door, keeper !== undefined);
    this.events = new EventTable(door, spool.collector);
  }

  /**
   * Opens the directory, makes it where it is not there, and takes in the batches that an earlier run left in the spool.
   * @throws WeirError where it is in use, cannot be written, or is of a later Weir.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const onDeath = (why: string) => options.onDeath?.(why);
    const onMigration = (line: string) => options.onMigration?.(line);
    const { door, spool } = await openDoor({ ...options, onDeath, onMigration });
    const inserter = new Inserter(door, spool, tagColumns(options.tags ?? []), onDeath);
    // On servers batches of other collectors may come between ours: rollups go by ranges of batches, and are not for them yet.
    const keeper =
      options.server === undefined
        ? await Keeper.open(door, {
            ...options,
            settled: () => (inserter.lowest ?? spool.newest + 1n) - 1n,
            busy: () => inserter.pending > BUSY_BATCHES,
            tell: onDeath,
          })
        : undefined;
    const left = spool.leftovers();
    for (const batch of [keeper?.newestBatch ?? 0n, ...left]) spool.continueAfter(batch);
    const store = new Store(door, spool, inserter, keeper, options);
    await store.#knowElements();
    // A block that is refused is put aside and told of; it must not keep the store shut.
    const leftovers = left.map(batch => inserter.enqueue(batch, true));
    for (const result of await Promise.allSettled(leftovers)) {
      if (result.status === 'rejected') onDeath((result.reason as Error).message);
    }
    keeper?.start();
    return store;
  }

  /**
   * Opens what collectors have stored on servers, for questions only.
   * @throws WeirError where they cannot be asked.
   */
  static async ofServers(server: ServerSettings): Promise<Store> {
    const { ServerDoor } = await import('./doors/server.js');
    const door = new ServerDoor({ ...server, onDeath: () => {} });
    await door.open();
    const spool = new Spool('');
    const store = new Store(door, spool, new Inserter(door, spool, {}, () => {}), undefined, {});
    store.#closed = true;
    await store.#knowElements();
    return store;
  }

  get status(): { healthy: boolean; restarts: number; pendingBatches: number } {
    return { healthy: this.#door.healthy, restarts: this.#door.restarts, pendingBatches: this.#inserter.pending };
  }

  /** Whether the engine has enough to do with what comes in. */
  get isBusy(): boolean {
    return this.#inserter.pending > BUSY_BATCHES;
  }

  /** Batches that are in the table since this was opened. */
  get taken(): number {
    return this.#inserter.taken;
  }

  /** All batches up to this one are in the table, or never will be. */
  get settled(): bigint {
    return (this.#inserter.lowest ?? this.#spool.newest + 1n) - 1n;
  }

  /** The number of this collector among those that store on the same servers. */
  get collector(): number {
    return this.#spool.collector;
  }

  /** Process id of the engine. */
  get enginePid(): number | undefined {
    return this.#door.pid;
  }

  /**
   * Stores a block in Native format, exactly once. The block is safe in the spool when this returns its promise, and in the
   * table when the promise resolves; a crash of either process in between loses and doubles nothing. (Not so a power cut:
   * nothing is forced to the disk.)
   * @param rows rows of the block; nothing is done for 0.
   * @throws WeirError where the spool cannot be written, or the engine refuses the block.
   */
  insert(block: Uint8Array, rows: number): Promise<void> {
    return rows === 0 ? Promise.resolve() : this.#accept(() => this.#spool.write(block));
  }

  /**
   * The same with a block that is a file already, in the data directory: it is moved into the spool before this returns its promise.
   * How many wait there is for who brings them to see to.
   */
  adopt(file: string): Promise<void> {
    return this.#accept(() => this.#spool.adopt(file));
  }

  /** Not an async function: that would hold the block, megabytes of it, until the engine has taken it from the spool. */
  #accept(intoSpool: () => bigint): Promise<void> {
    if (this.#closed) return Promise.reject(new WeirError('the store is closed'));
    let batch: bigint;
    try {
      batch = intoSpool();
    } catch (error) {
      return Promise.reject(new WeirError(`cannot write a batch to the spool: ${(error as Error).message}`));
    }
    return this.#inserter.enqueue(batch, false);
  }

  /** Rows of a query as objects; 64-bit integers are strings. */
  async query<T>(sql: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
    return await rowsOf<T>(this.#door, sql, parameters, asking.getStore());
  }

  /** The same, asked once where it is asked several times in a moment and nothing was stored meanwhile. It is not ended when one of those who ask is gone. */
  async queryOnce<T>(sql: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
    const question = JSON.stringify([sql, parameters], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    return await this.#memory.ask(question, this.#inserter.taken, () => rowsOf<T>(this.#door, sql, parameters));
  }

  /** The rows as the octets of a file. */
  download(sql: string, parameters: Record<string, unknown>, format: FileFormat): AsyncGenerator<Uint8Array> {
    return this.#door.download(sql, parameters, format, asking.getStore());
  }

  /** Rows of a query as they come, in bounded memory. */
  async *stream<T>(sql: string, parameters: Record<string, unknown> = {}): AsyncGenerator<T> {
    for await (const rows of this.#door.stream(sql, parameters, asking.getStore())) yield* parseRows<T>(rows);
  }

  /**
   * Keeps what exporters have told beside their records.
   * @throws WeirError where the engine does not take it.
   */
  async keepTold({ interfaces, elements }: Told): Promise<void> {
    for (const statement of [...insertInterfaces(interfaces), ...insertElements(elements)])
      await this.#door.command(statement);
    for (const element of elements) addToldElement(element);
  }

  /** Elements that exporters have defined themselves go by their names from here on. */
  async #knowElements(): Promise<void> {
    if ((await this.query(hasElements)).length === 0) return;
    for (const element of await this.query<ToldElement>(selectElements)) addToldElement(element);
  }

  /** The names that hold now. */
  async interfaces(): Promise<InterfaceName[]> {
    return await this.query<InterfaceName>(selectInterfaces);
  }

  /** Flow Records, and what they and their sums take. */
  async size(): Promise<{ rows: number; octetsOnDisk: number }> {
    const [sum] = await this.query<{ rows: string; octets: string }>(
      "SELECT sumIf(rows, table IN ('flows', 'flows_local')) AS rows, sum(bytes_on_disk) AS octets FROM system.parts WHERE active AND database = currentDatabase()",
    );
    return { rows: Number(sum?.rows ?? 0), octetsOnDisk: Number(sum?.octets ?? 0) };
  }

  /** What keeps rollups and retention going; undefined on servers. */
  get keeper(): Keeper | undefined {
    return this.#keeper;
  }

  /** Keeps up what links of topologies carry, from here on by itself; undefined on servers. */
  async meshLoads(options: MeshLoadsOptions): Promise<MeshLoads | undefined> {
    if (this.#keeper === undefined) return undefined;
    this.#meshLoads = await MeshLoads.open(this.#door, { ...options, ...this.#surroundings() });
    this.#meshLoads.start();
    return this.#meshLoads;
  }

  /** Opens the accounts, which are kept up once they are told to start; undefined on servers. */
  async billing(options: BillingOptions): Promise<Billing | undefined> {
    if (this.#keeper === undefined) return undefined;
    this.#billing = await Billing.open(this.#door, { ...options, ...this.#surroundings() });
    return this.#billing;
  }

  #surroundings() {
    return { settled: () => this.settled, busy: () => this.isBusy };
  }

  /**
   * Asks rollups: see RollupProgress.reading.
   * @param localNetworks those that "in" is towards, where the query tells in and out apart.
   */
  async reading<T>(
    rollups: readonly Rollup[],
    query: (done: bigint | undefined) => Promise<T>,
    localNetworks?: readonly string[],
  ): Promise<T> {
    const keeper = this.#keeper;
    if (rollups.length === 0 || keeper === undefined) return await query(undefined);
    const tells = (rollup: Rollup) =>
      String(localNetworks) === this.#localNetworks && keeper.rollups.tellsDirections(rollup);
    if (localNetworks !== undefined && !rollups.every(tells)) return await query(undefined);
    return await keeper.rollups.reading(rollups, query);
  }

  /** Waits for the batches on their way, then ends the engine. Batches that cannot be stored stay in the spool. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#inserter.close();
    await this.#meshLoads?.close();
    await this.#billing?.close();
    await this.#keeper?.close();
    await this.#door.close();
  }
}
