import { NLM_F_REQUEST } from '../netlink/writer.js';
import { writeAddress } from './address.js';
import * as rt from './rtnetlink.js';

/** Words of a question: destination, source, input interface, output interface, mark, protocol, ports, family and flags. */
export const Q_DESTINATION = 0;
export const Q_SOURCE = 4;
export const Q_INPUT = 8;
export const Q_OUTPUT = 9;
export const Q_MARK = 10;
export const Q_PROTOCOL = 11;
/** Source port << 16 | destination port. */
export const Q_PORTS = 12;
export const Q_FAMILY = 13;
export const Q_HAS_SOURCE = 14;
export const QUESTION_WORDS = 15;

const NLMSG_HEADER_OCTETS = 16;
const RTMSG_OCTETS = 12;
const RTA_HEADER_OCTETS = 4;
const LARGEST_OCTETS = 160;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;

/**
 * Writes RTM_GETROUTE requests, one at a time in the same memory. They ask for the route that matches (RTM_F_FIB_MATCH), not
 * for the kernel's choice among its next hops: the choice depends on more than the question says.
 */
export class RouteQuestion {
  readonly #buffer = new ArrayBuffer(LARGEST_OCTETS);
  readonly #bytes = new Uint8Array(this.#buffer);
  readonly #halves = new Uint16Array(this.#buffer);
  readonly #words = new Uint32Array(this.#buffer);
  #length = 0;

  /** The request for question[0, QUESTION_WORDS); valid until the next call. */
  encode(question: Uint32Array, sequence: number): Uint8Array {
    const family = question[Q_FAMILY];
    const octets = family === rt.AF_INET ? 4 : 16;
    const hasSource = question[Q_HAS_SOURCE] !== 0;
    this.#begin(family, octets * 8, hasSource ? octets * 8 : 0, sequence);
    this.#address(rt.RTA_DST, question, Q_DESTINATION, octets);
    if (hasSource) this.#address(rt.RTA_SRC, question, Q_SOURCE, octets);
    if (question[Q_INPUT] !== 0) this.#number(rt.RTA_IIF, question[Q_INPUT]);
    if (question[Q_OUTPUT] !== 0) this.#number(rt.RTA_OIF, question[Q_OUTPUT]);
    if (question[Q_MARK] !== 0) this.#number(rt.RTA_MARK, question[Q_MARK]);
    if (question[Q_PROTOCOL] !== 0) this.#transport(question[Q_PROTOCOL], question[Q_PORTS]);
    this.#words[0] = this.#length;
    return this.#bytes.subarray(0, this.#length);
  }

  #begin(family: number, destinationBits: number, sourceBits: number, sequence: number): void {
    this.#length = NLMSG_HEADER_OCTETS + RTMSG_OCTETS;
    this.#bytes.fill(0);
    this.#halves[2] = rt.RTM_GETROUTE;
    this.#halves[3] = NLM_F_REQUEST;
    this.#words[2] = sequence;
    this.#bytes[NLMSG_HEADER_OCTETS] = family;
    this.#bytes[NLMSG_HEADER_OCTETS + 1] = destinationBits;
    this.#bytes[NLMSG_HEADER_OCTETS + 2] = sourceBits;
    this.#words[(NLMSG_HEADER_OCTETS + 8) >> 2] = rt.RTM_F_FIB_MATCH;
  }

  /** The kernel refuses other protocols (rtm_getroute_parse_ip_proto). */
  #transport(protocol: number, ports: number): void {
    if (protocol !== TCP && protocol !== UDP && protocol !== ICMP && protocol !== ICMPV6) return;
    this.#bytes[this.#attribute(rt.RTA_IP_PROTO, 1)] = protocol;
    if (protocol !== TCP && protocol !== UDP) return;
    this.#port(rt.RTA_SPORT, ports >>> 16);
    this.#port(rt.RTA_DPORT, ports & 0xffff);
  }

  #port(type: number, port: number): void {
    const at = this.#attribute(type, 2);
    this.#bytes[at] = port >> 8;
    this.#bytes[at + 1] = port;
  }

  #number(type: number, value: number): void {
    this.#words[this.#attribute(type, 4) >> 2] = value;
  }

  #address(type: number, question: Uint32Array, from: number, octets: number): void {
    const at = this.#attribute(type, octets);
    writeAddress(question, from, octets, this.#bytes, at);
  }

  #attribute(type: number, octets: number): number {
    const at = this.#length;
    this.#halves[at >> 1] = RTA_HEADER_OCTETS + octets;
    this.#halves[(at >> 1) + 1] = type;
    this.#length += RTA_HEADER_OCTETS + ((octets + 3) & ~3);
    return at + RTA_HEADER_OCTETS;
  }
}
