import {
  HAS_COUNTERS,
  HAS_PORTS,
  type Observation,
  WORD_COUNTERS,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_MARK,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from '../metering/observation.js';
import { attributeHeader, nestHeader } from '../netlink/attributes.js';
import { IS_LITTLE_ENDIAN, swapped } from '../netlink/byte-order.js';
import type { MessageOctets } from '../netlink/reader.js';
import { AnyAttribute } from './any-attribute.js';
import * as C from './constants.js';
import type { Timeouts } from './timeouts.js';
import { setTimes } from './times.js';

const NFGENMSG_OCTETS = 4;
const AF_INET6 = 10;

// Headers as the kernel writes them of nearly every connection, octets of their payload among them.
const IPV4_WORDS = 1;
const IPV6_WORDS = 4;
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
const MARK = attributeHeader(C.CTA_MARK, 4);
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
    o.ints.fill(0);
    o.ints[WORD_KIND] = message.bytes[start] === AF_INET6 ? 6 << 8 : 4 << 8;
    this.#any.clear();
    if (!this.#attributes(message, start + NFGENMSG_OCTETS, end, o)) return false;
    setTimes(o, this.#any.stop, ended, now, this.timeouts);
    return true;
  }

  #attributes(message: MessageOctets, start: number, end: number, o: Observation): boolean {
    const input = message.words;
    const words = o.ints;
    const behind = end >> 2;
    for (let at = start >> 2, next = 0; at < behind; at = next) {
      switch (input[at]) {
        case ORIGINAL_IPV4:
          next = takeTuple(input, at, IPV4_WORDS, words, WORD_SOURCE);
          break;
        case REPLY_IPV4:
          next = takeTuple(input, at, IPV4_WORDS, words, WORD_REPLY_SOURCE);
          break;
        case ID:
          next = takeWord(input, at, words, WORD_ID);
          break;
        case STATUS:
          next = takeWord(input, at, words, WORD_STATUS);
          break;
        case TIMEOUT:
          next = takeWord(input, at, words, WORD_TIMEOUT);
          break;
        case STATE_ALONE:
          next = takeState(input, at, words);
          break;
        case ORIGINAL_IPV6:
          next = takeTuple(input, at, IPV6_WORDS, words, WORD_SOURCE);
          break;
        case REPLY_IPV6:
          next = takeTuple(input, at, IPV6_WORDS, words, WORD_REPLY_SOURCE);
          break;
        case MARK:
          next = takeWord(input, at, words, WORD_MARK);
          break;
        default:
          next = takeCounters(input, at, words);
      }
      if (next === 0) next = this.#any.take(message, at, end, o);
      if (next < 0 || next > behind) return false;
    }
    return (words[WORD_KIND] & 0xff) !== 0;
  }
}

/** Of a 32-bit attribute. @returns the word behind it */
function takeWord(input: Int32Array, at: number, words: Int32Array, to: number): number {
  const word = input[at + 1];
  words[to] = IS_LITTLE_ENDIAN ? swapped(word) : word;
  return at + 2;
}

/**
 * Addresses of so many words, protocol and ports, to words[to] and behind as in an Observation.
 *
 * @returns the word behind the attribute, 0 where it has another layout (ICMP's, for one)
 */
function takeTuple(input: Int32Array, at: number, addressWords: number, words: Int32Array, to: number): number {
  const v4 = addressWords === IPV4_WORDS;
  const protocol = at + 4 + 2 * addressWords;
  if (
    input[at + 1] !== (v4 ? ADDRESSES_IPV4 : ADDRESSES_IPV6) ||
    input[at + 2] !== (v4 ? SOURCE_IPV4 : SOURCE_IPV6) ||
    input[at + 3 + addressWords] !== (v4 ? DESTINATION_IPV4 : DESTINATION_IPV6) ||
    input[protocol] !== PROTOCOL ||
    input[protocol + 1] !== NUMBER ||
    input[protocol + 3] !== SOURCE_PORT ||
    input[protocol + 5] !== DESTINATION_PORT
  ) {
    return 0;
  }
  words[to] = input[at + 3];
  words[to + 4] = input[at + 4 + addressWords];
  for (let i = 1; i < addressWords; i++) {
    words[to + i] = input[at + 3 + i];
    words[to + 4 + i] = input[at + 4 + addressWords + i];
  }
  const number = input[protocol + 2];
  const source = input[protocol + 4];
  const destination = input[protocol + 6];
  words[WORD_KIND] = (words[WORD_KIND] & ~0xff) | (IS_LITTLE_ENDIAN ? number & 0xff : number >>> 24);
  words[to + 8] = IS_LITTLE_ENDIAN
    ? (swapped(source) & ~0xffff) | (swapped(destination) >>> 16)
    : (source & ~0xffff) | (destination >>> 16);
  words[WORD_FLAGS] |= HAS_PORTS;
  return protocol + 7;
}

/** @returns the word behind the attribute, 0 where it is no counters or has another layout */
function takeCounters(input: Int32Array, at: number, words: Int32Array): number {
  const header = input[at];
  const type = (IS_LITTLE_ENDIAN ? header >>> 16 : header) & 0x3fff;
  if (type !== C.CTA_COUNTERS_ORIG && type !== C.CTA_COUNTERS_REPLY) return 0;
  const to = type === C.CTA_COUNTERS_ORIG ? WORD_COUNTERS : WORD_COUNTERS + 4;
  const packets = input[at + 1] === PADDING ? at + 2 : at + 1;
  const octets = input[packets + 3] === PADDING ? packets + 4 : packets + 3;
  const behind = octets + 3;
  const length = IS_LITTLE_ENDIAN ? header & 0xffff : header >>> 16;
  if (input[packets] !== PACKETS || input[octets] !== OCTETS || at + (length >> 2) !== behind) return 0;
  words[to] = IS_LITTLE_ENDIAN ? swapped(input[octets + 2]) : input[octets + 2];
  words[to + 1] = IS_LITTLE_ENDIAN ? swapped(input[octets + 1]) : input[octets + 1];
  words[to + 2] = IS_LITTLE_ENDIAN ? swapped(input[packets + 2]) : input[packets + 2];
  words[to + 3] = IS_LITTLE_ENDIAN ? swapped(input[packets + 1]) : input[packets + 1];
  words[WORD_FLAGS] |= HAS_COUNTERS;
  return behind;
}

/** @returns the word behind a TCP connection's state, 0 where there is more than that */
function takeState(input: Int32Array, at: number, words: Int32Array): number {
  if (input[at + 1] !== TCP_STATE_ALONE || input[at + 2] !== STATE) return 0;
  const state = input[at + 3];
  words[WORD_STATE] = IS_LITTLE_ENDIAN ? state & 0xff : state >>> 24;
  return at + 4;
}
