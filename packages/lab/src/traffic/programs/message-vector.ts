import koffi from 'koffi';
import { WeirError } from '../../error.js';

const AF_INET = 2;
const SOCK_RAW = 3;
const IPPROTO_RAW = 255;
const ENOBUFS = 105;

// struct mmsghdr and struct iovec of 64-bit Linux (socket(2), sendmmsg(2)).
const mmsghdr = { size: 64, iov: 16, iovlen: 24 };
const iovec = { size: 16, length: 8 };

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)') as (family: number, type: number, protocol: number) => number;
const connect = libc.func('int connect(int, void *, uint32_t)') as (fd: number, to: Uint8Array, size: number) => number;
const sendmmsg = libc.func('int sendmmsg(int, void *, uint32_t, int)') as (
  fd: number,
  messages: Uint8Array,
  count: number,
  flags: number,
) => number;
const close = libc.func('int close(int)') as (fd: number) => number;

/** A raw IPv4 socket and 128 packets of one length that are sent by one system call. Needs CAP_NET_RAW. */
export class MessageVector {
  /** The packets, IPv4 header first, to be written before each send. */
  readonly packets: readonly DataView[];
  readonly #fd: number;
  // The kernel reads all three by raw address, which keeps none of them alive: they live as long as this object.
  readonly #bytes: Buffer;
  readonly #vectors: Buffer;
  readonly #headers: Buffer;

  constructor(destination: string, packetLength: number) {
    const count = 128;
    this.#bytes = Buffer.alloc(count * packetLength);
    this.#vectors = Buffer.alloc(count * iovec.size);
    this.#headers = Buffer.alloc(count * mmsghdr.size);
    const bytesAt = koffi.address(this.#bytes);
    const vectorsAt = koffi.address(this.#vectors);
    const packets: DataView[] = [];
    for (let i = 0; i < count; i++) {
      this.#vectors.writeBigUInt64LE(bytesAt + BigInt(i * packetLength), i * iovec.size);
      this.#vectors.writeBigUInt64LE(BigInt(packetLength), i * iovec.size + iovec.length);
      this.#headers.writeBigUInt64LE(vectorsAt + BigInt(i * iovec.size), i * mmsghdr.size + mmsghdr.iov);
      this.#headers.writeBigUInt64LE(1n, i * mmsghdr.size + mmsghdr.iovlen);
      packets.push(new DataView(this.#bytes.buffer, this.#bytes.byteOffset + i * packetLength, packetLength));
    }
    this.packets = packets;
    this.#fd = open(destination);
  }

  /** Sends the first `count` packets, all of them. */
  send(count: number): void {
    for (let done = 0; done < count; ) {
      const rest = this.#headers.subarray(done * mmsghdr.size);
      const sent = sendmmsg(this.#fd, rest, count - done, 0);
      if (sent > 0) done += sent;
      else if (koffi.errno() !== ENOBUFS) throw new WeirError(`sendmmsg failed: errno ${koffi.errno()}`);
    }
  }

  close(): void {
    close(this.#fd);
  }
}

function open(destination: string): number {
  const fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  if (fd < 0) throw new WeirError(`no raw socket: errno ${koffi.errno()}; run as root`);
  const to = Buffer.alloc(16);
  to.writeUInt16LE(AF_INET, 0);
  Buffer.from(destination.split('.').map(Number)).copy(to, 4);
  if (connect(fd, to, to.length) < 0) throw new WeirError(`cannot reach ${destination}: errno ${koffi.errno()}`);
  return fd;
}
