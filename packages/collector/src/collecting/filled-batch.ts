import type { FlowBatch } from '../flow/batch.js';
import { toNative } from '../flow/native.js';
import { endsOf } from './ends.js';

/** A batch on its way to the store. */
export interface FilledBatch {
  /** ClickHouse Native block. */
  readonly block: Uint8Array;
  readonly rows: number;
  /** The interval that the records' ends cover, milliseconds; both 0 where no record has an end. */
  readonly from: number;
  readonly to: number;
}

export function filledOf(batch: FlowBatch): FilledBatch {
  return { block: toNative(batch), rows: batch.rows, ...endsOf(batch) };
}
