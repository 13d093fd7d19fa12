import { totalmem } from 'node:os';
import type { InterfaceName } from '../collecting/meaning/interface-names.js';
import { WeirError } from '../error.js';
import { prepareDirectory } from './directory.js';
import { EngineDied, type StoreDoor } from './door.js';
import { passes } from './engineErrors.js';
import { EngineProcess } from './engineProcess.js';
import { parseRows, rowsOf } from './rows.js';
import { insertInterfaces, selectInterfaces } from './schema/interfaces.js';
import { prepareSchema } from './schema/migrations.js';
import { Spool } from './spool.js';

export interface StoreOptions {
  /** The collector's data directory. */
  directory: string;
  /** Octets that the engine may use; default a third of the machine's memory, but 1 to 4 GiB. */
  memory?: number;
  /** Called when something went wrong behind the callers' backs, with one line that says what: the engine's process died
   * (it is started again by itself), or it does not take a block. */
  onDeath?(why: string): void;
  /** Called with one line when opening takes long, because the data of an earlier release are brought to this one's layout. */
  onMigration?(line: string): void;
}

interface Batch {
  readonly number: bigint;
  /** Whether an earlier run may have stored it. */
  readonly again: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const GIBIBYTE = 2 ** 30;
/** Refusals of one block by a living engine before it is put aside. */
const REFUSALS = 3;
/** Deaths of the engine over one block before it is put aside. */
const DEATHS = 10;
const RETRY_PAUSE = 250;
const PASSING_PAUSE = 1000;

/** Flow Records on disk: blocks in, SQL out. One process at a time on a directory. */
export class Store {
  readonly #door: StoreDoor;
  readonly #spool: Spool;
  readonly #onDeath: (why: string) => void;
  readonly #queue: Batch[] = [];
  #pump: Promise<void> | undefined;
  #closed = false;

  private constructor(door: StoreDoor, spool: Spool, onDeath: (why: string) => void) {
    this.#onDeath = onDeath;
    this.#door = door;
    this.#spool = spool;
  }

  /**
   * Opens the directory, makes it where it is not there, and takes in the batches that an earlier run left in the spool.
   * @throws WeirError where it is in use, cannot be written, or is of a later Weir.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { engine, spool, version } = prepareDirectory(options.directory);
    const onDeath = (why: string) => options.onDeath?.(why);
    const door = new EngineProcess({
      directory: engine,
      spool,
      memory: options.memory ?? Math.min(4 * GIBIBYTE, Math.max(GIBIBYTE, Math.floor(totalmem() / 3))),
      onDeath,
    });
    await door.open();
    await prepareSchema(door, version, line => options.onMigration?.(line)).catch(async (error: Error) => {
      await door.close();
      throw new WeirError(`cannot bring the store in ${engine} to this release's layout: ${error.message}`);
    });
    const store = new Store(door, new Spool(spool), onDeath);
    // A block that is refused is put aside and told of; it must not keep the store shut.
    const leftovers = store.#spool.leftovers().map(batch => store.#enqueue(batch, true));
    for (const result of await Promise.allSettled(leftovers)) {
      if (result.status === 'rejected') onDeath((result.reason as Error).message);
    }
    return store;
  }

  get status(): { healthy: boolean; restarts: number; pendingBatches: number } {
    return { healthy: this.#door.healthy, restarts: this.#door.restarts, pendingBatches: this.#queue.length };
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
    return this.#enqueue(batch, false);
  }

  /** Rows of a query as objects; 64-bit integers are strings. */
  async query<T>(sql: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
    return await rowsOf<T>(this.#door, sql, parameters);
  }

  /** Rows of a query as they come, in bounded memory. */
  async *stream<T>(sql: string, parameters: Record<string, unknown> = {}): AsyncGenerator<T> {
    for await (const rows of this.#door.stream(sql, parameters)) yield* parseRows<T>(rows);
  }

  /**
   * Keeps names of interfaces.
   * @throws WeirError where the engine does not take them: they come again.
   */
  async nameInterfaces(names: readonly InterfaceName[]): Promise<void> {
    for (const statement of insertInterfaces(names)) await this.#door.command(statement);
  }

  /** The names that hold now. */
  async interfaces(): Promise<InterfaceName[]> {
    return await this.query<InterfaceName>(selectInterfaces);
  }

  async size(): Promise<{ rows: number; octetsOnDisk: number }> {
    const [sum] = await this.query<{ rows: string; octets: string }>(
      "SELECT sum(rows) AS rows, sum(bytes_on_disk) AS octets FROM system.parts WHERE active AND database = 'default' AND table = 'flows'",
    );
    return { rows: Number(sum?.rows ?? 0), octetsOnDisk: Number(sum?.octets ?? 0) };
  }

  /** Waits for the batches on their way, then ends the engine. Batches that cannot be stored stay in the spool. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#door.healthy) await this.#pump;
    await this.#door.close();
  }

  #enqueue(number: bigint, again: boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#queue.push({ number, again, resolve, reject });
      this.#pump ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    for (let batch = this.#queue[0]; batch !== undefined; batch = this.#queue[0]) {
      const error = await this.#take(batch);
      this.#queue.shift();
      if (error === undefined) batch.resolve();
      else batch.reject(error);
    }
    // In the same step as the last look at the queue: what is put in after it starts the next pump.
    this.#pump = undefined;
  }

  /** Hands one block to the engine until it is in or must be put aside. */
  async #take({ number, again }: Batch): Promise<Error | undefined> {
    const failures = { refused: 0, died: 0, passing: 0 };
    for (let repeated = again; ; repeated = true) {
      try {
        await this.#door.insert({ file: this.#spool.pathOf(number), batch: number, again: repeated });
        this.#spool.remove(number);
        return undefined;
      } catch (error) {
        const { message } = error as Error;
        const kind = error instanceof EngineDied ? 'died' : passes(message) ? 'passing' : 'refused';
        if (this.#closed && kind !== 'refused') return new WeirError(`a batch stays in the spool: ${message}`);
        failures[kind]++;
        if (failures.died >= DEATHS || failures.refused >= REFUSALS) {
          return new WeirError(
            `the engine does not take a batch, put aside as ${this.#spool.reject(number)}: ${message}`,
          );
        }
        if (kind === 'passing' && failures.passing === 1)
          this.#onDeath(`the engine takes no batch now, trying on: ${message}`);
        await new Promise(resolve => setTimeout(resolve, kind === 'passing' ? PASSING_PAUSE : RETRY_PAUSE));
      }
    }
  }
}
