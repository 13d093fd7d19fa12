import type { FlowBatch } from '../flow/batch.js';

/** Adds to Flow Records what the collector knows of them and the exporter did not say. */
export interface Enricher {
  /**
   * Fills columns of the rows [from, to), of one Template, that are decoded and stamped, and marks what it has filled. Runs
   * for every Data Set: no I/O, no waiting, no object for a record. Must not throw.
   */
  fill(batch: FlowBatch, from: number, to: number): void;
}
