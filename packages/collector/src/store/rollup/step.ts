/** Batches after `from` up to `to`: their records go into a rollup at once. */
export interface Step {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * A step's rows are one block, so that they are at most one part in each partition: a part appears whole or not at all. They are summed up
 * already, and need not be looked through for what is alike when they are inserted.
 */
export const ONE_BLOCK =
  'SETTINGS max_threads = 1, max_insert_threads = 1, min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0, max_partitions_per_insert_block = 0, ' +
  'max_execution_time = 0, max_result_bytes = 0, optimize_on_insert = 0';

/** SQL: the condition of a step's records. */
export function recordsOf({ from, to }: Step): string {
  return `batch > ${from} AND batch <= ${to} AND NOT apart`;
}

/** How many of the batches make a step of at most so many records: one at least, so that there is always one. */
export function batchesOfStep(batches: readonly { readonly n: string }[], most: number): number {
  let rows = 0;
  const tooMany = batches.findIndex(({ n }, i) => {
    rows += Number(n);
    return i > 0 && rows > most;
  });
  return tooMany < 0 ? batches.length : tooMany;
}
