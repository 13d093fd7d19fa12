import { ADDRESS_WORDS } from './address.js';
import { MAC_WORDS } from './neighbours.js';
import { WordMap } from './word-map.js';

/** Words of a path: interfaces, next hop (its flag first), MAC addresses of both neighbours, VLAN ids (ingress << 16 | egress). */
export const P_INGRESS = 0;
export const P_EGRESS = 1;
export const P_HAS_HOP = 2;
export const P_HOP = 3;
export const P_SOURCE_MAC = P_HOP + ADDRESS_WORDS;
export const P_DESTINATION_MAC = P_SOURCE_MAC + MAC_WORDS;
export const P_VLANS = P_DESTINATION_MAC + MAC_WORDS;
export const PATH_WORDS = P_VLANS + 1;

/**
 * The distinct paths of late, numbered from 1 in the order in which they were met. Only the last ones are kept: a number says
 * by itself whether its path still is, so that nobody has to give it back.
 */
export class KnownPaths {
  readonly #ring: Uint32Array;
  readonly #numbers: WordMap;
  /** The number of the newest path; after 2^32 - 1 comes 1. */
  #newest = 0;
  #count = 0;

  /** @param capacity paths, a power of two */
  constructor(private readonly capacity: number) {
    this.#ring = new Uint32Array(capacity * PATH_WORDS);
    this.#numbers = new WordMap(capacity, PATH_WORDS, 1);
  }

  /** The number of this path. One that is half forgotten gets a new one, so that what is in use stays. */
  numberOf(path: Uint32Array): number {
    const entry = this.#numbers.find(path);
    if (entry >= 0 && this.#age(this.#numbers.values[entry]) < this.capacity / 2) return this.#numbers.values[entry];
    return this.#append(path);
  }

  /** Where in `words` the path of this number begins, -1 where it is not kept any more. */
  find(number: number): number {
    const isKept = number !== 0 && this.#age(number) < Math.min(this.#count, this.capacity);
    return isKept ? this.#place(number) : -1;
  }

  get words(): Uint32Array {
    return this.#ring;
  }

  #append(path: Uint32Array): number {
    this.#newest = this.#newest === 0xffffffff ? 1 : this.#newest + 1;
    this.#count = Math.min(this.#count + 1, this.capacity);
    this.#ring.set(path, this.#place(this.#newest));
    if (this.#numbers.size === this.capacity && this.#numbers.find(path) < 0) this.#numbers.clear();
    this.#numbers.values[this.#numbers.add(path)] = this.#newest;
    return this.#newest;
  }

  #age(number: number): number {
    return (this.#newest - number) >>> 0;
  }

  #place(number: number): number {
    return (number & (this.capacity - 1)) * PATH_WORDS;
  }
}
