import { Parameters } from '../flow/filter-sql.js';
import type { StoreDoor } from './door.js';
import { withLiterals } from './literals.js';
import { towardsSql } from './queries/local.js';
import { Retention, type RetentionOptions } from './retention.js';
import { RollupProgress } from './rollup/progress.js';
import { rowsOf } from './rows.js';

export interface KeepOptions extends RetentionOptions {
  /** Networks that "in" is towards in what is summed up from now on. */
  readonly localNetworks?: readonly string[];
  /** Milliseconds between two looks for what can be summed up; default a minute. */
  readonly rollupPause?: number;
}

interface Surroundings {
  readonly settled: () => bigint;
  /** Whether the engine has enough to do with what comes in. */
  readonly busy: () => boolean;
  readonly tell: (line: string) => void;
}

const ROLLUP_PAUSE = 60_000;
/** Looks after which records go into the rollups however few they are, and however busy the engine is. */
const PATIENCE = 10;
/** Records that go into the rollups at the next look. */
const STEP_LEAST = 1_000_000;

/** What the store does by itself: keeps the rollups up with the Flow Records, and drops what is too old or too much. */
export class Keeper {
  readonly rollups: RollupProgress;
  readonly retention: Retention;
  /** No batch in the store is higher. */
  readonly newestBatch: bigint;
  readonly #pause: number;
  readonly #busy: () => boolean;
  readonly #tell: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  /** Looks since all that was settled went into the rollups; those of an earlier run go at once. */
  #looks = PATIENCE;
  #closed = false;

  private constructor(
    rollups: RollupProgress,
    retention: Retention,
    newestBatch: bigint,
    options: KeepOptions & Surroundings,
  ) {
    this.rollups = rollups;
    this.retention = retention;
    this.newestBatch = newestBatch;
    this.#pause = options.rollupPause ?? ROLLUP_PAUSE;
    this.#busy = options.busy;
    this.#tell = options.tell;
  }

  static async open(door: StoreDoor, options: KeepOptions & Surroundings): Promise<Keeper> {
    const parameters = new Parameters();
    const towards = withLiterals(towardsSql(options.localNetworks ?? [], parameters), parameters.values);
    const rollups = await RollupProgress.open(door, { towards, settled: options.settled });
    const retention = await Retention.open(door, options, options.tell);
    const [row] = await rowsOf<{ newest: string }>(
      door,
      `SELECT max(batch) AS newest FROM flows WHERE batch > ${rollups.highest}`,
    );
    const newest = BigInt(row?.newest ?? 0);
    return new Keeper(rollups, retention, newest > rollups.highest ? newest : rollups.highest, options);
  }

  start(): void {
    this.#schedule(0);
  }

  /** What is settled now goes into the rollups, if it is so many records; also without being told, every now and then. */
  async advance(atLeast = 0): Promise<void> {
    const before = this.#working;
    this.#working = (before ?? Promise.resolve()).catch(() => {}).then(() => this.rollups.advance(atLeast));
    await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working?.catch(() => {});
  }

  /** Sums can wait: until they are there, queries take the records themselves. But not for ever: these would take ever longer. */
  async #look(): Promise<void> {
    const due = ++this.#looks >= PATIENCE;
    if (this.#busy() && !due) return;
    await this.advance(due ? 0 : STEP_LEAST);
    if (due) this.#looks = 0;
  }

  #schedule(pause: number): void {
    this.#timer = setTimeout(() => void this.#work(), pause);
    this.#timer.unref();
  }

  async #work(): Promise<void> {
    let told: string | undefined;
    try {
      await this.#look();
      await this.retention.enforce();
    } catch (error) {
      told = (error as Error).message;
    }
    if (this.#closed) return;
    if (told !== undefined) this.#tell(`the store cannot be kept in order now, trying on: ${told}`);
    this.#schedule(this.#pause);
  }
}
