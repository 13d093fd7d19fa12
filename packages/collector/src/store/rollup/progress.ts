import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { Gate } from './gate.js';
import { createRollup, type Rollup, rollups } from './rollups.js';
import { type Step, stepStatement } from './statements.js';

/**
 * How far each rollup has come: a step is in the journal before any of it is in the rollup's table. The last step of a journal may
 * be done in part, then, and is done again by whoever opens it.
 */
const JOURNAL = 'rollup_steps';
const createJournal = `CREATE TABLE IF NOT EXISTS ${JOURNAL} (
  name String, first UInt64, last UInt64
) ENGINE = ReplacingMergeTree(last) ORDER BY name`;

/** Records that go into a rollup at once: bounds the memory that it takes. */
const STEP_ROWS = 16_000_000;

export interface ProgressOptions {
  /** SQL: whether a record's source sends "in". */
  readonly towards: string;
  /** All batches up to this one are in the table of Flow Records, or never will be. */
  readonly settled: () => bigint;
  /** Records of a step; default 16,000,000. */
  readonly stepRows?: number;
}

/** What a rollup has: the records of all batches up to this one. */
type Done = bigint;

/** Brings the rollups after the Flow Records, batch range by batch range, each exactly once. */
export class RollupProgress {
  readonly #door: StoreDoor;
  readonly #options: ProgressOptions;
  readonly #gate = new Gate();
  /** The last step of each rollup, which may not be in its table yet. */
  readonly #steps = new Map<string, Step>();
  readonly #done = new Map<string, Done>();

  private constructor(door: StoreDoor, options: ProgressOptions) {
    this.#door = door;
    this.#options = options;
  }

  /** Makes the tables where they are not there. Nothing can be read from a rollup before the first `advance`. */
  static async open(door: StoreDoor, options: ProgressOptions): Promise<RollupProgress> {
    const progress = new RollupProgress(door, options);
    await door.command(createJournal);
    for (const rollup of rollups) await door.command(createRollup(rollup, ''));
    const steps = await rowsOf<{ name: string; start: string; end: string }>(
      door,
      `SELECT name, argMax(first, last) AS start, max(last) AS end FROM ${JOURNAL} GROUP BY name`,
    );
    for (const { name, start, end } of steps) progress.#steps.set(name, { from: BigInt(start), to: BigInt(end) });
    return progress;
  }

  /** The highest batch of which a rollup knows. */
  get highest(): bigint {
    return [...this.#steps.values()].reduce((highest, { to }) => (to > highest ? to : highest), 0n);
  }

  /** Takes what is settled into the rollups. One call at a time; throws what the door throws, and can be called again then. */
  async advance(): Promise<void> {
    for (const rollup of rollups) {
      await this.#finish(rollup);
      for (;;) {
        const step = await this.#nextStep(rollup);
        if (step === undefined) break;
        await this.#door.command(
          `INSERT INTO ${JOURNAL} (name, first, last) VALUES ('${rollup.table}', ${step.from}, ${step.to})`,
        );
        this.#steps.set(rollup.table, step);
        await this.#take(rollup, step, false);
      }
    }
  }

  /**
   * Asks a rollup. Its records are those of the batches up to the one that the function is told of, as long as it runs; of undefined
   * batches where that is not known, and the rollup must be left alone.
   */
  async reading<T>(rollup: Rollup, query: (done: bigint | undefined) => Promise<T>): Promise<T> {
    return await this.#gate.read(() => query(this.#done.get(rollup.table)));
  }

  /** Does the last step again where it is not known to be done. */
  async #finish(rollup: Rollup): Promise<void> {
    if (this.#done.has(rollup.table)) return;
    const step = this.#steps.get(rollup.table);
    if (step === undefined) this.#done.set(rollup.table, 0n);
    else await this.#take(rollup, step, true);
  }

  async #take(rollup: Rollup, step: Step, again: boolean): Promise<void> {
    await this.#gate.write(async () => {
      this.#done.delete(rollup.table);
      await this.#door.command(stepStatement(rollup, step, this.#options.towards, again));
      this.#done.set(rollup.table, step.to);
    });
  }

  /** The batches that are settled and not in the rollup, or as many of them as make a step. */
  async #nextStep(rollup: Rollup): Promise<Step | undefined> {
    const from = this.#done.get(rollup.table)!;
    const batches = await rowsOf<{ batch: string; n: string }>(
      this.#door,
      `SELECT batch, count() AS n FROM flows WHERE batch > ${from} AND batch <= ${this.#options.settled()} GROUP BY batch ORDER BY batch`,
    );
    let rows = 0;
    let to: bigint | undefined;
    for (const { batch, n } of batches) {
      rows += Number(n);
      if (to !== undefined && rows > (this.#options.stepRows ?? STEP_ROWS)) break;
      to = BigInt(batch);
    }
    return to === undefined ? undefined : { from, to };
  }
}
