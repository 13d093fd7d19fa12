import { IS_LITTLE_ENDIAN } from '../byte-order.js';
import { HAS_START, type Observation, TIME_SEEN, TIME_START, WORD_FLAGS, WORD_ID } from './observation.js';

/** Ends that one generation remembers where nothing else is said. */
const CAPACITY = 65_536;
/** Brings bits of an id to those that say where it lies. */
const HASH_SHIFT = 16;
/** Of the two words of a float64, that with its sign and that without. */
const HIGH = IS_LITTLE_ENDIAN ? 1 : 0;
const LOW = 1 - HIGH;
const START_HIGH = 2 * TIME_START + HIGH;
const START_LOW = 2 * TIME_START + LOW;
const SEEN_HIGH = 2 * TIME_SEEN + HIGH;
const SEEN_LOW = 2 * TIME_SEEN + LOW;
const SIGN = 1 << 31;

/**
 * Ids of ends, with the start of each connection, or where that is not known the negative time at which its end was seen. Times by the two
 * words of a float64, because where there is no floating point numbers are slow.
 */
class Generation {
  size = 0;
  readonly ids: Int32Array;
  /** 0 where the place is empty. */
  readonly highs: Int32Array;
  readonly lows: Int32Array;
  /** Of the places of the open-addressing index. */
  readonly mask: number;

  constructor(capacity: number) {
    const places = 2 * capacity;
    this.ids = new Int32Array(places);
    this.highs = new Int32Array(places);
    this.lows = new Int32Array(places);
    this.mask = places - 1;
  }

  /** Holds the id with this time; a negative one also matches those of later ends. */
  has(id: number, high: number, low: number): boolean {
    for (let at = home(id) & this.mask; this.highs[at] !== 0; at = (at + 1) & this.mask) {
      if (this.ids[at] !== id) continue;
      const itsHigh = this.highs[at];
      const itsLow = this.lows[at];
      if (itsHigh === high && itsLow === low) return true;
      // Words of two negative numbers are in the order of their amounts.
      if (high < 0 && itsHigh < 0 && (itsHigh > high || (itsHigh === high && itsLow >>> 0 > low >>> 0))) return true;
    }
    return false;
  }

  clear(): void {
    this.highs.fill(0);
    // Pages of zeros are given back.
    this.lows.fill(0);
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

  /** Done for every Flow, so without calls. */
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
    const highs = current.highs;
    let at = (id ^ (id >> HASH_SHIFT)) & mask;
    while (highs[at] !== 0) at = (at + 1) & mask;
    current.ids[at] = id;
    if ((from[WORD_FLAGS] & HAS_START) !== 0) {
      highs[at] = from[START_HIGH];
      current.lows[at] = from[START_LOW];
    } else {
      highs[at] = from[SEEN_HIGH] ^ SIGN;
      current.lows[at] = from[SEEN_LOW];
    }
    current.size++;
  }

  /** Did this connection, seen alive, end since? Where starts are not known, an end of its id after this look decides. */
  includes(o: Observation): boolean {
    const from = o.ints;
    const hasStart = o.has(HAS_START);
    const high = hasStart ? from[START_HIGH] : from[SEEN_HIGH] ^ SIGN;
    const low = hasStart ? from[START_LOW] : from[SEEN_LOW];
    return this.#current.has(from[WORD_ID], high, low) || this.#former.has(from[WORD_ID], high, low);
  }

  /** Has this very end been seen before? Never true where the start is not known: the kernel uses ids again. */
  isRepeated(o: Observation): boolean {
    return o.has(HAS_START) && this.includes(o);
  }
}

// The id is a keyed hash of the kernel's (nf_ct_get_id), so nobody outside can aim at one chain.
function home(id: number): number {
  return id ^ (id >> HASH_SHIFT);
}
