import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import {
  HAS_COUNTERS,
  HAS_PORTS,
  Observation,
  WORD_COUNTERS,
  WORD_DESTINATION,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from '../metering/observation.js';
import { attributeHeader, nestHeader } from '../netlink/attributes.js';
import type { MessageOctets } from '../netlink/reader.js';
import { AnyAttribute } from './any-attribute.js';
import * as C from './constants.js';
import type { Timeouts } from './timeouts.js';
import { setTimes } from './times.js';

const NFGENMSG_OCTETS = 4;
const AF_INET6 = 10;

// Headers as the kernel writes them of nearly every connection, octets of their payload among them.
/** Words of both tuples. */
const TUPLES_IPV4 = 26;
const TUPLES_IPV6 = 38;
const ORIGINAL_IPV4 = nestHeader(C.CTA_TUPLE_ORIG, 48);
const ORIGINAL_IPV6 = nestHeader(C.CTA_TUPLE_ORIG, 72);
const REPLY_IPV4 = nestHeader(C.CTA_TUPLE_REPLY, 48);
const REPLY_IPV6 = nestHeader(C.CTA_TUPLE_REPLY, 72);
const ADDRESSES_IPV4 = nestHeader(C.CTA_TUPLE_IP, 16);
const ADDRESSES_IPV6 = nestHeader(C.CTA_TUPLE_IP, 40);
const SOURCE_IPV4 = attributeHeader(C.CTA_IP_V4_SRC, 4);
const SOURCE_IPV6 = attributeHeader(C.CTA_IP_V6_SRC, 16);
const DESTINATION_IPV4 = attributeHeader(C.CTA_IP_V4_DST, 4);
const DESTINATION_IPV6 = attributeHeader(C.CTA_IP_V6_DST, 16);
const PROTOCOL = nestHeader(C.CTA_TUPLE_PROTO, 24);
const NUMBER = attributeHeader(C.CTA_PROTO_NUM, 1);
const SOURCE_PORT = attributeHeader(C.CTA_PROTO_SRC_PORT, 2);
const DESTINATION_PORT = attributeHeader(C.CTA_PROTO_DST_PORT, 2);
const ID = attributeHeader(C.CTA_ID, 4);
const STATUS = attributeHeader(C.CTA_STATUS, 4);
const TIMEOUT = attributeHeader(C.CTA_TIMEOUT, 4);
/** Without the length of the payload, which tells of padding, and what a word of it adds. */
const ORIGINAL_COUNTERS = nestHeader(C.CTA_COUNTERS_ORIG, -4);
const REPLY_COUNTERS = nestHeader(C.CTA_COUNTERS_REPLY, -4);
const HEADER_WORD = attributeHeader(0, 0);
/** Words of id, status and the counters of both directions without padding. */
const LEAST_BEHIND_TUPLES = 18;
const PADDING = attributeHeader(C.CTA_COUNTERS_PAD, 0);
const PACKETS = attributeHeader(C.CTA_COUNTERS_PACKETS, 8);
const OCTETS = attributeHeader(C.CTA_COUNTERS_BYTES, 8);
const STATE_ALONE = nestHeader(C.CTA_PROTOINFO, 12);
const TCP_STATE_ALONE = nestHeader(C.CTA_PROTOINFO_TCP, 8);
const STATE = attributeHeader(C.CTA_PROTOINFO_STATE, 1);

/**
 * Turns the body of a ctnetlink message into an Observation. Every Flow passes here, on routers by an interpreter to which a call costs
 * as much as twenty steps: so what the kernel writes of nearly every connection is known by its headers, a word each, and taken from
 * its fixed place behind them. AnyAttribute takes all else.
 */
export class ConntrackParser {
  /** Filled by each message. */
  readonly observation = new Observation();
  readonly #any = new AnyAttribute();
  /** The family of the message before, where it had nothing but what the next one of this family fills in anew; else 0. */
  #before = 0;

  constructor(private readonly timeouts: Timeouts) {}

  /** When what the event tells of happened (Linux 6.14 or later with nf_conntrack_timestamp): milliseconds, else 0. */
  get eventTime(): number {
    return this.#any.eventTime;
  }

  /**
   * Fills the Observation from the message body [start, end), octets, which begins with struct nfgenmsg.
   *
   * @param ended the message is a DESTROY event
   * @param now wall clock, milliseconds: when the kernel wrote the message
   * @returns false where the octets are not a connection; the Observation is undefined then
   */
  parse(message: MessageOctets, start: number, end: number, ended: boolean, now: number): boolean {
    if (end - start < NFGENMSG_OCTETS) return false;
    const input = message.words;
    const words = this.observation.ints;
    const behind = end >> 2;
    const family = message.bytes[start] === AF_INET6 ? 6 : 4;
    const isClear = family !== this.#before;
    if (isClear) this.#clear(family);
    // In the order in which the kernel tells of a connection's end. Behind the message there may be what is left of another.
    const first = (start + NFGENMSG_OCTETS) >> 2;
    const tuples = family === 4 ? takeIPv4(input, first, behind, words) : takeIPv6(input, first, behind, words);
    const at = tuples === first ? first : takeUsual(input, tuples, behind, words);
    if (at !== behind || at === tuples) {
      if (!isClear && at === tuples) this.#clear(family);
      this.#before = 0;
      if (!this.#takeRest(message, at === tuples ? first : at, end)) return false;
    } else if (isClear) this.#before = family;
    setTimes(this.observation, this.#any.stop, ended, now, this.timeouts);
    return (words[WORD_KIND] & 0xff) !== 0;
  }

  #clear(family: number): void {
    const words = this.observation.ints;
    words.fill(0);
    words[WORD_KIND] = family << 8;
    this.#any.stop = this.#any.eventTime = 0;
  }

  /** Takes attributes in whatever order they come. @returns false where their lengths are wrong */
  #takeRest(message: MessageOctets, from: number, end: number): boolean {
    const input = message.words;
    const words = this.observation.ints;
    const behind = end >> 2;
    let at = from;
    while (at >= 0 && at < behind) {
      const before = at;
      at = takeIPv4(input, at, behind, words);
      if (at === before) at = takeIPv6(input, at, behind, words);
      if (at > before) words[WORD_FLAGS] |= HAS_PORTS;
      at = takeNumber(input, at, behind, words, WORD_ID, ID);
      at = takeNumber(input, at, behind, words, WORD_STATUS, STATUS);
      at = takeNumber(input, at, behind, words, WORD_TIMEOUT, TIMEOUT);
      const counters = at;
      if (at < behind) at = takeCounters(input, at, words, WORD_COUNTERS, ORIGINAL_COUNTERS);
      if (at < behind) at = takeCounters(input, at, words, WORD_COUNTERS + 4, REPLY_COUNTERS);
      if (at > counters) words[WORD_FLAGS] |= HAS_COUNTERS;
      at = takeState(input, at, behind, words);
      if (at === before) at = this.#any.take(message, at, end, this.observation);
    }
    return at === behind;
  }
}

/**
 * Takes both tuples of a connection over IPv4: addresses, protocol, ports.
 *
 * @returns the word behind them; `at` where they are not there, or have another layout (ICMP's, for one)
 */
function takeIPv4(input: Int32Array, at: number, behind: number, words: Int32Array): number {
  const differences =
    (input[at] ^ ORIGINAL_IPV4) |
    (input[at + 1] ^ ADDRESSES_IPV4) |
    (input[at + 2] ^ SOURCE_IPV4) |
    (input[at + 4] ^ DESTINATION_IPV4) |
    (input[at + 6] ^ PROTOCOL) |
    (input[at + 7] ^ NUMBER) |
    (input[at + 9] ^ SOURCE_PORT) |
    (input[at + 11] ^ DESTINATION_PORT) |
    (input[at + 13] ^ REPLY_IPV4) |
    (input[at + 14] ^ ADDRESSES_IPV4) |
    (input[at + 15] ^ SOURCE_IPV4) |
    (input[at + 17] ^ DESTINATION_IPV4) |
    (input[at + 19] ^ PROTOCOL) |
    (input[at + 20] ^ NUMBER) |
    (input[at + 22] ^ SOURCE_PORT) |
    (input[at + 24] ^ DESTINATION_PORT);
  if (differences !== 0 || at + TUPLES_IPV4 > behind) return at;
  words[WORD_SOURCE] = input[at + 3];
  words[WORD_DESTINATION] = input[at + 5];
  words[WORD_REPLY_SOURCE] = input[at + 16];
  words[WORD_REPLY_DESTINATION] = input[at + 18];
  takeProtocol(words, input[at + 21], input[at + 10], input[at + 12], input[at + 23], input[at + 25]);
  return at + TUPLES_IPV4;
}

/** As takeIPv4. */
function takeIPv6(input: Int32Array, at: number, behind: number, words: Int32Array): number {
  const differences =
    (input[at] ^ ORIGINAL_IPV6) |
    (input[at + 1] ^ ADDRESSES_IPV6) |
    (input[at + 2] ^ SOURCE_IPV6) |
    (input[at + 7] ^ DESTINATION_IPV6) |
    (input[at + 12] ^ PROTOCOL) |
    (input[at + 13] ^ NUMBER) |
    (input[at + 15] ^ SOURCE_PORT) |
    (input[at + 17] ^ DESTINATION_PORT) |
    (input[at + 19] ^ REPLY_IPV6) |
    (input[at + 20] ^ ADDRESSES_IPV6) |
    (input[at + 21] ^ SOURCE_IPV6) |
    (input[at + 26] ^ DESTINATION_IPV6) |
    (input[at + 31] ^ PROTOCOL) |
    (input[at + 32] ^ NUMBER) |
    (input[at + 34] ^ SOURCE_PORT) |
    (input[at + 36] ^ DESTINATION_PORT);
  if (differences !== 0 || at + TUPLES_IPV6 > behind) return at;
  for (let i = 0; i < 4; i++) {
    words[WORD_SOURCE + i] = input[at + 3 + i];
    words[WORD_DESTINATION + i] = input[at + 8 + i];
    words[WORD_REPLY_SOURCE + i] = input[at + 22 + i];
    words[WORD_REPLY_DESTINATION + i] = input[at + 27 + i];
  }
  takeProtocol(words, input[at + 33], input[at + 16], input[at + 18], input[at + 35], input[at + 37]);
  return at + TUPLES_IPV6;
}

/** From words that begin with the protocol's number and with ports. */
function takeProtocol(
  words: Int32Array,
  number: number,
  source: number,
  destination: number,
  replySource: number,
  replyDestination: number,
): void {
  const kind = words[WORD_KIND] & ~0xff;
  if (IS_LITTLE_ENDIAN) {
    words[WORD_KIND] = kind | (number & 0xff);
    words[WORD_PORTS] = (swapped(source) & ~0xffff) | (swapped(destination) >>> 16);
    words[WORD_REPLY_PORTS] = (swapped(replySource) & ~0xffff) | (swapped(replyDestination) >>> 16);
  } else {
    words[WORD_KIND] = kind | (number >>> 24);
    words[WORD_PORTS] = (source & ~0xffff) | (destination >>> 16);
    words[WORD_REPLY_PORTS] = (replySource & ~0xffff) | (replyDestination >>> 16);
  }
}

/**
 * Takes id, status, counters and TCP's state, as they follow the tuples at a connection's end, and says that there are ports and counters.
 *
 * @returns the word behind them; `from` where they are not all there, or come in another order
 */
function takeUsual(input: Int32Array, from: number, behind: number, words: Int32Array): number {
  if (from + LEAST_BEHIND_TUPLES > behind || input[from] !== ID || input[from + 2] !== STATUS) return from;
  let counters = from + 4;
  let timeout = 0;
  if (input[counters] === TIMEOUT) {
    timeout = input[counters + 1];
    counters += 2;
  }
  const reply = takeCounters(input, counters, words, WORD_COUNTERS, ORIGINAL_COUNTERS);
  const state = takeCounters(input, reply, words, WORD_COUNTERS + 4, REPLY_COUNTERS);
  if (reply === counters || state === reply) return from;
  const id = input[from + 1];
  const status = input[from + 3];
  if (IS_LITTLE_ENDIAN) {
    words[WORD_ID] = swapped(id);
    words[WORD_STATUS] = swapped(status);
    words[WORD_TIMEOUT] = swapped(timeout);
  } else {
    words[WORD_ID] = id;
    words[WORD_STATUS] = status;
    words[WORD_TIMEOUT] = timeout;
  }
  words[WORD_FLAGS] = HAS_PORTS | HAS_COUNTERS;
  words[WORD_STATE] = 0;
  return takeState(input, state, behind, words);
}

function takeNumber(
  input: Int32Array,
  at: number,
  behind: number,
  words: Int32Array,
  to: number,
  header: number,
): number {
  if (at >= behind || input[at] !== header) return at;
  words[to] = IS_LITTLE_ENDIAN ? swapped(input[at + 1]) : input[at + 1];
  return at + 2;
}

/** Takes the state of a TCP connection where nothing else is told of its protocol. */
function takeState(input: Int32Array, at: number, behind: number, words: Int32Array): number {
  if (at >= behind || input[at] !== STATE_ALONE || input[at + 1] !== TCP_STATE_ALONE || input[at + 2] !== STATE)
    return at;
  words[WORD_STATE] = IS_LITTLE_ENDIAN ? input[at + 3] & 0xff : input[at + 3] >>> 24;
  return at + 4;
}

/** Takes the counters of a direction. @returns the word behind the attribute; `at` where it is another, or has another layout */
function takeCounters(input: Int32Array, at: number, words: Int32Array, to: number, type: number): number {
  let packets = at + 1;
  if (input[packets] === PADDING) packets++;
  let octets = packets + 3;
  if (input[octets] === PADDING) octets++;
  const behind = octets + 3;
  if (input[at] !== type + (behind - at) * HEADER_WORD || input[packets] !== PACKETS || input[octets] !== OCTETS)
    return at;
  words[to] = input[octets + 1];
  words[to + 1] = input[octets + 2];
  words[to + 2] = input[packets + 1];
  words[to + 3] = input[packets + 2];
  return behind;
}
