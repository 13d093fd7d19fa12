import { GatheredVector } from './gathered-vector.js';
import { type DatagramSocket, type MessageParts, SystemError } from './host.js';
import * as libc from './libc.js';
import { MessageVector } from './message-vector.js';
import { socketAddress } from './socket-address.js';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_SNDTIMEO = 21;
/** A network card that takes nothing for this long is not coming back within one burst. */
const SEND_TIMEOUT_MICROSECONDS = 200_000;

/** ip(7), ipv6(7): level and option numbers. */
const IPV4 = { level: 0, mtuDiscover: 10, mtu: 14 } as const;
const IPV6 = { level: 41, mtuDiscover: 23, mtu: 24 } as const;
/** Never send fragments; send them where need be. */
const DISCOVER_DO = 2;
const DISCOVER_DONT = 0;

/** A UDP socket by system calls: many Messages a call, and parts of them from where they lie. */
export class NodeDatagramSocket implements DatagramSocket {
  readonly gathers = true;
  readonly #descriptor: number;
  readonly #ip: typeof IPV4 | typeof IPV6;
  #list: MessageVector | undefined;
  #gathered: GatheredVector | undefined;
  #vector: MessageVector | GatheredVector | undefined;
  #count = 0;

  /** @throws SystemError where the kernel has no such sockets */
  constructor(family: 4 | 6) {
    this.#ip = family === 6 ? IPV6 : IPV4;
    this.#descriptor = libc.socket(family === 6 ? AF_INET6 : AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    if (this.#descriptor < 0) throw new SystemError(libc.errorCode(), 'socket(UDP)');
    const timeout = new Uint8Array(16);
    new DataView(timeout.buffer).setUint32(8, SEND_TIMEOUT_MICROSECONDS, true);
    libc.setsockopt(this.#descriptor, SOL_SOCKET, SO_SNDTIMEO, timeout, 16);
  }

  get errorCode(): string {
    return libc.errorCode();
  }

  bind(address: string): boolean {
    const name = socketAddress(address, 0);
    return libc.bind(this.#descriptor, name, name.length) === 0;
  }

  connect(address: string, port: number): boolean {
    const name = socketAddress(address, port);
    if (libc.connect(this.#descriptor, name, name.length) < 0) return false;
    this.allowFragments(false);
    return true;
  }

  pathMtu(): number | undefined {
    const value = new Uint8Array(4);
    const { level, mtu } = this.#ip;
    const known = libc.getsockopt(this.#descriptor, level, mtu, value, Uint8Array.of(4, 0, 0, 0)) === 0;
    return known ? new DataView(value.buffer).getUint32(0, true) : undefined;
  }

  allowFragments(allowed: boolean): void {
    const value = Uint8Array.of(allowed ? DISCOVER_DONT : DISCOVER_DO, 0, 0, 0);
    libc.setsockopt(this.#descriptor, this.#ip.level, this.#ip.mtuDiscover, value, 4);
  }

  takeError(): string {
    const error = new Uint8Array(4);
    libc.getsockopt(this.#descriptor, SOL_SOCKET, SO_ERROR, error, Uint8Array.of(4, 0, 0, 0));
    const code = new DataView(error.buffer).getInt32(0, true);
    return code === 0 ? '' : libc.errorName(code);
  }

  load(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number, parts?: MessageParts): void {
    this.#count = count;
    if (parts === undefined || parts.count === 0) {
      if (this.#list?.bytes !== bytes)
        this.#list = new MessageVector(Math.floor(bytes.length / slotOctets), slotOctets, bytes);
      for (let i = 0; i < count; i++) this.#list.setLength(i, lengths[i]);
      this.#vector = this.#list;
      return;
    }
    const room = parts.offsets.length;
    if (this.#gathered?.bytes !== bytes || this.#gathered.parts < room)
      this.#gathered = new GatheredVector(bytes, slotOctets, room);
    this.#gathered.set(lengths, count, parts);
    this.#vector = this.#gathered;
  }

  send(first: number): number {
    return Math.max(0, libc.sendmmsg(this.#descriptor, this.#vector?.headersFrom(first), this.#count - first, 0));
  }

  close(): void {
    libc.close(this.#descriptor);
  }
}
