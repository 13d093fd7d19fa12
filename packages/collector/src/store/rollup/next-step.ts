import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { TIME_SHIFT } from '../spool.js';
import { batchesOfStep } from './step.js';

/** Records of a step: bounds the memory that it takes, here and in the engine. */
const STEP_ROWS = 250_000;
/** Batches are looked for by the time in their numbers, so much of it at once: there may be years of them. */
const WINDOW = 600_000n << TIME_SHIFT;

/** When a batch came in, milliseconds since the epoch. */
export function timeOfBatch(batch: bigint): number {
  return Number(batch >> TIME_SHIFT);
}

/** Batches that came in later have larger numbers. */
export function firstBatchAt(time: number): bigint {
  return BigInt(Math.max(0, Math.floor(time))) << TIME_SHIFT;
}

/** The last of the batches after `from`, up to `until`, that make a step; undefined where there are none. */
export async function nextStep(door: StoreDoor, from: bigint, until: bigint): Promise<bigint | undefined> {
  for (let start = from; start < until; ) {
    const end = start + WINDOW < until ? start + WINDOW : until;
    const batches = await rowsOf<{ batch: string; n: string }>(
      door,
      `SELECT batch, count() AS n FROM flows WHERE batch > ${start} AND batch <= ${end} GROUP BY batch ORDER BY batch`,
    );
    if (batches.length > 0) return BigInt(batches[batchesOfStep(batches, STEP_ROWS) - 1]!.batch);
    const [next] = await rowsOf<{ first: string; n: string }>(
      door,
      `SELECT min(batch) AS first, count() AS n FROM flows WHERE batch > ${end} AND batch <= ${until}`,
    );
    if (Number(next!.n) === 0) return undefined;
    start = BigInt(next!.first) - 1n;
  }
  return undefined;
}
