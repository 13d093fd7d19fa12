import type { Host } from '../host/host.js';
import { AttributeCursor } from '../netlink/attributes.js';
import { nativeU32 } from '../netlink/native.js';
import type { DatagramReader } from '../netlink/reader.js';
import { ADDRESS_WORDS, readAddress, wordsOf } from './address.js';
import { Boundaries } from './boundaries.js';
import { dump } from './dump.js';
import * as rt from './rtnetlink.js';

/** Both struct rtmsg and struct fib_rule_hdr begin with family, length of the destination, length of the source. */
const MESSAGE_OCTETS = 12;
const LINK_LOCAL = 0xfe80;
const RTN_TYPE = 7;

/**
 * What the routes and rules of one address family look at: where the prefixes begin and end, and which properties of a packet
 * beside its destination matter. It does not know the routes themselves: the kernel is asked for those.
 */
export class RoutingTable {
  /** Some rule, or route (IPv6), looks at the source; some rule at the input interface, at the mark, at protocol or ports. */
  usesSource = true;
  usesInput = true;
  usesMark = true;
  usesTransport = true;
  /** The boundaries are complete. Otherwise each address is asked for by itself. */
  hasBoundaries = false;
  /** The only interface that reaches link-local addresses, 0 where there are several or none. */
  linkLocalInterface = 0;
  malformed = 0;
  readonly #boundaries: Boundaries;
  readonly #cursor = new AttributeCursor();
  readonly #address = new Uint32Array(ADDRESS_WORDS);

  /**
   * @param family AF_INET or AF_INET6
   * @param capacity routes up to which the boundaries are kept
   */
  constructor(
    private readonly host: Host,
    private readonly family: number,
    capacity: number,
  ) {
    this.#boundaries = new Boundaries(wordsOf(family), capacity);
  }

  /** Reads routes and rules anew. @returns false where there are too many, or the kernel changed them meanwhile */
  load(): boolean {
    this.hasBoundaries = false;
    this.linkLocalInterface = 0;
    this.#boundaries.clear();
    if (!this.#loadRules()) return false;
    const links = new Set<number>();
    const request = { type: rt.RTM_GETROUTE, family: this.family, payloadOctets: MESSAGE_OCTETS };
    const whole = dump(
      this.host,
      request,
      reader => reader.messages.type !== rt.RTM_NEWROUTE || this.#route(reader, links),
    );
    if (!whole) return false;
    this.#boundaries.seal();
    if (links.size === 1) this.linkLocalInterface = [...links][0];
    this.hasBoundaries = true;
    return true;
  }

  /** As long as it is not known what the rules look at, all of it counts. */
  suspectAll(): void {
    this.usesSource = this.usesInput = this.usesMark = this.usesTransport = true;
    this.hasBoundaries = false;
  }

  /** Puts what stands for the address in a cache's key into target[to, to + 4): all addresses with the same answer have the same. */
  keyOf(words: Uint32Array, at: number, target: Uint32Array, to: number): void {
    if (this.hasBoundaries) this.#boundaries.floor(words, at, target, to);
    else for (let i = 0; i < ADDRESS_WORDS; i++) target[to + i] = words[at + i];
  }

  #loadRules(): boolean {
    this.usesSource = this.usesInput = this.usesMark = this.usesTransport = false;
    const request = { type: rt.RTM_GETRULE, family: this.family, payloadOctets: MESSAGE_OCTETS };
    const whole = dump(this.host, request, reader => reader.messages.type !== rt.RTM_NEWRULE || this.#rule(reader));
    if (!whole) this.suspectAll();
    return whole;
  }

  #rule(reader: DatagramReader): boolean {
    if (!this.#begin(reader)) return true;
    const cursor = this.#cursor;
    while (cursor.next()) {
      const { type } = cursor;
      if (type === rt.FRA_DST && !this.#prefix(reader, 1)) return false;
      if (type === rt.FRA_SRC) {
        this.usesSource = true;
        if (!this.#prefix(reader, 2)) return false;
      } else if (type === rt.FRA_IIFNAME) this.usesInput = true;
      else if (type === rt.FRA_FWMARK || type === rt.FRA_FWMASK) this.usesMark = true;
      else if (type === rt.FRA_IP_PROTO || type === rt.FRA_SPORT_RANGE || type === rt.FRA_DPORT_RANGE)
        this.usesTransport = true;
    }
    return true;
  }

  #route(reader: DatagramReader, links: Set<number>): boolean {
    if (!this.#begin(reader)) return true;
    const { bytes, halves, messages } = reader;
    const cursor = this.#cursor;
    let linkLocal = false;
    while (cursor.next()) {
      if (cursor.type === rt.RTA_DST) {
        if (!this.#prefix(reader, 1)) return false;
        linkLocal = this.#address[0] >>> 16 === LINK_LOCAL && bytes[messages.start + RTN_TYPE] === rt.RTN_UNICAST;
      } else if (cursor.type === rt.RTA_SRC) {
        this.usesSource = true;
        if (!this.#prefix(reader, 2)) return false;
      } else if (cursor.type === rt.RTA_OIF && linkLocal) links.add(nativeU32(halves, cursor.start));
    }
    return true;
  }

  #begin({ bytes, halves, messages }: DatagramReader): boolean {
    const { start, end } = messages;
    if (end - start < MESSAGE_OCTETS) {
      this.malformed++;
      return false;
    }
    this.#cursor.reset(bytes, halves, start + MESSAGE_OCTETS, end);
    return bytes[start] === this.family;
  }

  /** Takes in the prefix at the cursor, whose length is the message's octet `lengthAt`. @returns false where there is no room */
  #prefix({ bytes, messages }: DatagramReader, lengthAt: number): boolean {
    const octets = wordsOf(this.family) * 4;
    const length = bytes[messages.start + lengthAt];
    if (this.#cursor.length !== octets || length > octets * 8) {
      this.malformed++;
      return false;
    }
    readAddress(bytes, this.#cursor.start, octets, this.#address, 0);
    return this.#boundaries.add(this.#address, 0, length);
  }
}
