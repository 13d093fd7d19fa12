import { randomBytes } from 'node:crypto';
import { mixed, type Tuple } from './tuple.js';

/** Flows that are kept in mind: 64 MiB, of which the system gives what is used. */
const SLOTS = 2 ** 21;
/** Slots that a tuple can be in. */
const BUCKET = 8;
/** Words of a slot, so that it is half of a cache line. */
const WORDS = 8;
/** Of a slot: the tuple's tag, 0 where it is free. */
const TAG = 0;
/** Who tells of the direction from its lower end to the higher one, and of the other. */
const OWNER = 1;
/** Until when, for each of the two, seconds since the epoch. */
const UNTIL = 3;
/** Since when. */
const SINCE = 5;
/** Tags of what translation makes this tuple of, and of it; 0 where nobody has told. */
const BEFORE = 6;
const AFTER = 7;
const LOCKS = 4096;
/** Exporters whose last record is told apart. */
const HEARD = 4096;

/** An exporter that sends nothing for so long, in seconds, tells of nothing any more. */
const SILENCE = 90;
/** For so long, in seconds, an exporter counts as one of those that are there. */
const PRESENCE = 300;

/** Bits of an exporter's number in a slot that say how coarsely it samples; the others tell who it is. */
const RANK_BITS = 5;

/** A record as it is compared; times are in seconds since the epoch. */
export interface Told {
  /** See `ranked`. */
  exporter: number;
  begin: number;
  end: number;
  /** Until when others that tell of the Flow repeat this exporter. */
  until: number;
  /** When it was received. */
  now: number;
  /** Whether it counts packets of the Flow itself, and of its way back. */
  forward: boolean;
  reverse: boolean;
}

/** The number of an exporter's Observation Domain; its lowest bits are free. */
export function exporterNumber(address: Uint8Array, observationDomainId: number): number {
  const words = new Uint32Array(address.slice().buffer);
  const number = words.reduce(mixed, mixed(1, observationDomainId)) << RANK_BITS;
  return number === 0 ? 1 << RANK_BITS : number >>> 0;
}

/** The same with how coarsely it samples: the logarithm of the interval. */
export function ranked(exporter: number, samplingInterval: number): number {
  const rank = samplingInterval < 2 ? 0 : Math.min(31, 32 - Math.clz32(samplingInterval - 1));
  return (exporter | rank) >>> 0;
}

/**
 * Which exporter tells of which Flow, in memory that decoding threads share: bounded, and forgetting those first that ended first.
 */
export class FlowOwners {
  /** Flows that were forgotten while they might still be told of, for want of room. */
  forgotten = 0;
  readonly #slots: Uint32Array;
  readonly #locks: Int32Array;
  /** By a part of an exporter's number: when it was last heard. */
  readonly #heard: Uint32Array;
  /** Two exporters of those heard last, and when. */
  readonly #present: Uint32Array;
  readonly #buckets: number;
  /** Threads other than this one use the memory. */
  readonly #shared: boolean;
  readonly seed: number;

