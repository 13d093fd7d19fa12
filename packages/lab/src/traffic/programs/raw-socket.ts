import koffi from 'koffi';
import { WeirError } from '../../error.js';
import { addressOctets, type Family, familyOf } from './packet.js';

const AF = { 4: 2, 6: 10 } as const;
const SOCK_RAW = 3;
/** Packets bring their own IP header. */
export const IPPROTO_RAW = 255;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
const [EINTR, EAGAIN] = [4, 11];

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const setsockopt = libc.func('int setsockopt(int, int, int, const void *, uint32_t)');
const sendto = libc.func('long sendto(int, const void *, size_t, int, const void *, uint32_t)');
const recvfrom = libc.func('long recvfrom(int, _Out_ uint8_t *, size_t, int, _Out_ uint8_t *, _Inout_ uint32_t *)');
const close = libc.func('int close(int)');

/** What came: behind the IP header, and from which socket address. */
export interface Received {
  payload: Buffer;
  from: Buffer;
}

/** The socket address (struct sockaddr_in or sockaddr_in6) of an IP address. */
export function socketAddress(address: string): Buffer {
  const family = familyOf(address);
  const octets = Buffer.alloc(family === 4 ? 16 : 28);
  octets.writeUInt16LE(AF[family], 0);
  addressOctets(address).copy(octets, family === 4 ? 4 : 8);
  return octets;
}

/** A raw socket of one IP protocol (raw(7)). Needs CAP_NET_RAW. */
export class RawSocket {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(65_536);

  constructor(
    readonly family: Family,
    protocol: number,
  ) {
    this.#fd = socket(AF[family], SOCK_RAW, protocol);
    if (this.#fd < 0) throw new WeirError(`no raw socket: errno ${koffi.errno()}; run as root`);
    const room = Buffer.alloc(4);
    room.writeUInt32LE(16 * 1024 * 1024);
    setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, room, room.length);
  }

  send(packet: Buffer, to: Buffer): void {
    if (sendto(this.#fd, packet, packet.length, 0, to, to.length) !== packet.length)
      throw new WeirError(`cannot send ${packet.length} octets: errno ${koffi.errno()}`);
  }

  /** What came next; waits for it at most `patience` milliseconds (0: not at all), without: for ever. */
  receive(patience?: number): Received | undefined {
    if (patience !== undefined && patience > 0) this.#limit(patience);
    const from = Buffer.alloc(28);
    for (;;) {
      const flags = patience === 0 ? MSG_DONTWAIT : 0;
      const length = [from.length];
      const octets = Number(recvfrom(this.#fd, this.#buffer, this.#buffer.length, flags, from, length));
      if (octets >= 0) return this.#received(octets, from.subarray(0, length[0]));
      const errno = koffi.errno();
      if (errno === EAGAIN) return undefined;
      if (errno !== EINTR) throw new WeirError(`cannot receive: errno ${errno}`);
    }
  }

  close(): void {
    close(this.#fd);
  }

  #limit(milliseconds: number): void {
    const time = Buffer.alloc(16);
    time.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), 0);
    time.writeBigInt64LE(BigInt((milliseconds % 1000) * 1000), 8);
    setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, time, time.length);
  }

  #received(octets: number, from: Buffer): Received {
    // IPv4 comes with its header, IPv6 without. The port of the address is the protocol's number, which a send must not have.
    from.writeUInt16LE(0, 2);
    const header = this.family === 4 ? (this.#buffer[0]! & 15) * 4 : 0;
    return { payload: Buffer.from(this.#buffer.subarray(header, octets)), from };
  }
}
