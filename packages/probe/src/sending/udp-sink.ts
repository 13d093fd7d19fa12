import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';
import { GatheredVector } from '../host/gathered-vector.js';
import { type MessageParts, type MessageSink, SystemError } from '../host/host.js';
import * as libc from '../host/libc.js';
import { MessageVector } from '../host/message-vector.js';
import type { AddressCell } from './address-cell.js';
import { AF_INET, AF_INET6, socketAddress } from './socket-address.js';

const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_SNDTIMEO = 21;
/** errno.h */
const EMSGSIZE = 90;
/** A network card that takes nothing for this long is not coming back within one burst. */
const SEND_TIMEOUT_MICROSECONDS = 200_000;

/** ip(7), ipv6(7): level, option numbers, and the octets of the IP and UDP headers. */
const IPV4 = { level: 0, mtuDiscover: 10, mtu: 14, headers: 28 } as const;
const IPV6 = { level: 41, mtuDiscover: 23, mtu: 24, headers: 48 } as const;
/** Never send fragments; send them where need be. */
const DISCOVER_DO = 2;
const DISCOVER_DONT = 0;

/** Fits IPv6 over any usual tunnel with headers to spare, and 1,500-octet Ethernet. */
const USUAL_MESSAGE_OCTETS = 1400;
/** Where the path's MTU is not known (RFC 7011 section 10.3.3). */
const UNKNOWN_PATH_MESSAGE_OCTETS = 512;
const LARGEST_DATAGRAM = 65_507;
const CONNECT_AGAIN_MILLISECONDS = 1000;
/** The kernel forgets what routers said of the path's MTU after ten minutes. */
const MTU_AGAIN_MILLISECONDS = 60_000;

export interface UdpOptions {
  /** An address as text, or the cell that has the one of a name. */
  readonly to: string | AddressCell;
  readonly port: number;
  /** Address to send from. */
  readonly source?: string | undefined;
  /** Octets of an IP packet at most; undefined: as the kernel says, Messages of 1,400 octets at most. */
  readonly mtu?: number | undefined;
  readonly log: (line: string) => void;
}

/** A connected UDP socket: Messages go out many at a time, each within the path's MTU. */
export class UdpSink implements MessageSink {
  readonly keeps = false;
  readonly gathers = true;
  messageOctets = USUAL_MESSAGE_OCTETS;
  /** Descriptors, by address family: opened at once, because the thread may enter another network namespace. */
  readonly #sockets = new Map<number, number>();
  #descriptor = -1;
  #ip: typeof IPV4 | typeof IPV6 = IPV4;
  #vector: MessageVector | undefined;
  #gathered: GatheredVector | undefined;
  #refused = false;
  #generation = 0;
  #nextConnect = 0;
  #nextMtu = 0;
  #complained = false;

  /** @throws SystemError where the source address is not one of this host */
  constructor(private readonly options: UdpOptions) {
    const { to, source } = options;
    const family = (address: string): number => (isIPv6(address) ? AF_INET6 : AF_INET);
    const families = typeof to === 'string' ? [family(to)] : source ? [family(source)] : [AF_INET, AF_INET6];
    for (const each of families) this.#open(each);
    if (typeof to === 'string') this.#connect(to);
  }

  room(): number {
    return Number.POSITIVE_INFINITY;
  }

