import { presentColumns } from '@weir/flow';
import { COLUMN_WIDTH } from '@weir/ipfix';
import type { FlowBatch } from './batch.js';
import { hasBit } from './present.js';

/** The rows of a batch, to be read, and to be moved from batch to batch as a whole. `other` does not go with them: see OtherColumn.read. */
export class BatchRows {
  readonly batch: FlowBatch;
  /** Every column, in the order that all batches have, as words as wide as they can be, and how many words a row has. */
  readonly #columns: readonly { readonly words: Uint8Array | Uint16Array | Uint32Array; readonly count: number }[];
  readonly #present: readonly Uint32Array[];

  constructor(batch: FlowBatch) {
    this.batch = batch;
    this.#columns = Array.from(batch.columns.values(), ({ kind, data }) => {
      const width = COLUMN_WIDTH[kind];
      if (width === 1) return { words: data, count: 1 };
      return width === 2 ? { words: words16(data), count: 1 } : { words: words32(data), count: width / 4 };
    });
    this.#present = presentColumns.map(column => this.words(column));
  }

  octets(column: string): Uint8Array {
    return this.batch.column(column).data;
  }

  shorts(column: string): Uint16Array {
    return words16(this.octets(column));
  }

  /** Of a column of 32 bits one a row, of 64 bits two, the low one first, of an address four. */
  words(column: string): Uint32Array {
    return words32(this.octets(column));
  }

  /** The row's present mask has one of these bits. */
  hasAny(row: number, mask: ArrayLike<number>): boolean {
    for (let i = 0; i < this.#present.length; i++) {
      const words = this.#present[i]!;
      if (((words[row * 2]! & mask[2 * i]!) | (words[row * 2 + 1]! & mask[2 * i + 1]!)) !== 0) return true;
    }
    return false;
  }

  has(row: number, bit: number): boolean {
    return ((this.#present[bit >>> 6]![row * 2 + ((bit >>> 5) & 1)]! >>> (bit & 31)) & 1) === 1;
  }

  /** Writes a row over that of another batch, or of this one. */
  copy(row: number, to: BatchRows, toRow: number): void {
    for (let i = 0; i < this.#columns.length; i++) {
      const { words, count } = this.#columns[i]!;
      const target = to.#columns[i]!.words;
      for (let k = 0; k < count; k++) target[toRow * count + k] = words[row * count + k]!;
    }
  }

  /** Copies the row behind those of the other batch. @returns its number there */
  append(row: number, to: BatchRows): number {
    const { batch } = to;
    const at = batch.rows++;
    this.copy(row, to, at);
    for (let i = 0; i < this.#present.length; i++) {
      batch.present[2 * i]! |= this.#present[i]![row * 2]!;
      batch.present[2 * i + 1]! |= this.#present[i]![row * 2 + 1]!;
    }
    return at;
  }

  /** Marks the row with those bits of the second that the other row has under the first. */
  markAs(row: number, from: BatchRows, fromRow: number, pairs: readonly (readonly [bit: number, as: number])[]): void {
    for (const [bit, as] of pairs) if (from.has(fromRow, bit)) this.batch.mark(row, as);
  }

  /** The bits of the row's present mask. */
  bits(row: number): number[] {
    const mask = this.#present.flatMap(words => [words[row * 2]!, words[row * 2 + 1]!]);
    return Array.from({ length: 32 * mask.length }, (_, bit) => bit).filter(bit => hasBit(mask, bit));
  }
}

/** A number of 64 bits, as far as 2^53. */
export function read64(words: Uint32Array, row: number): number {
  return words[row * 2]! + words[row * 2 + 1]! * 2 ** 32;
}

export function write64(words: Uint32Array, row: number, value: number): void {
  words[row * 2] = value % 2 ** 32;
  words[row * 2 + 1] = Math.floor(value / 2 ** 32);
}

function words16({ buffer, byteOffset, byteLength }: Uint8Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

function words32({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
