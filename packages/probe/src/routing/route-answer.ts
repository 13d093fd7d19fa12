import { AttributeCursor } from '../netlink/attributes.js';
import { nativeU32 } from '../netlink/native.js';
import type { DatagramReader } from '../netlink/reader.js';
import { ADDRESS_WORDS, compareWords, readAddress } from './address.js';
import * as rt from './rtnetlink.js';

/** Words of an answer: flags, interface, family of the next hop, next hop. */
export const A_FLAGS = 0;
export const A_INTERFACE = 1;
export const A_HOP_FAMILY = 2;
export const A_HOP = 3;
export const ANSWER_WORDS = A_HOP + ADDRESS_WORDS;

/** There is a way. Without it nothing else is said. */
export const ANSWER_REACHED = 1;
/** The address is the host's own. */
export const ANSWER_LOCAL = 2;
/** The address is a neighbour of the interface. */
export const ANSWER_ON_LINK = 4;
/** All ways go by this next hop. */
export const ANSWER_HOP = 8;
/** The route that matched is a default route. */
export const ANSWER_DEFAULT = 16;

const RTMSG_OCTETS = 12;
const RTNEXTHOP_OCTETS = 8;
const RTN_TYPE = 7;

/** Reads the answers to RTM_GETROUTE with RTM_F_FIB_MATCH. */
export class RouteAnswer {
  readonly words = new Uint32Array(ANSWER_WORDS);
  readonly #cursor = new AttributeCursor();
  readonly #hops = new AttributeCursor();
  /** Interface, family of the next hop (0 for none) and next hop of one way. */
  readonly #way = new Uint32Array(2 + ADDRESS_WORDS);
  #ways = 0;
  #family = 0;

  /** Fills `words` from the route message at the cursor. @returns false where it is malformed */
  read(reader: DatagramReader): boolean {
    const { bytes, halves, messages } = reader;
    this.words.fill(0);
    if (messages.end - messages.start < RTMSG_OCTETS) return false;
    this.#family = bytes[messages.start];
    const type = bytes[messages.start + RTN_TYPE];
    if (type === rt.RTN_LOCAL || type === rt.RTN_ANYCAST) {
      this.words[A_FLAGS] = ANSWER_REACHED | ANSWER_LOCAL;
      return true;
    }
    if (type !== rt.RTN_UNICAST && type !== rt.RTN_BROADCAST) return true;
    this.#cursor.reset(bytes, halves, messages.start + RTMSG_OCTETS, messages.end);
    if (!this.#readWays(reader)) return false;
    this.#conclude(type, bytes[messages.start + 1] === 0);
    return true;
  }

  #readWays(reader: DatagramReader): boolean {
    const cursor = this.#cursor;
    this.#ways = 0;
    this.#way.fill(0);
    while (cursor.next()) {
      if (cursor.type !== rt.RTA_MULTIPATH) this.#hop(cursor, reader);
      else if (!this.#multipath(reader, cursor.start, cursor.start + cursor.length)) return false;
    }
    if (this.#way[0] !== 0) this.#addWay();
    return !cursor.failed;
  }

  /** struct rtnexthop: length, flags, weight, interface, and attributes behind it. */
  #multipath(reader: DatagramReader, start: number, end: number): boolean {
    const { bytes, halves } = reader;
    let at = start;
    while (at + RTNEXTHOP_OCTETS <= end) {
      const length = halves[at >> 1];
      if (length < RTNEXTHOP_OCTETS || at + length > end) return false;
      this.#way.fill(0);
      this.#way[0] = nativeU32(halves, at + 4);
      this.#hops.reset(bytes, halves, at + RTNEXTHOP_OCTETS, at + length);
      while (this.#hops.next()) this.#hop(this.#hops, reader);
      if (this.#hops.failed) return false;
      if ((bytes[at + 2] & rt.RTNH_F_DEAD) === 0) this.#addWay();
      at += (length + 3) & ~3;
    }
    this.#way.fill(0);
    return true;
  }

  #hop(cursor: AttributeCursor, { bytes, halves }: DatagramReader): void {
    const { type, start, length } = cursor;
    if (type === rt.RTA_OIF && length === 4) this.#way[0] = nativeU32(halves, start);
    else if (type === rt.RTA_GATEWAY) this.#setHop(this.#family, bytes, start, length);
    // struct rtvia: a family of its own, then the address.
    else if (type === rt.RTA_VIA && length > 2) this.#setHop(halves[start >> 1], bytes, start + 2, length - 2);
  }

  #setHop(family: number, bytes: Uint8Array, start: number, length: number): void {
    if (length !== (family === rt.AF_INET ? 4 : 16)) return;
    this.#way[1] = family;
    readAddress(bytes, start, length, this.#way, 2);
  }

  /** Keeps what all ways have in common: what differs is not known of a single Flow. */
  #addWay(): void {
    const { words } = this;
    if (this.#ways++ === 0) {
      words.set(this.#way, A_INTERFACE);
      return;
    }
    if (compareWords(words, A_HOP_FAMILY, this.#way, 1, 1 + ADDRESS_WORDS) !== 0) words.fill(0, A_HOP_FAMILY);
    if (words[A_INTERFACE] !== this.#way[0]) words.fill(0, A_INTERFACE);
  }

  #conclude(type: number, isDefault: boolean): void {
    const { words } = this;
    if (this.#ways === 0) return;
    words[A_FLAGS] = ANSWER_REACHED | (isDefault ? ANSWER_DEFAULT : 0);
    if (words[A_HOP_FAMILY] !== 0) words[A_FLAGS] |= ANSWER_HOP;
    else if (this.#ways === 1 && type === rt.RTN_UNICAST) words[A_FLAGS] |= ANSWER_ON_LINK;
  }
}
