import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import {
  BESIDE,
  BESIDE_WORDS,
  EXPORTED,
  HISTORY,
  hasFlag,
  hasKeyOf,
  isIPv6,
  isReplyTranslated,
  keepObservation,
  keepSweep,
  PATH,
  REPORTED,
  RESET,
  readObservation,
  SLOT_WORDS,
  START,
  sweepsWithout,
  TCP_STATES,
  USED,
} from './flow-slot.js';
import { COUNTER_WORDS, Observation, WORD_COUNTERS, WORD_ID, WORD_KIND, WORD_REPLY_SOURCE } from './observation.js';

/** Octets before the first slot: what the memory holds, for whom, and how many slots were ever used. */
const HEADER_OCTETS = 64;
const HEADER_USED_SLOTS = 4;
const MAGIC = 0x57454952;
const LAYOUT_VERSION = 5;

/** Room is made sure of in steps of so many octets. */
const ALLOCATION_OCTETS = 1 << 17;

/** Places that the index has at least; it grows with the connections. */
const FEWEST_PLACES = 1024;
/** The numbers of fewer slots take two octets each. */
const NARROW_CAPACITY = 0xffff;

/** Octets that a table of `capacity` connections needs. */
export function flowTableOctets(capacity: number): number {
  return HEADER_OCTETS + capacity * SLOT_WORDS * 4;
}

/**
 * The connections that the sweeps have seen, in one block of memory of fixed size. The block may outlive the process: a
 * table made over the memory of a former one of the same `owner` goes on with its connections, so that nothing is exported
 * twice after a crash. Memory of slots never used is never touched, so that it costs nothing until it is needed.
 */
export class FlowTable {
  readonly capacity: number;
  /** Connections taken over from the memory's former user. */
  readonly adopted: number;
  size = 0;
  /** The newest observation of the slot that select() chose, in place. */
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #views: Observation;
  readonly #header: Uint32Array;
  /** Slot plus one at each place, 0 for none. */
  #index: Int32Array | Uint16Array = new Int32Array(0);
  readonly #free: Int32Array;
  #freeCount = 0;
  /** Addresses of replies over IPv6 that are translated, at each slot's place: hardly anybody does that. */
  #beside: Uint32Array | undefined;
  #allocated = 0;

