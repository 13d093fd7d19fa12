import { compareWords, fillHost, floorIndex, increment } from './address.js';

/**
 * The addresses at which the answer of a longest prefix match may change: the first of each prefix, and the first behind it.
 * All addresses between two neighbours match the same prefixes, so that one of them can answer for all.
 */
export class Boundaries {
  prefixes = 0;
  readonly #points: Uint32Array;
  readonly #width: number;
  #count = 0;

  /**
   * @param width words of an address: 1 for IPv4, 4 for IPv6
   * @param capacity prefixes
   */
  constructor(
    width: number,
    private readonly capacity: number,
  ) {
    this.#width = width;
    this.#points = new Uint32Array(2 * capacity * width);
  }

  clear(): void {
    this.#count = 0;
    this.prefixes = 0;
  }

  /** Takes in a prefix, words[at, at + width) / length. @returns false where there is no room */
  add(words: Uint32Array, at: number, length: number): boolean {
    if (this.prefixes === this.capacity) return false;
    this.prefixes++;
    if (length === 0) return true;
    this.#push(words, at, length, false);
    this.#push(words, at, length, true);
    if (!increment(this.#points, (this.#count - 1) * this.#width, this.#width)) this.#count--;
    return true;
  }

  /** Sorts what has been added; to be called before floor(). */
  seal(): void {
    if (this.#width === 1) this.#points.subarray(0, this.#count).sort();
    else this.#sortWide();
    this.#removeRepeated();
  }

  /** Puts the first address of the interval that words[at, at + width) lies in to target[to, to + width). */
  floor(words: Uint32Array, at: number, target: Uint32Array, to: number): void {
    const index = floorIndex(this.#points, this.#count, words, at, this.#width);
    for (let i = 0; i < this.#width; i++) target[to + i] = index < 0 ? 0 : this.#points[index * this.#width + i];
  }

  #push(words: Uint32Array, at: number, length: number, last: boolean): void {
    const to = this.#count++ * this.#width;
    for (let i = 0; i < this.#width; i++) this.#points[to + i] = words[at + i];
    fillHost(this.#points, to, this.#width, length, last);
  }

  #sortWide(): void {
    const width = this.#width;
    const before = this.#points.slice(0, this.#count * width);
    const order = new Uint32Array(this.#count);
    for (let i = 0; i < order.length; i++) order[i] = i;
    order.sort((a, b) => compareWords(before, a * width, before, b * width, width));
    for (let i = 0; i < order.length; i++) this.#copy(before, order[i], i);
  }

  #removeRepeated(): void {
    const width = this.#width;
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      if (kept > 0 && compareWords(this.#points, i * width, this.#points, (kept - 1) * width, width) === 0) continue;
      this.#copy(this.#points, i, kept++);
    }
    this.#count = kept;
  }

  #copy(from: Uint32Array, index: number, to: number): void {
    for (let i = 0; i < this.#width; i++) this.#points[to * this.#width + i] = from[index * this.#width + i];
  }
}
