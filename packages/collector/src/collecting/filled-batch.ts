import type { FlowBatch } from '../flow/batch.js';
import { nativeParts } from '../flow/native.js';
import { endsOf } from './ends.js';

/** A batch on its way to the store. */
export interface FilledBatch {
  /** ClickHouse Native block, in parts that are the batch's own memory: not to be kept. */
  readonly block: readonly Uint8Array[];
  readonly rows: number;
  /** The interval that the records' ends cover, milliseconds; both 0 where no record has an end. */
  readonly from: number;
  readonly to: number;
}

export function filledOf(batch: FlowBatch): FilledBatch {
  return { block: nativeParts(batch), rows: batch.rows, ...endsOf(batch) };
}

/** The block in one piece, to be kept. */
export function copyOf({ block, rows }: FilledBatch): { block: Uint8Array; rows: number } {
  return { block: Buffer.concat(block), rows };
}
