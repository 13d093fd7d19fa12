import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { createHeld, heldStatements } from './ends.js';
import { Gate } from './gate.js';
import {
  createRollup,
  DIRECTION,
  directions,
  families,
  familyOf,
  type Rollup,
  rollups,
  sampleRollups,
} from './rollups.js';
import { prepareSample, sampleStatements } from './sample.js';
import { createSpans, spanStatements } from './spans.js';
import { stepStatement } from './statements.js';
import { batchesOfStep, type Step } from './step.js';

/**
 * How far each rollup has come: a step is in the journal before any of it is in the rollup's table. The last step of a journal may
 * be done in part, then, and is done again by whoever opens it.
 */
const JOURNAL = 'rollup_steps';
const createJournal = `CREATE TABLE IF NOT EXISTS ${JOURNAL} (
  name String, first UInt64, last UInt64
) ENGINE = ReplacingMergeTree(last) ORDER BY name`;

/** The last step of each rollup that is wholly in its table: doing it again takes seconds, in which there are no estimates. */
const FINISHED = 'rollup_finished';
const createFinished = `CREATE TABLE IF NOT EXISTS ${FINISHED} (
  name String, last UInt64
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
  /** Tables with sums of an earlier release, which did not tell directions. */
  readonly #directionless = new Set<string>();

  private constructor(door: StoreDoor, options: ProgressOptions) {
    this.#door = door;
    this.#options = options;
  }

  /** Makes the tables where they are not there. Rollups whose last step may not be done can be read from the first `advance` on. */
  static async open(door: StoreDoor, options: ProgressOptions): Promise<RollupProgress> {
    const progress = new RollupProgress(door, options);
    await door.command(createJournal);
    await door.command(createFinished);
    await door.command(createSpans);
    for (const family of families) if (family.rollups[0]!.kind === 'ends') await door.command(createHeld(family));
    await prepareSample(door);
    for (const rollup of rollups) {
      if (rollup.kind === 'sample') continue;
      await door.command(createRollup(rollup, ''));
      if (rollup.kind === 'ends' && (await lacksDirections(door, rollup))) progress.#directionless.add(rollup.table);
    }
    const steps = await rowsOf<{ name: string; start: string; end: string }>(
      door,
      `SELECT name, argMax(first, last) AS start, max(last) AS end FROM ${JOURNAL} GROUP BY name`,
    );
    for (const { name, start, end } of steps) progress.#steps.set(name, { from: BigInt(start), to: BigInt(end) });
    const finished = await rowsOf<{ name: string; end: string }>(
      door,
      `SELECT name, max(last) AS end FROM ${FINISHED} GROUP BY name`,
    );
    for (const { name, end } of finished) {
      const step = progress.#steps.get(name);
      if (step?.to === BigInt(end)) progress.#done.set(name, step.to);
    }
    return progress;
  }

  /** The highest batch of which a rollup knows. */
  get highest(): bigint {
    return [...this.#steps.values()].reduce((highest, { to }) => (to > highest ? to : highest), 0n);
  }

  /** Whether all sums of a rollup tell in and out apart. */
  tellsDirections({ table }: Rollup): boolean {
    return !this.#directionless.has(table);
  }

  /**
   * Takes what is settled into the rollups. One call at a time; throws what the door throws, and can be called again then.
   * @param atLeast records that must have come for a step to be taken: rows of small steps are merged again and again.
   */
  async advance(atLeast = 0): Promise<void> {
    // The samples take least, and estimates need no others.
    for (const rollup of [...sampleRollups, ...rollups]) await this.#finish(rollup);
    for (const family of families) {
      for (;;) {
        const next = await this.#nextStep(family.rollups, atLeast);
        if (next === undefined) break;
        for (const { table } of next.members) {
          await this.#door.command(
            `INSERT INTO ${JOURNAL} (name, first, last) VALUES ('${table}', ${next.step.from}, ${next.step.to})`,
          );
          this.#steps.set(table, next.step);
        }
        await this.#take(next.members, next.step, false);
      }
    }
  }

  /**
   * Asks rollups. Their records are those of the batches up to the one that the function is told of, as long as it runs; of undefined
   * batches where they have not the same or that is not known, and they must be left alone.
   */
  async reading<T>(asked: readonly Rollup[], query: (done: bigint | undefined) => Promise<T>): Promise<T> {
    return await this.#gate.read(() => {
      const [first, ...others] = asked.map(({ table }) => this.#done.get(table));
      return query(others.every(done => done === first) ? first : undefined);
    });
  }

  /** Does the last step again where it is not known to be done. */
  async #finish(rollup: Rollup): Promise<void> {
    if (this.#done.has(rollup.table)) return;
    const step = this.#steps.get(rollup.table);
    if (step === undefined) this.#done.set(rollup.table, 0n);
    else await this.#take([rollup], step, true);
  }

  async #take(members: readonly Rollup[], step: Step, again: boolean): Promise<void> {
    const whole = (rollup: Rollup) =>
      step.from === 0n && rollup.finer !== undefined && this.#done.get(rollup.finer) === step.to;
    const [first] = members;
    if (!members.every(whole)) {
      for (const statement of this.#fill(first!, step)) await this.#door.command(statement);
    }
    // All at once, so that questions find them as far as each other.
    await this.#gate.write(async () => {
      for (const rollup of members) {
        this.#done.delete(rollup.table);
        await this.#door.command(stepStatement(rollup, step, { again, whole: whole(rollup) }));
        this.#done.set(rollup.table, step.to);
      }
    });
    const rows = members.map(({ table }) => `('${table}', ${step.to})`);
    await this.#door.command(`INSERT INTO ${FINISHED} (name, last) VALUES ${rows.join(', ')}`);
  }

  /** Statements that fill the table of a step's records, for the rollups that are made of one. */
  #fill(rollup: Rollup, step: Step): readonly string[] {
    const { towards } = this.#options;
    if (rollup.kind === 'spread') return spanStatements(step, towards);
    if (rollup.kind === 'sample') return sampleStatements(step);
    return rollup.kind === 'ends' ? heldStatements(familyOf(rollup), step, towards) : [];
  }

  /**
   * The batches that are settled and not in the rollups that are the furthest behind, or as many of them as make a step. These come
   * to where the others are, first.
   */
  async #nextStep(
    family: readonly Rollup[],
    atLeast: number,
  ): Promise<{ step: Step; members: readonly Rollup[] } | undefined> {
    const from = family
      .map(({ table }) => this.#done.get(table)!)
      .reduce((least, done) => (done < least ? done : least));
    const ahead = family.map(({ table }) => this.#done.get(table)!).filter(done => done > from);
    const until = ahead.reduce<bigint | undefined>(
      (least, done) => (least === undefined || done < least ? done : least),
      undefined,
    );
    const batches = await rowsOf<{ batch: string; n: string }>(
      this.#door,
      `SELECT batch, count() AS n FROM flows WHERE batch > ${from} AND batch <= ${until ?? this.#options.settled()} GROUP BY batch ORDER BY batch`,
    );
    if (batches.reduce((sum, { n }) => sum + Number(n), 0) < atLeast && until === undefined) return undefined;
    const count = batchesOfStep(batches, this.#options.stepRows ?? STEP_ROWS);
    const last = count === 0 ? undefined : BigInt(batches[count - 1]!.batch);
    // What the others have may be gone from the Flow Records since.
    const to = count === batches.length ? (until ?? last) : last;
    if (to === undefined) return undefined;
    return { step: { from, to }, members: family.filter(({ table }) => this.#done.get(table) === from) };
  }
}

async function lacksDirections(door: StoreDoor, { table }: Rollup): Promise<boolean> {
  const found = await rowsOf(door, `SELECT 1 FROM ${table} WHERE ${DIRECTION} = ${directions.unknown} LIMIT 1`);
  return found.length > 0;
}
