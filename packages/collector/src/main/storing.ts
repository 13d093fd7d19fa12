import type { FilledBatch } from '../collecting/ingest.js';
import { writeSessions } from '../collecting/session-file.js';
import type { StoringCounters } from '../http/context.js';
import type { StoredEvent } from '../http/types.js';
import type { Store } from '../store/client.js';

/** Hands batches to the store, and with each the sessions to their file. */
export class Storing {
  readonly counters: StoringCounters = { storedBatches: 0, storedRecords: 0, failedRecords: 0 };
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  readonly #underway = new Set<Promise<void>>();
  /** Told when the store has room again. */
  readonly #held: (() => void)[] = [];
  readonly #store: Store;
  readonly #sessionFile: string;
  readonly #log: (line: string) => void;

  constructor(store: Store, sessionFile: string, log: (line: string) => void) {
    this.#store = store;
    this.#sessionFile = sessionFile;
    this.#log = log;
  }

  /** Calls the listener after each stored batch, until the function that it returns is called. */
  onStored(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The batch is in the spool when this returns, and the sequence numbers that follow it are in the file: whatever comes after
   * and is lost in a crash shows as a gap at the next start.
   * @returns resolves once the store has room for more
   */
  take({ block, ...event }: FilledBatch, sessions: string | undefined): Promise<void> {
    const inserted = this.#store.insert(block, event.rows);
    if (sessions !== undefined) this.keepSessions(sessions);
    // Hundreds may be underway: none of what follows may hold the block, which is in the spool.
    const settled = inserted
      .then(
        () => this.#stored(event),
        (error: Error) => {
          this.counters.failedRecords += event.rows;
          this.#log(`${event.rows} Flow Records are lost: ${error.message}`);
        },
      )
      .finally(() => {
        this.#underway.delete(settled);
        if (this.#store.hasRoom) for (const release of this.#held.splice(0)) release();
      });
    this.#underway.add(settled);
    return this.#store.hasRoom ? Promise.resolve() : new Promise(resolve => this.#held.push(resolve));
  }

  keepSessions(sessions: string): void {
    try {
      writeSessions(this.#sessionFile, sessions);
    } catch (error) {
      this.#log(
        `cannot keep the sessions: ${(error as Error).message}; Templates will be learned anew at the next start`,
      );
    }
  }

  /** Resolves when every batch taken so far is stored or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#underway);
  }

  #stored({ rows, from, to }: Omit<FilledBatch, 'block'>): void {
    this.counters.storedBatches++;
    this.counters.storedRecords += rows;
    for (const listener of this.#listeners) listener({ records: rows, from, to });
  }
}
