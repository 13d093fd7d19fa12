import { WeirError } from '../error.js';
import { EngineDied, type StoreDoor } from './door.js';
import { passes } from './engineErrors.js';
import type { ComputedColumns } from './schema/flows.js';
import type { Spool } from './spool.js';

interface Batch {
  readonly number: bigint;
  /** Whether an earlier run may have stored it. */
  readonly again: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Blocks that the engine takes at once: one is compressed while the other is read. */
const AT_ONCE = 2;
/** Refusals of one block by a living engine before it is put aside. */
const REFUSALS = 3;
/** Deaths of the engine over one block before it is put aside. */
const DEATHS = 10;
const RETRY_PAUSE = 250;
const PASSING_PAUSE = 1000;

/** Brings blocks from the spool into the table. */
export class Inserter {
  readonly #door: StoreDoor;
  readonly #spool: Spool;
  readonly #computed: ComputedColumns;
  readonly #tell: (line: string) => void;
  readonly #queue: Batch[] = [];
  readonly #underway = new Set<Batch>();
  readonly #pumps = new Set<Promise<void>>();
  /** Batches that are in the table by this. */
  taken = 0;
  #closed = false;

  constructor(door: StoreDoor, spool: Spool, computed: ComputedColumns, tell: (line: string) => void) {
    this.#door = door;
    this.#spool = spool;
    this.#computed = computed;
    this.#tell = tell;
  }

  /** Batches that are not settled. */
  get pending(): number {
    return this.#queue.length + this.#underway.size;
  }

  /** The lowest batch that is not settled. */
  get lowest(): bigint | undefined {
    let lowest: bigint | undefined;
    for (const { number } of [...this.#underway, ...this.#queue.slice(0, 1)]) {
      if (lowest === undefined || number < lowest) lowest = number;
    }
    return lowest;
  }

  /**
   * Takes a batch that is in the spool; numbers must ascend. Resolves when it is in the table.
   * @param again whether there may have been an earlier attempt.
   */
  enqueue(number: bigint, again: boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#queue.push({ number, again, resolve, reject });
      if (this.#pumps.size >= AT_ONCE) return;
      const pump = this.#work(() => this.#pumps.delete(pump));
      this.#pumps.add(pump);
    });
  }

  /** Waits for the batches, unless the engine is away: they stay in the spool then. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#door.healthy) await Promise.all(this.#pumps);
  }

  async #work(ended: () => void): Promise<void> {
    // The caller keeps the promise before anything here ends.
    await Promise.resolve();
    for (let batch = this.#queue.shift(); batch !== undefined; batch = this.#queue.shift()) {
      this.#underway.add(batch);
      const error = await this.#take(batch);
      this.#underway.delete(batch);
      if (error === undefined) batch.resolve();
      else batch.reject(error);
    }
    // In the same step as the last look at the queue: what is put in after it starts the next pump.
    ended();
  }

  /** Hands one block to the engine until it is in or must be put aside. */
  async #take({ number, again }: Batch): Promise<Error | undefined> {
    const failures = { refused: 0, died: 0, passing: 0 };
    for (let repeated = again; ; repeated = true) {
      try {
        const file = this.#spool.pathOf(number);
        await this.#door.insert({ file, batch: number, again: repeated, computed: this.#computed });
        this.taken++;
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
          this.#tell(`the engine takes no batch now, trying on: ${message}`);
        await new Promise(resolve => setTimeout(resolve, kind === 'passing' ? PASSING_PAUSE : RETRY_PAUSE));
      }
    }
  }
}
