import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import {
  HAS_COUNTERS,
  HAS_PORTS,
  type Observation,
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
/** Of the counters the length tells padding, so that they are known by their type alone. */
const TYPE = attributeHeader(0xffff, -4);
const ORIGINAL_COUNTERS = nestHeader(C.CTA_COUNTERS_ORIG, -4);
const REPLY_COUNTERS = nestHeader(C.CTA_COUNTERS_REPLY, -4);
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
  readonly #any = new AnyAttribute();

  constructor(private readonly timeouts: Timeouts) {}

  /** When what the event tells of happened (Linux 6.14 or later with nf_conntrack_timestamp): milliseconds, else 0. */
  get eventTime(): number {
    return this.#any.eventTime;
  }

  /**
   * Fills `o` from the message body [start, end), octets, which begins with struct nfgenmsg.
   *
   * @param ended the message is a DESTROY event
   * @param now wall clock, milliseconds: when the kernel wrote the message
   * @returns false where the octets are not a connection; `o` is undefined then
   */
  parse(message: MessageOctets, start: number, end: number, o: Observation, ended: boolean, now: number): boolean {
    if (end - start < NFGENMSG_OCTETS) return false;
    const input = message.words;
    const words = o.ints;
    const any = this.#any;
    words.fill(0);
    words[WORD_KIND] = message.bytes[start] === AF_INET6 ? 6 << 8 : 4 << 8;
    any.stop = any.eventTime = 0;
    const behind = end >> 2;
    for (let at = (start + NFGENMSG_OCTETS) >> 2; at < behind; ) {
      const from = at;
      // In the order in which the kernel tells of a connection's end, so that all are taken in one pass. Behind the message there may
      // be what is left of another.
      if (input[at] === ORIGINAL_IPV4 && at + TUPLES_IPV4 <= behind) at = takeIPv4(input, at, words);
      else if (input[at] === ORIGINAL_IPV6 && at + TUPLES_IPV6 <= behind) at = takeIPv6(input, at, words);
      if (at < behind && input[at] === ID) {
        words[WORD_ID] = IS_LITTLE_ENDIAN ? swapped(input[at + 1]) : input[at + 1];
        at += 2;
      }
      if (at < behind && input[at] === STATUS) {
        words[WORD_STATUS] = IS_LITTLE_ENDIAN ? swapped(input[at + 1]) : input[at + 1];
        at += 2;
      }
      if (at < behind && input[at] === TIMEOUT) {
        words[WORD_TIMEOUT] = IS_LITTLE_ENDIAN ? swapped(input[at + 1]) : input[at + 1];
        at += 2;
      }
      if (at < behind) at = takeCounters(input, at, words, WORD_COUNTERS, ORIGINAL_COUNTERS);
      if (at < behind) at = takeCounters(input, at, words, WORD_COUNTERS + 4, REPLY_COUNTERS);
      if (at < behind && input[at] === STATE_ALONE && input[at + 1] === TCP_STATE_ALONE && input[at + 2] === STATE) {
        words[WORD_STATE] = IS_LITTLE_ENDIAN ? input[at + 3] & 0xff : input[at + 3] >>> 24;
        at += 4;
      }
      if (at === from) at = any.take(message, at, end, o);
      if (at < 0 || at > behind) return false;
    }
    setTimes(o, any.stop, ended, now, this.timeouts);
    return (words[WORD_KIND] & 0xff) !== 0;
  }
}

/**
 * Takes both tuples of a connection over IPv4: addresses, protocol, ports.
 *
 * @returns the word behind them; `at` where they have another layout (ICMP's, for one)
 */
function takeIPv4(input: Int32Array, at: number, words: Int32Array): number {
  if (
    input[at + 1] !== ADDRESSES_IPV4 ||
    input[at + 2] !== SOURCE_IPV4 ||
    input[at + 4] !== DESTINATION_IPV4 ||
    input[at + 6] !== PROTOCOL ||
    input[at + 7] !== NUMBER ||
    input[at + 9] !== SOURCE_PORT ||
    input[at + 11] !== DESTINATION_PORT ||
    input[at + 13] !== REPLY_IPV4 ||
    input[at + 14] !== ADDRESSES_IPV4 ||
    input[at + 15] !== SOURCE_IPV4 ||
    input[at + 17] !== DESTINATION_IPV4 ||
    input[at + 19] !== PROTOCOL ||
    input[at + 20] !== NUMBER ||
    input[at + 22] !== SOURCE_PORT ||
    input[at + 24] !== DESTINATION_PORT
  ) {
    return at;
  }
  words[WORD_SOURCE] = input[at + 3];
  words[WORD_DESTINATION] = input[at + 5];
  words[WORD_REPLY_SOURCE] = input[at + 16];
  words[WORD_REPLY_DESTINATION] = input[at + 18];
  takeProtocol(words, input[at + 21], input[at + 10], input[at + 12], input[at + 23], input[at + 25]);
  return at + TUPLES_IPV4;
}

/** As takeIPv4. */
function takeIPv6(input: Int32Array, at: number, words: Int32Array): number {
  if (
    input[at + 1] !== ADDRESSES_IPV6 ||
    input[at + 2] !== SOURCE_IPV6 ||
    input[at + 7] !== DESTINATION_IPV6 ||
    input[at + 12] !== PROTOCOL ||
    input[at + 13] !== NUMBER ||
    input[at + 15] !== SOURCE_PORT ||
    input[at + 17] !== DESTINATION_PORT ||
    input[at + 19] !== REPLY_IPV6 ||
    input[at + 20] !== ADDRESSES_IPV6 ||
    input[at + 21] !== SOURCE_IPV6 ||
    input[at + 26] !== DESTINATION_IPV6 ||
    input[at + 31] !== PROTOCOL ||
    input[at + 32] !== NUMBER ||
    input[at + 34] !== SOURCE_PORT ||
    input[at + 36] !== DESTINATION_PORT
  ) {
    return at;
  }
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
  words[WORD_FLAGS] |= HAS_PORTS;
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

/** Takes the counters of a direction. @returns the word behind the attribute; `at` where it is another, or has another layout */
function takeCounters(input: Int32Array, at: number, words: Int32Array, to: number, type: number): number {
  const header = input[at];
  if ((header & TYPE) !== type) return at;
  const packets = input[at + 1] === PADDING ? at + 2 : at + 1;
  const octets = input[packets + 3] === PADDING ? packets + 4 : packets + 3;
  const behind = octets + 3;
  const length = IS_LITTLE_ENDIAN ? header & 0xffff : header >>> 16;
  if (input[packets] !== PACKETS || input[octets] !== OCTETS || length !== 4 * (behind - at)) return at;
  words[to] = input[octets + 1];
  words[to + 1] = input[octets + 2];
  words[to + 2] = input[packets + 1];
  words[to + 3] = input[packets + 2];
  words[WORD_FLAGS] |= HAS_COUNTERS;
  return behind;
}
