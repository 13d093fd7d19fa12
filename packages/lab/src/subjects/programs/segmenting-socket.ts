import koffi from 'koffi';
import { WeirError } from '../../error.js';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const ECONNREFUSED = 111;
const ENOBUFS = 105;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)') as (family: number, type: number, protocol: number) => number;
const connect = libc.func('int connect(int, void *, uint32_t)') as (fd: number, to: Uint8Array, size: number) => number;
const setsockopt = libc.func('int setsockopt(int, int, int, void *, uint32_t)') as (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: number,
) => number;
const send = libc.func('int64_t send(int, void *, size_t, int)') as (
  fd: number,
  octets: Uint8Array,
  length: number,
  flags: number,
) => number;

/**
 * A UDP socket connected to a port of 127.0.0.1 that takes many datagrams of one length, one behind the other, by one system call: the kernel
 * makes datagrams of them on the way (UDP_SEGMENT of udp(7)), which costs a sender a fraction of sendmmsg.
 */
export class SegmentingSocket {
  readonly #fd: number;

  /** @param length of each datagram; the last of a send may be shorter. */
  constructor(port: number, length: number) {
    this.#fd = socket(AF_INET, SOCK_DGRAM, 0);
    const to = Buffer.from([0, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    to.writeUInt16LE(AF_INET, 0);
    to.writeUInt16BE(port, 2);
    if (this.#fd < 0 || connect(this.#fd, to, to.length) < 0) throw problem(`no socket to port ${port}`);
    const segment = Buffer.alloc(4);
    segment.writeInt32LE(length);
    if (setsockopt(this.#fd, SOL_UDP, UDP_SEGMENT, segment, 4) < 0) throw problem('the kernel does not segment UDP');
  }

  /** Sends the datagrams, also where nobody listens. */
  send(octets: Uint8Array): void {
    while (send(this.#fd, octets, octets.length, 0) < 0) {
      // Refused is the answer to an earlier send (udp(7)): this one was not sent yet.
      if (koffi.errno() !== ENOBUFS && koffi.errno() !== ECONNREFUSED) throw problem('cannot send');
    }
  }
}

function problem(what: string): WeirError {
  return new WeirError(`${what}: errno ${koffi.errno()}`);
}
