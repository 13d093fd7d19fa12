/**
 * Keys of a fixed number of words to values of a fixed number of words, in typed arrays of fixed size, by open addressing.
 * Entries go only all together: whoever finds it full empties it.
 */
export class WordMap {
  size = 0;
  /** The value of entry i begins at i * valueWords. */
  readonly values: Uint32Array;
  readonly #keys: Uint32Array;
  /** Entry plus one at each place, 0 for none; at least twice as many places as entries. */
  readonly #places: Int32Array;
  readonly #mask: number;

  constructor(
    readonly capacity: number,
    private readonly keyWords: number,
    valueWords: number,
  ) {
    this.values = new Uint32Array(capacity * valueWords);
    this.#keys = new Uint32Array(capacity * keyWords);
    let places = 2;
    while (places < 2 * capacity) places *= 2;
    this.#places = new Int32Array(places);
    this.#mask = places - 1;
  }

  /** The entry of this key, -1 where there is none. */
  find(key: Uint32Array): number {
    return this.#places[this.#place(key)] - 1;
  }

  /** The entry of this key, made where there is none; -1 where it is full. Who makes one fills in its value. */
  add(key: Uint32Array): number {
    const place = this.#place(key);
    const entry = this.#places[place] - 1;
    if (entry >= 0) return entry;
    if (this.size === this.capacity) return -1;
    this.#keys.set(key, this.size * this.keyWords);
    this.#places[place] = this.size + 1;
    return this.size++;
  }

  clear(): void {
    if (this.size > 0) this.#places.fill(0);
    this.size = 0;
  }

  /** Where the key is, or where it would go. */
  #place(key: Uint32Array): number {
    let place = this.#hash(key) & this.#mask;
    for (;;) {
      const entry = this.#places[place] - 1;
      if (entry < 0 || this.#isAt(entry, key)) return place;
      place = (place + 1) & this.#mask;
    }
  }

  #isAt(entry: number, key: Uint32Array): boolean {
    const at = entry * this.keyWords;
    for (let i = 0; i < this.keyWords; i++) if (this.#keys[at + i] !== key[i]) return false;
    return true;
  }

  #hash(key: Uint32Array): number {
    let hash = 0;
    for (let i = 0; i < this.keyWords; i++) {
      hash = Math.imul(hash ^ key[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