  isConnected(): boolean {
    const now = performance.now();
    const { to } = this.options;
    if (typeof to !== 'string' && to.generation !== this.#generation) {
      this.#refused ||= this.#generation !== 0;
      this.#generation = to.generation;
      this.#connect(to.address);
    } else if (this.#descriptor < 0 && now >= this.#nextConnect) {
      if (typeof to === 'string') this.#connect(to);
      else if (to.generation > 0) this.#connect(to.address);
    } else if (this.#descriptor >= 0 && now >= this.#nextMtu) {
      this.#readMtu();
    }
    return this.#descriptor >= 0;
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number, parts?: MessageParts): number {
    if (this.#descriptor < 0) return 0;
    if (parts === undefined || parts.count === 0)
      return this.#sendAll(this.#list(bytes, slotOctets, lengths, count), count);
    return this.#sendAll(this.#gather(bytes, slotOctets, lengths, count, parts), count);
  }

  wasRefused(): boolean {
    if (this.#descriptor >= 0) {
      const error = new Uint8Array(4);
      libc.getsockopt(this.#descriptor, SOL_SOCKET, SO_ERROR, error, Uint8Array.of(4, 0, 0, 0));
      const code = new DataView(error.buffer).getInt32(0, true);
      if (code === EMSGSIZE) this.#readMtu();
      else this.#refused ||= code !== 0;
    }
    const refused = this.#refused;
    this.#refused = false;
    return refused;
  }

  close(): void {
    for (const descriptor of this.#sockets.values()) libc.close(descriptor);
    this.#sockets.clear();
    this.#descriptor = -1;
  }

  #list(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): MessageVector {
    if (this.#vector?.bytes !== bytes)
      this.#vector = new MessageVector(Math.floor(bytes.length / slotOctets), slotOctets, bytes);
    for (let i = 0; i < count; i++) this.#vector.setLength(i, lengths[i]);
    return this.#vector;
  }

  #gather(
    bytes: Uint8Array,
    slotOctets: number,
    lengths: Uint32Array,
    count: number,
    parts: MessageParts,
  ): GatheredVector {
    const room = parts.offsets.length;
    if (this.#gathered?.bytes !== bytes || this.#gathered.parts < room)
      this.#gathered = new GatheredVector(bytes, slotOctets, room);
    this.#gathered.set(lengths, count, parts);
    return this.#gathered;
  }

  #sendAll(vector: MessageVector | GatheredVector, count: number): number {
    let sent = 0;
    let failed = 0;
    let fragments = false;
    while (sent < count && failed <= 2 * count) {
      const taken = libc.sendmmsg(this.#descriptor, vector.headersFrom(sent), count - sent, 0);
      if (taken > 0) sent += taken;
      else if (++failed && libc.errorCode() === 'EMSGSIZE') {
        // The path has become narrower. These Messages are made already: they go in fragments, the next ones will fit.
        this.#readMtu();
        if (!fragments) this.#setOption(this.#ip.mtuDiscover, DISCOVER_DONT);
        fragments = true;
      } else if (!this.#goesOn()) break;
    }
    if (fragments) this.#setOption(this.#ip.mtuDiscover, DISCOVER_DO);
    return sent;
  }

  /** After a call that failed: is the next Message to be tried? */
  #goesOn(): boolean {
    const code = libc.errorCode();
    // EAGAIN: the send buffer stays full. That is no word about the other side.
    if (code !== 'EAGAIN' && code !== 'ENOBUFS') this.#refused = true;
    // ECONNREFUSED tells of a Message sent before: nobody listened then. This one has not been tried yet.
    return code === 'ECONNREFUSED';
  }

  #open(family: number): void {
    const descriptor = libc.socket(family, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor < 0) {
      // A kernel without IPv6 can still send to a name's IPv4 address.
      if (family === AF_INET6 && this.#sockets.size > 0) return;
      throw new SystemError(libc.errorCode(), 'socket(UDP)');
    }
    this.#sockets.set(family, descriptor);
    const timeout = new Uint8Array(16);
    new DataView(timeout.buffer).setUint32(8, SEND_TIMEOUT_MICROSECONDS, true);
    libc.setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, timeout, 16);
    const { source } = this.options;
    if (source === undefined) return;
    const name = socketAddress(source, 0);
    if (libc.bind(descriptor, name, name.length) === 0) return;
    const code = libc.errorCode();
    this.close();
    throw new SystemError(code, `bind(${source})`);
  }

  #connect(address: string): void {
    this.#nextConnect = performance.now() + CONNECT_AGAIN_MILLISECONDS;
    this.#descriptor = -1;
    const name = socketAddress(address, this.options.port);
    const descriptor = this.#sockets.get(name[0]) ?? -1;
    if (libc.connect(descriptor, name, name.length) < 0) {
      this.#complain(address, libc.errorCode());
      return;
    }
    if (this.#complained) this.options.log(`the collector ${address} can be sent to now`);
    this.#complained = false;
    this.#descriptor = descriptor;
    this.#ip = name[0] === AF_INET6 ? IPV6 : IPV4;
    this.#setOption(this.#ip.mtuDiscover, DISCOVER_DO);
    this.#readMtu();
  }

  #complain(address: string, code: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.options.log(
      `the collector ${address} cannot be sent to (${code}), trying on: look at its address and at "ip route get ${address}"`,
    );
  }

  #readMtu(): void {
    this.#nextMtu = performance.now() + MTU_AGAIN_MILLISECONDS;
    const { level, mtu, headers } = this.#ip;
    const value = new Uint8Array(4);
    const known = libc.getsockopt(this.#descriptor, level, mtu, value, Uint8Array.of(4, 0, 0, 0)) === 0;
    const path = known ? new DataView(value.buffer).getUint32(0, true) : UNKNOWN_PATH_MESSAGE_OCTETS + headers;
    const wanted = (this.options.mtu ?? USUAL_MESSAGE_OCTETS + headers) - headers;
    this.messageOctets = Math.min(wanted, path - headers, LARGEST_DATAGRAM);
  }

  #setOption(name: number, value: number): void {
    libc.setsockopt(this.#descriptor, this.#ip.level, name, Uint8Array.of(value, 0, 0, 0), 4);
  }
}
