import { compareWords, floorIndex, increment } from './address.js';

/** Words that are appended one by one. */
class GrowingWords {
  words = new Uint32Array(1024);
  length = 0;

  push(from: Uint32Array, at: number, count: number): void {
    if (this.length + count > this.words.length) {
      const larger = new Uint32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    for (let i = 0; i < count; i++) this.words[this.length + i] = from[at + i];
    this.length += count;
  }
}

/**
 * Ranges of addresses with a number each; where they overlap, the one that begins last, or else is shorter, counts: of
 * prefixes the longest. Compiled to a sorted list of addresses at which the number changes, so that a look-up is one search.
 */
export class RangeTable {
  readonly #width: number;
  /** First address, last address and number of each range as it was added. */
  #ranges = new GrowingWords();
  #count = 0;
  #points = new Uint32Array(0);
  #numbers = new Uint32Array(0);
  readonly #one = new Uint32Array(1);
  readonly #next: Uint32Array;

  /** @param width words of an address: 1 for IPv4, 4 for IPv6 */
  constructor(width: number) {
    this.#width = width;
    this.#next = new Uint32Array(width);
  }

  /** Adds the range first[0, width) to last[0, width). A number of 0 means that there is none. */
  add(first: Uint32Array, last: Uint32Array, number: number): void {
    this.#ranges.push(first, 0, this.#width);
    this.#ranges.push(last, 0, this.#width);
    this.#one[0] = number;
    this.#ranges.push(this.#one, 0, 1);
    this.#count++;
  }

  /** Makes what has been added ready to be looked up, and forgets the ranges themselves. */
  seal(): void {
    const points = new GrowingWords();
    const numbers = new GrowingWords();
    const open: number[] = [];
    for (const range of this.#order()) {
      this.#close(open, range, points, numbers);
      this.#change(points, numbers, this.#ranges.words, this.#first(range), range);
      open.push(range);
    }
    this.#close(open, -1, points, numbers);
    this.#points = points.words.slice(0, points.length);
    this.#numbers = numbers.words.slice(0, numbers.length);
    this.#ranges = new GrowingWords();
    this.#count = 0;
  }

  /** The number of the address words[at, at + width), 0 where it has none. */
  find(words: Uint32Array, at: number): number {
    const index = floorIndex(this.#points, this.#numbers.length, words, at, this.#width);
    return index < 0 ? 0 : this.#numbers[index];
  }

  /** The ranges by their first address, of those with the same one the longest first, as they came where both are the same. */
  #order(): Uint32Array {
    const order = new Uint32Array(this.#count);
    let isSorted = true;
    for (let i = 0; i < order.length; i++) {
      order[i] = i;
      if (i > 0 && this.#compare(i - 1, i) > 0) isSorted = false;
    }
    return isSorted ? order : order.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    const { words } = this.#ranges;
    const width = this.#width;
    return (
      compareWords(words, this.#first(a), words, this.#first(b), width) ||
      compareWords(words, this.#last(b), words, this.#last(a), width) ||
      a - b
    );
  }

  /** Ends the open ranges that end before `range` begins, or all where it is -1. */
  #close(open: number[], range: number, points: GrowingWords, numbers: GrowingWords): void {
    while (open.length > 0 && (range < 0 || this.#endsBefore(open[open.length - 1], range))) {
      this.#next.set(
        this.#ranges.words.subarray(this.#last(open[open.length - 1]), this.#last(open[open.length - 1]) + this.#width),
      );
      if (!increment(this.#next, 0, this.#width)) return;
      while (open.length > 0 && this.#isOver(open[open.length - 1])) open.pop();
      this.#change(points, numbers, this.#next, 0, open.length > 0 ? open[open.length - 1] : -1);
    }
  }

  #endsBefore(a: number, b: number): boolean {
    const { words } = this.#ranges;
    return compareWords(words, this.#last(a), words, this.#first(b), this.#width) < 0;
  }

  /** Does the range end before the address in #next? */
  #isOver(range: number): boolean {
    return compareWords(this.#ranges.words, this.#last(range), this.#next, 0, this.#width) < 0;
  }

  /** From this address on, the number is that of `range`, none where it is -1. */
  #change(points: GrowingWords, numbers: GrowingWords, address: Uint32Array, at: number, range: number): void {
    const width = this.#width;
    this.#one[0] = range < 0 ? 0 : this.#ranges.words[this.#first(range) + 2 * width];
    const last = numbers.length - 1;
    if (last >= 0 && compareWords(points.words, last * width, address, at, width) === 0) {
      numbers.words[last] = this.#one[0];
      return;
    }
    if (last >= 0 && numbers.words[last] === this.#one[0]) return;
    points.push(address, at, width);
    numbers.push(this.#one, 0, 1);
  }

  #first(range: number): number {
    return range * (2 * this.#width + 1);
  }

  #last(range: number): number {
    return this.#first(range) + this.#width;
  }
}