  /** Memory for `new FlowOwners`. */
  static memory(slots = SLOTS): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(4 * (LOCKS + HEARD + 8 + slots * WORDS));
    new Uint32Array(memory)[LOCKS + HEARD + 4] = randomBytes(4).readUInt32LE();
    return memory;
  }

  constructor(memory: SharedArrayBuffer, shared: boolean) {
    this.#locks = new Int32Array(memory, 0, LOCKS);
    this.#heard = new Uint32Array(memory, 4 * LOCKS, HEARD);
    const head = new Uint32Array(memory, 4 * (LOCKS + HEARD), 8);
    this.#present = head.subarray(0, 4);
    this.seed = head[4]!;
    this.#slots = new Uint32Array(memory, 4 * (LOCKS + HEARD + 8));
    this.#buckets = this.#slots.length / (BUCKET * WORDS);
    this.#shared = shared;
  }

  /** Takes note that an exporter sends; whether another one does, too. */
  hear(exporter: number, now: number): boolean {
    const present = this.#present;
    this.#heard[placeOf(exporter)] = now;
    let mine = present[0] === exporter ? 0 : 2;
    if (present[mine] !== exporter) {
      // Where both places are taken there are two already. Where two threads take one at once, one of them tries again with its next Data Set.
      mine = this.#isPresent(0, now) ? 2 : 0;
      if (this.#isPresent(mine, now)) return true;
      present[mine] = exporter;
    }
    present[mine + 1] = now;
    return this.#isPresent(2 - mine, now);
  }

  #isPresent(place: number, now: number): boolean {
    return this.#present[place] !== 0 && Math.abs(now - this.#present[place + 1]!) <= PRESENCE;
  }

  /**
   * Takes note of a record; whether it repeats what another exporter tells.
   * @param after the tuple after translation; its tag is 0 where the record tells of none
   */
  tell(before: Tuple, after: Tuple, told: Told): boolean {
    if (!this.#shared) return this.#tell(before, after, told);
    const one = this.#lockOf(before);
    const other = after.tag === 0 ? one : this.#lockOf(after);
    // In the same order in all threads.
    this.#lock(Math.min(one, other));
    if (one !== other) this.#lock(Math.max(one, other));
    const repeats = this.#tell(before, after, told);
    Atomics.store(this.#locks, one, 0);
    if (one !== other) Atomics.store(this.#locks, other, 0);
    return repeats;
  }

  #tell(before: Tuple, after: Tuple, told: Told): boolean {
    const first = this.#find(before, 0, after.tag, told, -1);
    if (after.tag === 0) {
      const way = before.turned;
      if (
        (!told.forward || this.#repeats(first, way, told)) &&
        (!told.reverse || this.#repeats(first, 1 - way, told))
      ) {
        return true;
      }
      this.#own(first, way, told);
      return false;
    }
    const second = this.#find(after, before.tag, 0, told, first);
    const [way, wayAfter] = [before.turned, after.turned];
    const forward = this.#repeats(first, way, told) || this.#repeats(second, wayAfter, told);
    const reverse = this.#repeats(first, 1 - way, told) || this.#repeats(second, 1 - wayAfter, told);
    if ((!told.forward || forward) && (!told.reverse || reverse)) {
      // Who tells of the Flow on one side of the translation tells of it on the other, too.
      this.#copy(first, way, second, wayAfter, told);
      this.#copy(first, 1 - way, second, 1 - wayAfter, told);
      return true;
    }
    this.#own(first, way, told);
    this.#own(second, wayAfter, told);
    return false;
  }

  /** Whether another exporter, one that does not sample more coarsely, tells of this direction at this time. */
  #repeats(slot: number, direction: number, { exporter, begin, end, now }: Told): boolean {
    const slots = this.#slots;
    const owner = slots[slot + OWNER + direction]!;
    return (
      owner !== 0 &&
      (owner ^ exporter) >>> RANK_BITS !== 0 &&
      (owner & 31) <= (exporter & 31) &&
      begin <= slots[slot + UNTIL + direction]! &&
      end >= slots[slot + SINCE]! &&
      now <= this.#heard[placeOf(owner)]! + SILENCE
    );
  }

  /** The exporter counts from here on: of what it tells of, and of what it told of before. */
  #own(slot: number, way: number, told: Told): void {
    for (let direction = 0; direction < 2; direction++) {
      const tells = direction === way ? told.forward : told.reverse;
      this.#ownDirection(slot, direction, told, tells);
    }
  }

  #ownDirection(slot: number, direction: number, { exporter, begin, end, until }: Told, tells: boolean): void {
    const slots = this.#slots;
    const owner = slots[slot + OWNER + direction]!;
    if (owner !== 0 && (owner ^ exporter) >>> RANK_BITS === 0) {
      slots[slot + OWNER + direction] = exporter;
      if (until > slots[slot + UNTIL + direction]!) slots[slot + UNTIL + direction] = until;
      if (begin < slots[slot + SINCE]!) slots[slot + SINCE] = begin;
      return;
    }
    // What is older than what the other one tells changes nothing.
    if (!tells || (owner !== 0 && end < slots[slot + SINCE]!)) return;
    slots[slot + OWNER + direction] = exporter;
    slots[slot + UNTIL + direction] = until;
    slots[slot + SINCE] = begin;
  }

  /** Makes the owner of a direction on one side of a translation that of the other side, where a record that joins the two repeats it. */
  #copy(first: number, direction: number, second: number, directionAfter: number, told: Told): void {
    const slots = this.#slots;
    const isFirst = this.#repeats(first, direction, told);
    if (!isFirst && !this.#repeats(second, directionAfter, told)) return;
    const [from, fromWay, to, toWay] = isFirst
      ? [first, direction, second, directionAfter]
      : [second, directionAfter, first, direction];
    slots[to + OWNER + toWay] = slots[from + OWNER + fromWay]!;
    slots[to + UNTIL + toWay] = slots[from + UNTIL + fromWay]!;
    slots[to + SINCE] = Math.min(slots[from + SINCE]!, slots[to + SINCE]!);
  }

  /**
   * The slot of a tuple: its own, a free one, or that of the Flow that ended first. Of Flows with the same tuple that are translated to or from different ones,
   * each has a slot of its own.
   * @param taken a slot that is not free to be given away
   */
  #find({ tag, place }: Tuple, before: number, after: number, told: Told, taken: number): number {
    const slots = this.#slots;
    const bucket = (place % this.#buckets) * BUCKET * WORDS;
    let oldest = -1;
    let oldestUntil = Number.POSITIVE_INFINITY;
    for (let slot = bucket; slot < bucket + BUCKET * WORDS; slot += WORDS) {
      const known = slots[slot + TAG]!;
      if (known === tag && this.#isSame(slot, before, after, told)) {
        if (before !== 0) slots[slot + BEFORE] = before;
        if (after !== 0) slots[slot + AFTER] = after;
        return slot;
      }
      const until = known === 0 ? 0 : Math.max(slots[slot + UNTIL]!, slots[slot + UNTIL + 1]!);
      if (until < oldestUntil && slot !== taken) {
        oldest = slot;
        oldestUntil = until;
      }
      if (known === 0) break;
    }
    if (oldestUntil >= told.begin) this.forgotten++;
    for (let word = oldest; word < oldest + WORDS; word++) slots[word] = 0;
    slots[oldest + TAG] = tag;
    slots[oldest + SINCE] = told.begin;
    slots[oldest + BEFORE] = before;
    slots[oldest + AFTER] = after;
    return oldest;
  }

  /** Whether nothing says that a slot's tuple is of another Flow: two sites with the same private addresses. */
  #isSame(slot: number, before: number, after: number, { exporter, begin }: Told): boolean {
    const slots = this.#slots;
    const [knownBefore, knownAfter] = [slots[slot + BEFORE]!, slots[slot + AFTER]!];
    const differs =
      (before !== 0 && knownBefore !== 0 && before !== knownBefore) ||
      (after !== 0 && knownAfter !== 0 && after !== knownAfter);
    if (!differs) return true;
    for (let direction = 0; direction < 2; direction++) {
      const owner = slots[slot + OWNER + direction]!;
      const isOther = owner !== 0 && (owner ^ exporter) >>> RANK_BITS !== 0;
      if (isOther && begin <= slots[slot + UNTIL + direction]!) return false;
    }
    // The same exporter has translated the next Flow of this tuple otherwise, or the other one's is over.
    return true;
  }

  #lockOf({ place }: Tuple): number {
    return (place % this.#buckets) & (LOCKS - 1);
  }

  #lock(index: number): void {
    // Held for some hundred nanoseconds: that it is taken is rare enough to sleep.
    while (Atomics.compareExchange(this.#locks, index, 0, 1) !== 0) Atomics.wait(this.#locks, index, 1, 1);
  }
}

function placeOf(exporter: number): number {
  return (exporter >>> RANK_BITS) & (HEARD - 1);
}
