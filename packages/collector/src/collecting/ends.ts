import type { FlowBatch } from '../flow/batch.js';

/** The interval that the ends of a batch's records cover, milliseconds; { 0, 0 } where no record says when it ended. */
export function endsOf(batch: FlowBatch): { from: number; to: number } {
  const words = new Int32Array(batch.column('flowEnd').data.buffer);
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (let row = 0; row < batch.rows; row++) {
    const end = words[row * 2 + 1]! * 2 ** 32 + (words[row * 2]! >>> 0);
    if (end <= 0) continue;
    if (end < from) from = end;
    if (end > to) to = end;
  }
  return to === 0 ? { from: 0, to: 0 } : { from, to };
}
