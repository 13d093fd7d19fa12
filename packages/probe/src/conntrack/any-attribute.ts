import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import {
  HAS_COUNTERS,
  HAS_HELPER,
  HAS_LABELS,
  HAS_MASTER,
  HAS_PORTS,
  HAS_START,
  LABELS_OCTETS,
  type Observation,
  WORD_COUNTERS,
  WORD_DESTINATION,
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
} from '../metering/observation.js';
import { AttributeCursor } from '../netlink/attributes.js';
import type { MessageOctets } from '../netlink/reader.js';
import {
  CTA_COUNTERS_BYTES,
  CTA_COUNTERS_ORIG,
  CTA_COUNTERS_PACKETS,
  CTA_COUNTERS_REPLY,
  CTA_HELP,
  CTA_HELP_NAME,
  CTA_ID,
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
  CTA_LABELS,
  CTA_MARK,
  CTA_PROTO_DST_PORT,
  CTA_PROTO_ICMP_CODE,
  CTA_PROTO_ICMP_ID,
  CTA_PROTO_ICMP_TYPE,
  CTA_PROTO_ICMPV6_CODE,
  CTA_PROTO_ICMPV6_ID,
  CTA_PROTO_ICMPV6_TYPE,
  CTA_PROTO_NUM,
  CTA_PROTO_SRC_PORT,
  CTA_PROTOINFO,
  CTA_PROTOINFO_STATE,
  CTA_STATUS,
  CTA_TIMEOUT,
  CTA_TIMESTAMP,
  CTA_TIMESTAMP_EVENT,
  CTA_TIMESTAMP_START,
  CTA_TIMESTAMP_STOP,
  CTA_TUPLE_IP,
  CTA_TUPLE_MASTER,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
  CTA_TUPLE_REPLY,
  CTA_ZONE,
} from './constants.js';
import { nanoseconds } from './times.js';

/** NF_CT_HELPER_NAME_LEN, its NUL left out. */
const HELPER_NAME_OCTETS = 15;

/** Takes attributes of a connection in whatever layout they come: what ConntrackParser is not sure of, and what is rare. */
export class AnyAttribute {
  readonly #outer = new AttributeCursor();
  readonly #nest = new AttributeCursor();
  readonly #inner = new AttributeCursor();
  #protocol = 0;
  #hasPorts = false;
  #failed = false;
  /** CTA_TIMESTAMP_STOP: milliseconds, 0 where the message does not say. */
  stop = 0;
  /** When what the event tells of happened (Linux 6.14 or later with nf_conntrack_timestamp): milliseconds, else 0. */
  eventTime = 0;

  /**
   * Takes the attribute at word `at` into `o`.
   *
   * @param end of the message, octets
   * @returns the word behind it, or that behind the message, -1 where its lengths are wrong
   */
  take({ bytes, halves }: MessageOctets, at: number, end: number, o: Observation): number {
    const outer = this.#outer;
    outer.reset(bytes, halves, at * 4, end);
    if (!outer.next()) return -1;
    this.#failed = false;
    this.#attribute(o);
    return this.#failed || outer.failed ? -1 : Math.min(at + ((outer.length + 7) >> 2), end >> 2);
  }

