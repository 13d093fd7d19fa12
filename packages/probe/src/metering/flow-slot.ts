import {
  COUNTER_WORDS,
  type Observation,
  TIME_LAST_PACKET,
  TIME_SEEN,
  TIME_START,
  WORD_COUNTERS,
  WORD_DESTINATION,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_MARK,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from './observation.js';

/**
 * A slot of the flow table: an Observation in fewer words, and what the table has of its connection. Words 0 to 10 are the Observation's, but
 * that over IPv4, whose addresses are one word each, the reply's lie behind the initiator's; over IPv6 the reply's are the initiator's
 * turned round, or else they lie beside the slots.
 */
const REPLY_PORTS = 11;
/** Flags, end reason << 7, seconds << 10: the kernel keeps nothing for 48 days. */
const ENDING = 12;
export const HISTORY = 13;
export const COUNTERS = 14;
/** Counters that were exported, and the time up to which: float64, 0 before the first interim report. */
export const EXPORTED = COUNTERS + COUNTER_WORDS;
/** Float64, as REPORTED and when the connection was seen. */
export const START = EXPORTED + COUNTER_WORDS;
const SEEN = START + 2;
export const REPORTED = SEEN + 2;
/** Milliseconds since the last packet when it was seen. */
const IDLE = REPORTED + 2;
const MARK = IDLE + 1;
const STATUS = MARK + 1;
/** Of the PathFinder. */
export const PATH = STATUS + 1;
export const SLOT_WORDS = PATH + 1;
/** Words of reply addresses that lie beside the slots. */
export const BESIDE_WORDS = 8;

/** Bits of HISTORY: 1 << state for each TCP state that was seen; */
export const TCP_STATES = 0xffff;
/** something else set the kernel's counters to zero, so that they are no totals any more; */
export const RESET = 1 << 16;
/** the slot holds a connection; */
export const USED = 1 << 17;
/** the reply's addresses lie beside the slots; */
export const BESIDE = 1 << 18;
/** four bits with the protocol's state; */
const STATE_SHIFT = 19;
const STATE_MASK = 15;
/** and the rest, with the last of the number of the sweep that last saw the connection. */
const SWEEP_SHIFT = 23;
const SWEEP_MASK = 0x1ff;

const FLAGS_MASK = 0x7f;
const REASON_SHIFT = 7;
const REASON_MASK = 7;
const TIMEOUT_SHIFT = 10;
const LONGEST_TIMEOUT = (1 << 22) - 1;
const TCP = 6;
/** Words of the Observation. */
const WORD_START = 2 * TIME_START;
const WORD_SEEN = 2 * TIME_SEEN;
const LONGEST_IDLE = 0xffffffff;

export function isIPv6(kind: number): boolean {
  return ((kind >>> 8) & 0xff) === 6;
}

/** Keeps the Observation in the slot that begins at `base`, but for the reply's addresses over IPv6. */
export function keepObservation(slots: Uint32Array, base: number, { words, times }: Observation): void {
  const kind = words[WORD_KIND];
  const state = words[WORD_STATE];
  for (let i = 0; i <= WORD_PORTS; i++) slots[base + i] = words[i];
  if (!isIPv6(kind)) {
    slots[base + WORD_SOURCE + 1] = words[WORD_REPLY_SOURCE];
    slots[base + WORD_DESTINATION + 1] = words[WORD_REPLY_DESTINATION];
  }
  slots[base + REPLY_PORTS] = words[WORD_REPLY_PORTS];
  const ending = (words[WORD_FLAGS] & FLAGS_MASK) | (words[WORD_END_REASON] << REASON_SHIFT);
  slots[base + ENDING] = ending | (Math.min(words[WORD_TIMEOUT], LONGEST_TIMEOUT) << TIMEOUT_SHIFT);
  const seen = (kind & 0xff) === TCP && state !== 0 ? 1 << state : 0;
  const others = ~(STATE_MASK << STATE_SHIFT);
  slots[base + HISTORY] = (slots[base + HISTORY] & others) | seen | ((state & STATE_MASK) << STATE_SHIFT);
  for (let i = 0; i < COUNTER_WORDS; i++) slots[base + COUNTERS + i] = words[WORD_COUNTERS + i];
  for (let i = 0; i < 2; i++) {
    slots[base + START + i] = words[WORD_START + i];
    slots[base + SEEN + i] = words[WORD_SEEN + i];
  }
  slots[base + IDLE] = Math.min(times[TIME_SEEN] - times[TIME_LAST_PACKET], LONGEST_IDLE);
  slots[base + MARK] = words[WORD_MARK];
  slots[base + STATUS] = words[WORD_STATUS];
}

/** Fills in the Observation that was kept, over IPv6 with the reply's addresses turned round. */
export function readObservation(slots: Uint32Array, base: number, { words, times }: Observation): void {
  for (let i = 0; i <= WORD_PORTS; i++) words[i] = slots[base + i];
  words.fill(0, WORD_REPLY_SOURCE, WORD_REPLY_PORTS);
  if (isIPv6(slots[base + WORD_KIND])) {
    for (let i = 0; i < 4; i++) words[WORD_REPLY_SOURCE + i] = slots[base + WORD_DESTINATION + i];
    for (let i = 0; i < 4; i++) words[WORD_REPLY_DESTINATION + i] = slots[base + WORD_SOURCE + i];
  } else {
    words[WORD_REPLY_SOURCE] = slots[base + WORD_SOURCE + 1];
    words[WORD_REPLY_DESTINATION] = slots[base + WORD_DESTINATION + 1];
    words[WORD_SOURCE + 1] = words[WORD_DESTINATION + 1] = 0;
  }
  words[WORD_REPLY_PORTS] = slots[base + REPLY_PORTS];
  const ending = slots[base + ENDING];
  words[WORD_FLAGS] = ending & FLAGS_MASK;
  words[WORD_END_REASON] = (ending >>> REASON_SHIFT) & REASON_MASK;
  words[WORD_TIMEOUT] = ending >>> TIMEOUT_SHIFT;
  words[WORD_STATE] = (slots[base + HISTORY] >>> STATE_SHIFT) & STATE_MASK;
  for (let i = 0; i < COUNTER_WORDS; i++) words[WORD_COUNTERS + i] = slots[base + COUNTERS + i];
  for (let i = 0; i < 2; i++) {
    words[WORD_START + i] = slots[base + START + i];
    words[WORD_SEEN + i] = slots[base + SEEN + i];
  }
  times[TIME_LAST_PACKET] = times[TIME_SEEN] - slots[base + IDLE];
  words[WORD_MARK] = slots[base + MARK];
  words[WORD_STATUS] = slots[base + STATUS];
}

/** Has the connection in the slot the Observation's Flow Key, zone and id? */
export function hasKeyOf(slots: Uint32Array, base: number, words: Uint32Array): boolean {
  if (slots[base + WORD_ID] !== words[WORD_ID] || slots[base + WORD_KIND] !== words[WORD_KIND]) return false;
  if (slots[base + WORD_SOURCE] !== words[WORD_SOURCE] || slots[base + WORD_PORTS] !== words[WORD_PORTS]) return false;
  if (slots[base + WORD_DESTINATION] !== words[WORD_DESTINATION]) return false;
  if (!isIPv6(words[WORD_KIND])) return true;
  for (let i = 1; i < 4; i++) {
    if (slots[base + WORD_SOURCE + i] !== words[WORD_SOURCE + i]) return false;
    if (slots[base + WORD_DESTINATION + i] !== words[WORD_DESTINATION + i]) return false;
  }
  return true;
}

/** Are the reply's addresses over IPv6 others than the initiator's turned round? */
export function isReplyTranslated({ words }: Observation): boolean {
  for (let i = 0; i < 4; i++) {
    if (words[WORD_REPLY_SOURCE + i] !== words[WORD_DESTINATION + i]) return true;
    if (words[WORD_REPLY_DESTINATION + i] !== words[WORD_SOURCE + i]) return true;
  }
  return false;
}

/** Does the newest Observation in the slot have the flag? */
export function hasFlag(slots: Uint32Array, base: number, flag: number): boolean {
  return (slots[base + ENDING] & flag) !== 0;
}

export function keepSweep(slots: Uint32Array, base: number, sweep: number): void {
  const others = ~(SWEEP_MASK << SWEEP_SHIFT);
  slots[base + HISTORY] = (slots[base + HISTORY] & others) | (sweep << SWEEP_SHIFT);
}

/** Sweeps that have not seen the connection; so many that their number begins again never last (Meter.endSweep). */
export function sweepsWithout(slots: Uint32Array, base: number, sweep: number): number {
  return (sweep - (slots[base + HISTORY] >>> SWEEP_SHIFT)) & SWEEP_MASK;
}
