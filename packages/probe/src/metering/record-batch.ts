/** Data Records finished by the kernel, in the memory where it left them. Filled anew by each read. */
export interface RecordBatch {
  /** The memory that they lie in: read-only, never write to it. */
  readonly bytes: Uint8Array;
  /** The address of bytes[0], for gathered sending. */
  readonly address: bigint;
  /** Records in the batch: of each of the arrays below so many are valid. */
  count: number;
  /** Which fields a record has: the bits of record-kinds.ts. */
  readonly kinds: Uint32Array;
  readonly flags: Uint32Array;
  /** Where each Data Record begins in `bytes`, and its octets. */
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}
