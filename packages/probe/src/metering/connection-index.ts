import { type Observation, WORD_ID, WORD_KIND, WORD_PORTS } from './observation.js';

const { imul } = Math;
/** Places in which one connection may lie. */
const WAYS = 8;

/**
 * Finds what is kept beside a connection, in memory of fixed size: `capacity` places in sets of eight. Where a connection's set
 * is full, the one whose stamp is lowest gives way, so that what is never removed goes away by itself.
 */
export class ConnectionIndex {
  readonly capacity: number;
  size = 0;
  /** Connections that gave way to others. */
  evicted = 0;
  readonly #ids: Int32Array;
  readonly #checks: Int32Array;
  /** 0 where the place is empty. */
  readonly #stamps: Float64Array;

  /** @param capacity places wanted; the next power of two is taken */
  constructor(capacity: number) {
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(WAYS, capacity)));
    this.#ids = new Int32Array(this.capacity);
    this.#checks = new Int32Array(this.capacity);
    this.#stamps = new Float64Array(this.capacity);
  }

  /** The connection's place, or -1. Asked for every Flow. */
  find(o: Observation): number {
    if (this.size === 0) return -1;
    const words = o.ints;
    const ids = this.#ids;
    const id = words[WORD_ID];
    const first = this.#first(id);
    for (let at = first; at < first + WAYS; at++) {
      if (ids[at] === id && this.#checks[at] === checkOf(o) && this.#stamps[at] !== 0) return at;
    }
    return -1;
  }

  /** A place for a connection that has none. @param stamp above 0 */
  take(o: Observation, stamp: number): number {
    const first = this.#first(o.words[WORD_ID] | 0);
    let place = first;
    for (let at = first + 1; at < first + WAYS; at++) if (this.#stamps[at] < this.#stamps[place]) place = at;
    if (this.#stamps[place] === 0) this.size++;
    else this.evicted++;
    this.#ids[place] = o.words[WORD_ID] | 0;
    this.#checks[place] = checkOf(o);
    this.#stamps[place] = stamp;
    return place;
  }

  /** A higher stamp keeps the place longer. */
  setStamp(place: number, stamp: number): void {
    this.#stamps[place] = stamp;
  }

  remove(place: number): void {
    this.#stamps[place] = 0;
    this.size--;
  }

  // The id is a keyed hash of the kernel's (nf_ct_get_id), so nobody outside can aim at one set.
  #first(id: number): number {
    return (imul(id, 0x9e3779b1) >>> 4) & (this.capacity - WAYS);
  }
}

/** What tells connections of the same id apart: ids are almost unique. */
function checkOf(o: Observation): number {
  return o.ints[WORD_PORTS] ^ o.ints[WORD_KIND];
}
