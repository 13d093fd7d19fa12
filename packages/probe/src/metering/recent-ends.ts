import { IS_LITTLE_ENDIAN } from '../byte-order.js';
import { HAS_START, type Observation, TIME_SEEN, TIME_START, WORD_FLAGS, WORD_ID } from './observation.js';

/** Ends that one generation remembers where nothing else is said. */
const CAPACITY = 65_536;
/** Brings bits of an id to those that say where it lies. */
const HASH_SHIFT = 16;
/** Of the two words of a float64, the one with its sign. */
const HIGH = IS_LITTLE_ENDIAN ? 1 : 0;
const SIGN = 1 << 31;

/** Ids of ends, with the start of each connection, or where that is not known the negative time at which its end was seen. */
class Generation {
  size = 0;
  readonly ids: Int32Array;
  /** 0 where the place is empty. */
  readonly #stamps: Float64Array;
  /** The same memory. */
  readonly words: Int32Array;
  /** Of the places of the open-addressing index. */
  readonly mask: number;

  constructor(capacity: number) {
    const places = 2 * capacity;
    this.ids = new Int32Array(places);
    this.#stamps = new Float64Array(places);
    this.words = new Int32Array(this.#stamps.buffer);
    this.mask = places - 1;
  }

  /** Holds the id with this stamp; a negative one also matches those of later ends. */
  has(id: number, stamp: number): boolean {
    for (let at = home(id) & this.mask; this.#stamps[at] !== 0; at = (at + 1) & this.mask) {
      if (this.ids[at] !== id) continue;
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

  /** Done for every Flow: so without calls, and times by their words, because where there is no floating point numbers are slow. */
  add(o: Observation): void {
    let current = this.#current;
    if (current.size === this.capacity) {
      current = this.#former;
      this.#former = this.#current;
      this.#current = current;
      current.clear();
    }
    const from = o.ints;
    const id = from[WORD_ID];
    const mask = current.mask;
    const stamps = current.words;
    let at = (id ^ (id >> HASH_SHIFT)) & mask;
    while (stamps[2 * at + HIGH] !== 0) at = (at + 1) & mask;
    current.ids[at] = id;
    if ((from[WORD_FLAGS] & HAS_START) !== 0) {
      stamps[2 * at] = from[2 * TIME_START];
      stamps[2 * at + 1] = from[2 * TIME_START + 1];
    } else {
      stamps[2 * at] = from[2 * TIME_SEEN];
      stamps[2 * at + 1] = from[2 * TIME_SEEN + 1];
      stamps[2 * at + HIGH] ^= SIGN;
    }
    current.size++;
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

// The id is a keyed hash of the kernel's (nf_ct_get_id), so nobody outside can aim at one chain.
function home(id: number): number {
  return id ^ (id >> HASH_SHIFT);
}