  #attribute(o: Observation): void {
    const outer = this.#outer;
    const words = o.words;
    switch (outer.type) {
      case CTA_TUPLE_ORIG:
        this.#own(o, WORD_SOURCE, WORD_DESTINATION, WORD_PORTS);
        break;
      case CTA_TUPLE_REPLY:
        this.#own(o, WORD_REPLY_SOURCE, WORD_REPLY_DESTINATION, WORD_REPLY_PORTS);
        break;
      case CTA_COUNTERS_ORIG:
        this.#counters(words, WORD_COUNTERS);
        break;
      case CTA_COUNTERS_REPLY:
        this.#counters(words, WORD_COUNTERS + 4);
        break;
      case CTA_TIMESTAMP:
        this.#timestamps(o);
        break;
      case CTA_PROTOINFO:
        this.#protocolState(words);
        break;
      case CTA_ID:
        words[WORD_ID] = outer.u32();
        break;
      case CTA_STATUS:
        words[WORD_STATUS] = outer.u32();
        break;
      case CTA_MARK:
        words[WORD_MARK] = outer.u32();
        break;
      case CTA_TIMEOUT:
        words[WORD_TIMEOUT] = outer.u32();
        break;
      case CTA_ZONE:
        words[WORD_KIND] = (words[WORD_KIND] & 0xffff) | (outer.u16() << 16);
        break;
      default:
        this.#rare(o);
    }
  }

  /** What few connections have, or few messages. */
  #rare(o: Observation): void {
    const outer = this.#outer;
    if (outer.type === CTA_LABELS) {
      // As many octets as the kernel has labels for, 16 at most (NF_CT_LABELS_MAX_SIZE).
      o.labels.fill(0);
      outer.copy(o.labels, 0, Math.min(outer.length, LABELS_OCTETS));
      if (o.labels.some(octet => octet !== 0)) o.words[WORD_FLAGS] |= HAS_LABELS;
    } else if (outer.type === CTA_HELP) this.#helper(o);
    else if (outer.type === CTA_TUPLE_MASTER) this.#master(o);
    else if (outer.type === CTA_TIMESTAMP_EVENT) this.eventTime = nanoseconds(outer.u64High(), outer.u64Low());
  }

  #helper(o: Observation): void {
    this.#nest.enter(this.#outer);
    while (this.#nest.next()) {
      if (this.#nest.type !== CTA_HELP_NAME) continue;
      o.helper = this.#nest.text().slice(0, HELPER_NAME_OCTETS);
      if (o.helper !== '') o.words[WORD_FLAGS] |= HAS_HELPER;
    }
    this.#failed ||= this.#nest.failed;
  }

  #master(o: Observation): void {
    o.master.fill(0);
    this.#protocol = 0;
    this.#tuple(new Uint8Array(o.master.buffer), o.master, 0, 4, 9);
    o.master[8] = this.#protocol;
    o.words[WORD_FLAGS] |= HAS_MASTER;
  }

  /** One of the connection's own tuples. */
  #own(o: Observation, source: number, destination: number, ports: number): void {
    const { words } = o;
    this.#protocol = words[WORD_KIND] & 0xff;
    this.#hasPorts = false;
    this.#tuple(o.bytes, words, source, destination, ports);
    words[WORD_KIND] = (words[WORD_KIND] & ~0xff) | this.#protocol;
    if (this.#hasPorts) words[WORD_FLAGS] |= HAS_PORTS;
  }

  /** @param words the same memory as `bytes`, and where in it source, destination and ports begin */
  #tuple(bytes: Uint8Array, words: Uint32Array, source: number, destination: number, ports: number): void {
    this.#nest.enter(this.#outer);
    while (this.#nest.next()) {
      if (this.#nest.type === CTA_TUPLE_IP) this.#addresses(bytes, source * 4, destination * 4);
      else if (this.#nest.type === CTA_TUPLE_PROTO) words[ports] = this.#ports();
    }
    this.#failed ||= this.#nest.failed;
  }

  #addresses(bytes: Uint8Array, source: number, destination: number): void {
    const inner = this.#inner;
    inner.enter(this.#nest);
    while (inner.next()) {
      if (inner.type === CTA_IP_V4_SRC) inner.copy(bytes, source, 4);
      else if (inner.type === CTA_IP_V4_DST) inner.copy(bytes, destination, 4);
      else if (inner.type === CTA_IP_V6_SRC) inner.copy(bytes, source, 16);
      else if (inner.type === CTA_IP_V6_DST) inner.copy(bytes, destination, 16);
    }
    this.#failed ||= inner.failed;
  }

  /** Both ports in one word; for ICMP the identifier, and type and code in place of the destination port. */
  #ports(): number {
    const inner = this.#inner;
    let high = 0;
    let low = 0;
    inner.enter(this.#nest);
    while (inner.next()) {
      switch (inner.type) {
        case CTA_PROTO_NUM:
          this.#protocol = inner.u8();
          break;
        case CTA_PROTO_SRC_PORT:
          this.#hasPorts = true;
          high = inner.u16();
          break;
        case CTA_PROTO_ICMP_ID:
        case CTA_PROTO_ICMPV6_ID:
          high = inner.u16();
          break;
        case CTA_PROTO_DST_PORT:
          low = inner.u16();
          break;
        case CTA_PROTO_ICMP_TYPE:
        case CTA_PROTO_ICMPV6_TYPE:
          low |= inner.u8() << 8;
          break;
        case CTA_PROTO_ICMP_CODE:
        case CTA_PROTO_ICMPV6_CODE:
          low |= inner.u8();
      }
    }
    this.#failed ||= inner.failed;
    return (high << 16) | low;
  }

  #counters(words: Uint32Array, at: number): void {
    const nest = this.#nest;
    nest.enter(this.#outer);
    while (nest.next()) {
      const offset = nest.type === CTA_COUNTERS_BYTES ? at : nest.type === CTA_COUNTERS_PACKETS ? at + 2 : -1;
      if (offset < 0) continue;
      const high = nest.u64High();
      const low = nest.u64Low();
      words[offset] = IS_LITTLE_ENDIAN ? swapped(high) : high;
      words[offset + 1] = IS_LITTLE_ENDIAN ? swapped(low) : low;
    }
    words[WORD_FLAGS] |= HAS_COUNTERS;
    this.#failed ||= nest.failed;
  }

  #timestamps(o: Observation): void {
    const nest = this.#nest;
    nest.enter(this.#outer);
    while (nest.next()) {
      const milliseconds = nanoseconds(nest.u64High(), nest.u64Low());
      if (nest.type === CTA_TIMESTAMP_STOP) this.stop = milliseconds;
      // The kernel stamps a connection when it confirms it; one confirmed before stamping was on has 0.
      if (nest.type === CTA_TIMESTAMP_START && milliseconds > 0) {
        o.start = milliseconds;
        o.words[WORD_FLAGS] |= HAS_START;
      }
    }
    this.#failed ||= nest.failed;
  }

  #protocolState(words: Uint32Array): void {
    this.#nest.enter(this.#outer);
    if (!this.#nest.next()) return;
    this.#inner.enter(this.#nest);
    while (this.#inner.next()) if (this.#inner.type === CTA_PROTOINFO_STATE) words[WORD_STATE] = this.#inner.u8();
  }
}
