import type { AddressRange } from '@weir/flow';

/** Addresses, all of which mean the same. */
export interface Meaning extends AddressRange {
  readonly value: number;
}

/** What addresses mean where some ranges lie in others: the smallest counts, of equal ones the last. A look-up is a binary search. */
export class Ranges {
  /** From each of these on, up to the next. */
  readonly #starts: readonly bigint[];
  readonly #values: readonly number[];

  /** @param meanings each two of them lie apart, or one in the other, as networks do */
  constructor(meanings: readonly Meaning[]) {
    const ordered = meanings
      .map((meaning, rank) => ({ ...meaning, rank }))
      .sort((a, b) => compare(a.low, b.low) || compare(b.high, a.high) || a.rank - b.rank);
    const starts: bigint[] = [];
    const values: number[] = [];
    const begin = (at: bigint, value: number) => {
      if (starts.at(-1) === at) values[values.length - 1] = value;
      else {
        starts.push(at);
        values.push(value);
      }
    };
    const around: Meaning[] = [];
    const endBefore = (at: bigint | undefined) => {
      for (let last = around.at(-1); last !== undefined && (at === undefined || last.high < at); last = around.at(-1)) {
        around.pop();
        begin(last.high + 1n, around.at(-1)?.value ?? -1);
      }
    };
    for (const meaning of ordered) {
      endBefore(meaning.low);
      begin(meaning.low, meaning.value);
      around.push(meaning);
    }
    endBefore(undefined);
    this.#starts = starts;
    this.#values = values;
  }

  /** -1 for none. */
  find(address: bigint): number {
    const starts = this.#starts;
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : this.#values[low - 1]!;
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
