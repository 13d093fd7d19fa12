import { type DatagramSocket, type Host, type MessageParts, type MessageSink, SystemError } from '../host/host.js';
import type { AddressCell } from './address-cell.js';

/** Octets of the IP and UDP headers. */
const HEADER_OCTETS = { 4: 28, 6: 48 } as const;

/** Fits IPv6 over any usual tunnel with headers to spare, and 1,500-octet Ethernet. */
const USUAL_MESSAGE_OCTETS = 1400;
/** Where the path's MTU is not known (RFC 7011 section 10.3.3). */
const UNKNOWN_PATH_MESSAGE_OCTETS = 512;
const LARGEST_DATAGRAM = 65_507;
const CONNECT_AGAIN_MILLISECONDS = 1000;
/** The kernel forgets what routers said of the path's MTU after ten minutes. */
const MTU_AGAIN_MILLISECONDS = 60_000;

export interface UdpOptions {
  readonly host: Pick<Host, 'clock' | 'datagrams'>;
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
  readonly gathers: boolean;
  messageOctets = USUAL_MESSAGE_OCTETS;
  /** By address family: opened at once, because the thread may enter another network namespace. */
  readonly #sockets = new Map<4 | 6, DatagramSocket>();
  /** Undefined while there is nowhere to send to. */
  #socket: DatagramSocket | undefined;
  #headers: number = HEADER_OCTETS[4];
  #refused = false;
  #generation = 0;
  #nextConnect = 0;
  #nextMtu = 0;
  #complained = false;

  /** @throws SystemError where the source address is not one of this host */
  constructor(private readonly options: UdpOptions) {
    const { to, source } = options;
    const families = typeof to === 'string' ? [familyOf(to)] : source ? [familyOf(source)] : ([4, 6] as const);
    for (const each of families) this.#open(each);
    this.gathers = [...this.#sockets.values()].every(({ gathers }) => gathers);
    if (typeof to === 'string') this.#connect(to);
  }

  room(): number {
    return Number.POSITIVE_INFINITY;
  }

  isConnected(): boolean {
    const now = this.#now();
    const { to } = this.options;
    if (typeof to !== 'string' && to.generation !== this.#generation) {
      this.#refused ||= this.#generation !== 0;
      this.#generation = to.generation;
      this.#connect(to.address);
    } else if (this.#socket === undefined && now >= this.#nextConnect) {
      if (typeof to === 'string') this.#connect(to);
      else if (to.generation > 0) this.#connect(to.address);
    } else if (this.#socket !== undefined && now >= this.#nextMtu) {
      this.#readMtu(this.#socket);
    }
    return this.#socket !== undefined;
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number, parts?: MessageParts): number {
    const socket = this.#socket;
    if (socket === undefined) return 0;
    socket.load(bytes, slotOctets, lengths, count, parts);
    return this.#sendAll(socket, count);
  }

  wasRefused(): boolean {
    if (this.#socket !== undefined) {
      const code = this.#socket.takeError();
      if (code === 'EMSGSIZE') this.#readMtu(this.#socket);
      else this.#refused ||= code !== '';
    }
    const refused = this.#refused;
    this.#refused = false;
    return refused;
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    this.#socket = undefined;
  }

  #now(): number {
    return this.options.host.clock.monotonic();
  }

  #sendAll(socket: DatagramSocket, count: number): number {
    let sent = 0;
    let failed = 0;
    let fragments = false;
    while (sent < count && failed <= 2 * count) {
      const taken = socket.send(sent);
      if (taken > 0) sent += taken;
      else if (++failed && socket.errorCode === 'EMSGSIZE') {
        // The path has become narrower. These Messages are made already: they go in fragments, the next ones will fit.
        this.#readMtu(socket);
        if (!fragments) socket.allowFragments(true);
        fragments = true;
      } else if (!this.#goesOn(socket.errorCode)) break;
    }
    if (fragments) socket.allowFragments(false);
    return sent;
  }

  /** After a call that failed: is the next Message to be tried? */
  #goesOn(code: string): boolean {
    // EAGAIN: the send buffer stays full. That is no word about the other side.
    if (code !== 'EAGAIN' && code !== 'ENOBUFS') this.#refused = true;
    // ECONNREFUSED tells of a Message sent before: nobody listened then. This one has not been tried yet.
    return code === 'ECONNREFUSED';
  }

  #open(family: 4 | 6): void {
    const { host, source } = this.options;
    let socket: DatagramSocket;
    try {
      socket = host.datagrams(family);
    } catch (error) {
      // A kernel without IPv6 can still send to a name's IPv4 address.
      if (family === 6 && this.#sockets.size > 0) return;
      throw error;
    }
    this.#sockets.set(family, socket);
    if (source === undefined || socket.bind(source)) return;
    const code = socket.errorCode;
    this.close();
    throw new SystemError(code, `bind(${source})`);
  }

  #connect(address: string): void {
    this.#nextConnect = this.#now() + CONNECT_AGAIN_MILLISECONDS;
    this.#socket = undefined;
    const family = familyOf(address);
    const socket = this.#sockets.get(family);
    if (!socket?.connect(address, this.options.port)) {
      this.#complain(address, socket?.errorCode ?? 'EAFNOSUPPORT');
      return;
    }
    if (this.#complained) this.options.log(`the collector ${address} can be sent to now`);
    this.#complained = false;
    this.#socket = socket;
    this.#headers = HEADER_OCTETS[family];
    this.#readMtu(socket);
  }

  #complain(address: string, code: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.options.log(
      `the collector ${address} cannot be sent to (${code}), trying on: look at its address and at "ip route get ${address}"`,
    );
  }

  #readMtu(socket: DatagramSocket): void {
    this.#nextMtu = this.#now() + MTU_AGAIN_MILLISECONDS;
    const path = socket.pathMtu() ?? UNKNOWN_PATH_MESSAGE_OCTETS + this.#headers;
    const wanted = (this.options.mtu ?? USUAL_MESSAGE_OCTETS + this.#headers) - this.#headers;
    this.messageOctets = Math.min(wanted, path - this.#headers, LARGEST_DATAGRAM);
  }
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}
