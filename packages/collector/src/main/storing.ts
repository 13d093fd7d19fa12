import type { BlockFile } from '../collecting/spool/directory.js';
import type { StoringCounters } from '../http/context.js';
import type { StoredEvent } from '../http/types.js';
import type { Store } from '../store/client.js';

/** Hands blocks to the store. */
export class Storing {
  readonly counters: StoringCounters = { storedBatches: 0, storedRecords: 0, failedRecords: 0 };
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  readonly #underway = new Set<Promise<void>>();
  /** Told when there is room again. */
  readonly #held: (() => void)[] = [];
  readonly #store: Store;
  readonly #limit: number;
  readonly #log: (line: string) => void;
  #octets = 0;

  /** @param limit octets of blocks that wait for the engine; with so many no more should be brought */
  constructor(store: Store, limit: number, log: (line: string) => void) {
    this.#store = store;
    this.#limit = limit;
    this.#log = log;
  }

  /** Octets of blocks that wait for the engine. */
  get octets(): number {
    return this.#octets;
  }

  /** Calls the listener after each stored batch, until the function that it returns is called. */
  onStored(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The block is in the store's spool when this returns.
   * @returns resolves once there is room for more
   */
  take({ path, octets, ...event }: BlockFile): Promise<void> {
    this.#octets += octets;
    const settled = this.#store
      .adopt(path)
      .then(
        () => this.#stored(event),
        (error: Error) => {
          this.counters.failedRecords += event.rows;
          this.#log(`${event.rows} Flow Records are lost: ${error.message}`);
        },
      )
      .finally(() => {
        this.#underway.delete(settled);
        this.#octets -= octets;
        if (this.#hasRoom) for (const release of this.#held.splice(0)) release();
      });
    this.#underway.add(settled);
    return this.#hasRoom ? Promise.resolve() : new Promise(resolve => this.#held.push(resolve));
  }

  /** Resolves when every batch taken so far is stored or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#underway);
  }

  get #hasRoom(): boolean {
    return this.#octets < this.#limit;
  }

  #stored({ rows, from, to }: Omit<BlockFile, 'path' | 'octets'>): void {
    this.counters.storedBatches++;
    this.counters.storedRecords += rows;
    for (const listener of this.#listeners) listener({ records: rows, from, to });
  }
}
