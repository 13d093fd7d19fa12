import { readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SUFFIX = '.native';
/** Bits of a batch's number: milliseconds since the epoch, the collector, chance. */
const COLLECTOR_BITS = 10n;
const CHANCE_BITS = 12n;
export const TIME_SHIFT = COLLECTOR_BITS + CHANCE_BITS;
/** Collectors that can store on the same servers. */
export const COLLECTORS = 2 ** Number(COLLECTOR_BITS);
const block = /^[0-9a-f]{16}\.native$/;
/** Blocks that the engine refused, kept to be looked at. */
const REJECTED_KEPT = 16;

/** SQL: whether a batch is of the collector with this number. */
export function ofCollectorSql(collector: number): string {
  return `bitAnd(bitShiftRight(batch, ${CHANCE_BITS}), ${COLLECTORS - 1}) = ${collector}`;
}

/** Blocks on their way to the engine, as files named by their batch number. */
export class Spool {
  readonly #directory: string;
  readonly #collector: bigint;
  #last = 0n;

  /** @param collector number that no other has whose blocks come into the same table. */
  constructor(directory: string, collector = 0) {
    this.#directory = directory;
    this.#collector = BigInt(collector);
  }

  /** The number of this collector, which its batches carry. */
  get collector(): number {
    return Number(this.#collector);
  }

  /** Numbers of the batches that are there, oldest first. Removes halves of blocks that a crash left. */
  leftovers(): bigint[] {
    const files = readdirSync(this.#directory);
    for (const file of files) if (file.endsWith('.part')) rmSync(join(this.#directory, file), { force: true });
    return files
      .filter(file => block.test(file))
      .sort()
      .map(file => BigInt(`0x${file.slice(0, -SUFFIX.length)}`));
  }

  /** When this returns the batch's number, the block is in the spool whole. Synchronous, so that the caller knows that. */
  write(bytes: Uint8Array): bigint {
    const batch = this.#newNumber();
    const part = `${this.pathOf(batch)}.part`;
    try {
      writeFileSync(part, bytes, { mode: 0o600 });
      renameSync(part, this.pathOf(batch));
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
    return batch;
  }

  /** Takes over a file that holds a block, from a directory on the same file system; the batch's number. */
  adopt(file: string): bigint {
    const batch = this.#newNumber();
    renameSync(file, this.pathOf(batch));
    return batch;
  }

  /** No number that is given from now on is as low as this one: the clock may have been put back. */
  continueAfter(batch: bigint): void {
    if (batch > this.#last) this.#last = batch;
  }

  /** No higher number has been given. */
  get newest(): bigint {
    return this.#last;
  }

  /**
   * Never the same, also after a restart; the time is larger than any before. It comes first, so that the numbers of parts that are
   * merged lie close together, whoever made them: the index of batches lives on that.
   */
  #newNumber(): bigint {
    const [now, before] = [BigInt(Date.now()), this.#last >> TIME_SHIFT];
    const time = now > before ? now : before + 1n;
    const chance = BigInt(Math.floor(Math.random() * 2 ** Number(CHANCE_BITS)));
    this.#last = (time << TIME_SHIFT) | (this.#collector << CHANCE_BITS) | chance;
    return this.#last;
  }

  /** Path of a batch's file. */
  pathOf(batch: bigint): string {
    return join(this.#directory, batch.toString(16).padStart(16, '0') + SUFFIX);
  }

  remove(batch: bigint): void {
    unlinkSync(this.pathOf(batch));
  }

  /** Puts a block aside that the engine does not take. Returns the file's name. */
  reject(batch: bigint): string {
    const path = `${this.pathOf(batch)}.rejected`;
    renameSync(this.pathOf(batch), path);
    const rejected = readdirSync(this.#directory)
      .filter(file => file.endsWith('.rejected'))
      .sort();
    for (const file of rejected.slice(0, -REJECTED_KEPT)) rmSync(join(this.#directory, file), { force: true });
    return basename(path);
  }
}
