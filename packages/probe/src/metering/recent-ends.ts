import { HAS_START, type Observation, TIME_SEEN, TIME_START, WORD_FLAGS, WORD_ID } from './observation.js';

/** Ends that one generation remembers where nothing else is said. */
const CAPACITY = 65_536;
const { imul } = Math;
const HASH = 0x9e3779b1 | 0;
const HASH_SHIFT = 15;

/** Ids of ends, with the start of each connection, or where that is not known the negative time at which its end was seen. */
class Generation {
  size = 0;
  readonly #ids: Int32Array;
  /** 0 where the place is empty. */
  readonly #stamps: Float64Array;
  /** Of the places of the open-addressing index. */
  readonly #mask: number;

  constructor(capacity: number) {
    const places = 2 * capacity;
    this.#ids = new Int32Array(places);
    this.#stamps = new Float64Array(places);
    this.#mask = places - 1;
  }

  add(id: number, stamp: number): void {
    const stamps = this.#stamps;
    let at = (imul(id, HASH) >>> HASH_SHIFT) & this.#mask;
    while (stamps[at] !== 0) at = (at + 1) & this.#mask;
    this.#ids[at] = id;
    stamps[at] = stamp;
    this.size++;
  }

  /** Holds the id with this stamp; a negative one also matches those of later ends. */
  has(id: number, stamp: number): boolean {
    for (let at = home(id) & this.#mask; this.#stamps[at] !== 0; at = (at + 1) & this.#mask) {
      if (this.#ids[at] !== id) continue;
      if (this.#stamps[at] === stamp || (stamp < 0 && this.#stamps[at] < stamp)) return true;
    }
    return false;
  }

  clear(): void {
    this.#stamps.fill(0);
    this.size = 0;
  }
}

/**
 * The connections that ended last, in memory of fixed size. A dump is some time under way: what it
 * shows alive may have ended, and been exported, before its datagram is read. And where several readers ask for reliable
 * delivery, an event that did not fit one of them comes to all of them again (netlink_broadcast).
 */
export class RecentEnds {
  #current: Generation;
  #former: Generation;

  /** @param capacity ends that are remembered at least, a power of two up to 65,536; 48 octets each */
  constructor(private readonly capacity = CAPACITY) {
    this.#current = new Generation(capacity);
    this.#former = new Generation(capacity);
  }

  /** Done for every Flow, so with few calls. */
  add(o: Observation): void {
    let current = this.#current;
    if (current.size === this.capacity) {
      current = this.#former;
      this.#former = this.#current;
      this.#current = current;
      current.clear();
    }
    const words = o.ints;
    const times = o.times;
    const hasStart = (words[WORD_FLAGS] & HAS_START) !== 0;
    current.add(words[WORD_ID], hasStart ? times[TIME_START] : -times[TIME_SEEN]);
  }

  /** Did this connection, seen alive, end since? Where starts are not known, an end of its id after this look decides. */
  includes(o: Observation): boolean {
    const id = o.words[WORD_ID] | 0;
    return this.#current.has(id, stampOf(o)) || this.#former.has(id, stampOf(o));
  }

  /** Has this very end been seen before? Never true where the start is not known: the kernel uses ids again. */
  isRepeated(o: Observation): boolean {
    return o.has(HAS_START) && this.includes(o);
  }
}

function stampOf(o: Observation): number {
  return (o.ints[WORD_FLAGS] & HAS_START) !== 0 ? o.times[TIME_START] : -o.times[TIME_SEEN];
}

function home(id: number): number {
  return imul(id, HASH) >>> HASH_SHIFT;
}