  /**
   * @param owner number that tells one owner's memory from another's (boot, network namespace)
   * @param allocate makes sure of room for so many octets of the memory; false where there is none (SharedMemory)
   */
  constructor(
    memory: ArrayBuffer,
    capacity: number,
    owner: number,
    private readonly allocate: (octets: number) => boolean = () => true,
  ) {
    this.capacity = capacity;
    if (!this.#hasRoom(0)) throw new RangeError('no room for the flow table');
    this.#words = new Uint32Array(memory, HEADER_OCTETS, capacity * SLOT_WORDS);
    this.#times = new Float64Array(memory, HEADER_OCTETS, (capacity * SLOT_WORDS) / 2);
    this.#views = new Observation();
    this.#free = new Int32Array(capacity);
    this.#header = new Uint32Array(memory, 0, HEADER_USED_SLOTS + 1);
    const mine = [MAGIC, LAYOUT_VERSION, capacity, owner >>> 0];
    if (!mine.every((word, i) => this.#header[i] === word)) this.#header.set([...mine, 0]);
    if (!this.#hasRoom(this.usedSlots)) this.#header[HEADER_USED_SLOTS] = 0;
    for (let slot = this.usedSlots - 1; slot >= 0; slot--) this.#restore(slot);
    this.#reindex();
    this.adopted = this.size;
  }

  /** Slots from here on were never used. */
  get usedSlots(): number {
    return Math.min(this.#header[HEADER_USED_SLOTS], this.capacity);
  }

  #restore(slot: number): void {
    if (!this.isUsed(slot)) {
      this.#free[this.#freeCount++] = slot;
      return;
    }
    this.setSweep(slot, 0);
    // Numbers of paths, and what lies beside the slots, are those of the process that has ended.
    this.#words[slot * SLOT_WORDS + PATH] = 0;
    this.#words[slot * SLOT_WORDS + HISTORY] &= ~BESIDE;
    this.size++;
  }

  /** Slot of the connection with the same Flow Key, zone and id, or -1. */
  find(o: Observation): number {
    // Asked for every Flow, most of which are not there.
    if (this.size === 0) return -1;
    const index = this.#index;
    const mask = index.length - 1;
    for (let at = this.#home(o.ints[WORD_ID]); index[at] !== 0; at = (at + 1) & mask) {
      if (hasKeyOf(this.#words, (index[at] - 1) * SLOT_WORDS, o.words)) return index[at] - 1;
    }
    return -1;
  }

  /** Takes the connection in with nothing exported; -1 when the table is full. */
  insert(o: Observation): number {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.#unusedSlot();
    if (slot < 0) return -1;
    this.#words.fill(0, slot * SLOT_WORDS, (slot + 1) * SLOT_WORDS);
    this.update(slot, o);
    this.#words[slot * SLOT_WORDS + HISTORY] |= USED;
    this.size++;
    if (this.size * 2 > this.#index.length) this.#reindex();
    else this.#link(slot);
    return slot;
  }

  #unusedSlot(): number {
    if (this.usedSlots >= this.capacity || !this.#hasRoom(this.usedSlots + 1)) return -1;
    return this.#header[HEADER_USED_SLOTS]++;
  }

  /** A slot that a full disk has no room for must not be touched: the kernel would end the process (SIGBUS). */
  #hasRoom(slots: number): boolean {
    const octets = flowTableOctets(slots);
    if (octets <= this.#allocated) return true;
    const ample = Math.min(flowTableOctets(this.capacity), octets + ALLOCATION_OCTETS);
    const room = [ample, octets].find(wanted => this.allocate(wanted));
    this.#allocated = room ?? this.#allocated;
    return room !== undefined;
  }

  /** Keeps `o` as the newest observation of the connection. */
  update(slot: number, o: Observation): void {
    keepObservation(this.#words, slot * SLOT_WORDS, o);
    if (isIPv6(o.words[WORD_KIND])) this.#keepReply(slot, o);
  }

  #keepReply(slot: number, o: Observation): void {
    const at = slot * SLOT_WORDS + HISTORY;
    if (!isReplyTranslated(o)) {
      this.#words[at] &= ~BESIDE;
      return;
    }
    this.#words[at] |= BESIDE;
    this.#beside ??= new Uint32Array(this.capacity * BESIDE_WORDS);
    for (let i = 0; i < BESIDE_WORDS; i++) this.#beside[slot * BESIDE_WORDS + i] = o.words[WORD_REPLY_SOURCE + i];
  }

  path(slot: number): number {
    return this.#words[slot * SLOT_WORDS + PATH];
  }

  setPath(slot: number, path: number): void {
    this.#words[slot * SLOT_WORDS + PATH] = path;
  }

  /** A bit, 1 << state, for each TCP state that observations had. */
  tcpStates(slot: number): number {
    return this.#words[slot * SLOT_WORDS + HISTORY] & TCP_STATES;
  }

  wasReset(slot: number): boolean {
    return (this.#words[slot * SLOT_WORDS + HISTORY] & RESET) !== 0;
  }

  remove(slot: number): void {
    this.#unlink(slot);
    this.#words[slot * SLOT_WORDS + HISTORY] = 0;
    this.#free[this.#freeCount++] = slot;
    this.size--;
  }

  isUsed(slot: number): boolean {
    return (this.#words[slot * SLOT_WORDS + HISTORY] & USED) !== 0;
  }

  /** The newest observation of the connection, in an instance that the next call fills again. */
  observation(slot: number): Observation {
    const base = slot * SLOT_WORDS;
    const beside = (this.#words[base + HISTORY] & BESIDE) !== 0 ? this.#beside : undefined;
    readObservation(this.#words, base, this.#views);
    for (let i = 0; beside !== undefined && i < BESIDE_WORDS; i++)
      this.#views.words[WORD_REPLY_SOURCE + i] = beside[slot * BESIDE_WORDS + i];
    return this.#views;
  }

  /** Does the newest observation of the connection have the flag? */
  has(slot: number, flag: number): boolean {
    return hasFlag(this.#words, slot * SLOT_WORDS, flag);
  }

  start(slot: number): number {
    return this.#times[(slot * SLOT_WORDS + START) / 2];
  }

  reported(slot: number): number {
    return this.#times[(slot * SLOT_WORDS + REPORTED) / 2];
  }

  setSweep(slot: number, sweep: number): void {
    keepSweep(this.#words, slot * SLOT_WORDS, sweep);
  }

  /** Sweeps since the last one that saw the connection. @param sweep number of this one */
  sweepsWithout(slot: number, sweep: number): number {
    return sweepsWithout(this.#words, slot * SLOT_WORDS, sweep);
  }

  /** counters of `o` less those exported, into `delta`; false where one of them is smaller than what was exported. */
  difference(slot: number, o: Observation, delta: Int32Array): boolean {
    const exported = slot * SLOT_WORDS + EXPORTED;
    for (let i = 0; i < COUNTER_WORDS; i += 2) {
      const low = number(o.words[WORD_COUNTERS + i + 1]) - number(this.#words[exported + i + 1]);
      const high = number(o.words[WORD_COUNTERS + i]) - number(this.#words[exported + i]) - (low < 0 ? 1 : 0);
      if (high < 0) return false;
      delta[i] = number(high);
      delta[i + 1] = number(low);
    }
    return true;
  }

  /** Says that all of `o` has been exported, up to the time `until`. */
  setExported(slot: number, o: Observation, until: number): void {
    const exported = slot * SLOT_WORDS + EXPORTED;
    for (let i = 0; i < COUNTER_WORDS; i++) this.#words[exported + i] = o.words[WORD_COUNTERS + i];
    this.#times[(slot * SLOT_WORDS + REPORTED) / 2] = until;
  }

  /** Forgets what was exported, after something else set the kernel's counters to zero. */
  rebase(slot: number): void {
    const exported = slot * SLOT_WORDS + EXPORTED;
    this.#words.fill(0, exported, exported + COUNTER_WORDS);
    this.#words[slot * SLOT_WORDS + HISTORY] |= RESET;
  }

  // The id is a keyed hash of the kernel's (nf_ct_get_id), so nobody outside can aim at one chain of the index.
  #home(id: number): number {
    return (Math.imul(id, 0x9e3779b1) >>> 7) & (this.#index.length - 1);
  }

  /** With room for as many again: the index is at most half full, so that its chains are short. */
  #reindex(): void {
    const wanted = Math.max(FEWEST_PLACES, 2 * Math.min(2 * this.size, this.capacity));
    const places = 2 ** Math.ceil(Math.log2(wanted));
    this.#index = this.capacity < NARROW_CAPACITY ? new Uint16Array(places) : new Int32Array(places);
    for (let slot = 0; slot < this.usedSlots; slot++) if (this.isUsed(slot)) this.#link(slot);
  }

  #link(slot: number): void {
    const mask = this.#index.length - 1;
    let at = this.#home(this.#words[slot * SLOT_WORDS + WORD_ID]);
    while (this.#index[at] !== 0) at = (at + 1) & mask;
    this.#index[at] = slot + 1;
  }

  /** Open addressing without tombstones: entries behind the hole move up where their home allows it. */
  #unlink(slot: number): void {
    const mask = this.#index.length - 1;
    let hole = this.#home(this.#words[slot * SLOT_WORDS + WORD_ID]);
    while (this.#index[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; this.#index[at] !== 0; at = (at + 1) & mask) {
      const home = this.#home(this.#words[(this.#index[at] - 1) * SLOT_WORDS + WORD_ID]);
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.#index[hole] = this.#index[at];
      hole = at;
    }
    this.#index[hole] = 0;
  }
}

/** Of a word in network order its value, or the other way round. */
function number(word: number): number {
  return (IS_LITTLE_ENDIAN ? swapped(word) : word) >>> 0;
}
