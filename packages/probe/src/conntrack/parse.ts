import {
  END_DETECTED,
  ENDED,
  FORCED_END,
  HAS_COUNTERS,
  HAS_PORTS,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  WORD_COUNTERS,
  WORD_DESTINATION,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
  WORD_STATE,
  WORD_TIMEOUT,
} from '../metering/observation.js';
import { AttributeCursor } from '../netlink/attributes.js';
import {
  CTA_COUNTERS_BYTES,
  CTA_COUNTERS_ORIG,
  CTA_COUNTERS_PACKETS,
  CTA_COUNTERS_REPLY,
  CTA_ID,
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
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
  CTA_TIMESTAMP_START,
  CTA_TIMESTAMP_STOP,
  CTA_TUPLE_IP,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
  CTA_TUPLE_REPLY,
  CTA_ZONE,
} from './constants.js';
import { isClosed, isClosing, type Timeouts } from './timeouts.js';

const NFGENMSG_OCTETS = 4;

/** Turns the body of a ctnetlink message into an Observation. */
export class ConntrackParser {
  readonly #outer = new AttributeCursor();
  readonly #nest = new AttributeCursor();
  readonly #inner = new AttributeCursor();
  #protocol = 0;
  #status = 0;
  #zone = 0;
  #failed = false;
  /** Milliseconds, 0 where the message does not say. */
  #stop = 0;

  constructor(private readonly timeouts: Timeouts) {}

  /**
   * Fills `o` from the message body bytes[start, end), which begins with struct nfgenmsg.
   *
   * @param ended the message is a DESTROY event
   * @param now wall clock, milliseconds: when the kernel wrote the message
   * @returns false where the bytes are not a connection; `o` is undefined then
   */
  parse(
    bytes: Uint8Array,
    halves: Uint16Array,
    start: number,
    end: number,
    o: Observation,
    ended: boolean,
    now: number,
  ): boolean {
    if (end - start < NFGENMSG_OCTETS) return false;
    o.clear();
    this.#protocol = this.#status = this.#zone = this.#stop = 0;
    this.#failed = false;
    this.#outer.reset(bytes, halves, start + NFGENMSG_OCTETS, end);
    while (this.#outer.next()) this.#attribute(o);
    const family = bytes[start] === 10 ? 6 : 4;
    o.words[WORD_KIND] = (this.#zone << 16) | (family << 8) | this.#protocol;
    this.#time(o, ended, now);
    return !this.#failed && !this.#outer.failed && this.#protocol !== 0;
  }

  #attribute(o: Observation): void {
    const outer = this.#outer;
    const words = o.words;
    switch (outer.type) {
      case CTA_TUPLE_ORIG:
        this.#tuple(o, WORD_SOURCE, WORD_DESTINATION, WORD_PORTS);
        break;
      case CTA_TUPLE_REPLY:
        this.#tuple(o, WORD_REPLY_SOURCE, WORD_REPLY_DESTINATION, WORD_REPLY_PORTS);
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
        this.#status = outer.u32();
        break;
      case CTA_TIMEOUT:
        words[WORD_TIMEOUT] = outer.u32();
        break;
      case CTA_ZONE:
        this.#zone = outer.u16();
    }
  }

  #tuple(o: Observation, source: number, destination: number, ports: number): void {
    this.#nest.enter(this.#outer);
    while (this.#nest.next()) {
      if (this.#nest.type === CTA_TUPLE_IP) this.#addresses(o.bytes, source * 4, destination * 4);
      else if (this.#nest.type === CTA_TUPLE_PROTO) this.#ports(o.words, ports);
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
  #ports(words: Uint32Array, at: number): void {
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
          words[WORD_FLAGS] |= HAS_PORTS;
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
    words[at] = (high << 16) | low;
  }

  #counters(words: Uint32Array, at: number): void {
    const nest = this.#nest;
    nest.enter(this.#outer);
    while (nest.next()) {
      const offset = nest.type === CTA_COUNTERS_BYTES ? at : nest.type === CTA_COUNTERS_PACKETS ? at + 2 : -1;
      if (offset < 0) continue;
      words[offset] = nest.u64Low();
      words[offset + 1] = nest.u64High();
    }
    words[WORD_FLAGS] |= HAS_COUNTERS;
    this.#failed ||= nest.failed;
  }

  #timestamps(o: Observation): void {
    const nest = this.#nest;
    nest.enter(this.#outer);
    while (nest.next()) {
      const milliseconds = nanoseconds(nest.u64High(), nest.u64Low());
      if (nest.type === CTA_TIMESTAMP_STOP) this.#stop = milliseconds;
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

  /**
   * The time of the last packet, and the reason of the end. A connection expires its state's timeout after its last packet,
   * and `stop` is the time of expiry even where the kernel noticed later (nf_ct_delete); one that was cut short still had
   * `timeout` seconds to go, rounded down.
   */
  #time(o: Observation, ended: boolean, now: number): void {
    const state = o.words[WORD_STATE];
    const left = o.words[WORD_TIMEOUT];
    const expired = ended && left === 0;
    const end = ended && this.#stop > 0 ? this.#stop : now;
    const earliest = o.has(HAS_START) ? Math.min(o.start, end) : Number.NEGATIVE_INFINITY;
    const idle = expired
      ? this.timeouts.untilExpiry(this.#protocol, state, this.#status, (end - earliest) / 1000)
      : this.timeouts.idle(this.#protocol, state, this.#status, left);
    o.seen = end;
    o.lastPacket = Math.max(earliest, end - idle * 1000);
    // The first packet was not after the last; first sight is at the last one.
    if (!ended && !o.has(HAS_START)) o.start = o.lastPacket;
    if (ended) o.words[WORD_FLAGS] |= ENDED;
    o.words[WORD_END_REASON] = endReason(expired, this.#protocol, state);
  }
}

function endReason(expired: boolean, protocol: number, state: number): number {
  if (expired) return isClosed(protocol, state) ? END_DETECTED : IDLE_TIMEOUT;
  return isClosing(protocol, state) ? END_DETECTED : FORCED_END;
}

/** Nanoseconds since the epoch as milliseconds. 2^32 ns are 4294.967296 ms; both sums stay below 2^53, so whole ones are exact. */
function nanoseconds(high: number, low: number): number {
  return high * 4294 + (high * 967_296 + low) / 1e6;
}
