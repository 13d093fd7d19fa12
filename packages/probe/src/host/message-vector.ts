import { addressOf } from './libc.js';

/** sizeof(struct mmsghdr) and the offsets used here, on 64-bit Linux (bits/socket.h). */
const HEADER_OCTETS = 64;
const IOVEC_ADDRESS = 16;
const IOVEC_COUNT = 24;
const MESSAGE_LENGTH = 56;
const IOVEC_OCTETS = 16;

/**
 * The argument of recvmmsg and sendmmsg: `count` datagrams, datagram i at i * slotOctets of `bytes`. Every buffer that the
 * kernel is given an address of is a field here: an address alone does not keep its buffer alive.
 */
export class MessageVector {
  readonly bytes: Uint8Array;
  readonly headers: Uint8Array;
  readonly lengths: Uint32Array;
  readonly #iovecs: Uint8Array;
  readonly #headerView: DataView;
  readonly #iovecView: DataView;

  /** @param bytes count * slotOctets octets, or undefined for new ones */
  constructor(
    readonly count: number,
    readonly slotOctets: number,
    bytes?: Uint8Array,
  ) {
    this.bytes = bytes ?? new Uint8Array(count * slotOctets);
    this.headers = new Uint8Array(count * HEADER_OCTETS);
    this.lengths = new Uint32Array(count);
    this.#iovecs = new Uint8Array(count * IOVEC_OCTETS);
    this.#headerView = new DataView(this.headers.buffer);
    this.#iovecView = new DataView(this.#iovecs.buffer);
    const data = addressOf(this.bytes);
    const iovecs = addressOf(this.#iovecs);
    for (let i = 0; i < count; i++) {
      this.#iovecView.setBigUint64(i * IOVEC_OCTETS, data + BigInt(i * slotOctets), true);
      this.#iovecView.setBigUint64(i * IOVEC_OCTETS + 8, BigInt(slotOctets), true);
      this.#headerView.setBigUint64(i * HEADER_OCTETS + IOVEC_ADDRESS, iovecs + BigInt(i * IOVEC_OCTETS), true);
      this.#headerView.setBigUint64(i * HEADER_OCTETS + IOVEC_COUNT, 1n, true);
    }
  }

  /** Copies the lengths of the first `count` received datagrams from the headers to `lengths`. */
  readLengths(count: number): void {
    for (let i = 0; i < count; i++)
      this.lengths[i] = this.#headerView.getUint32(i * HEADER_OCTETS + MESSAGE_LENGTH, true);
  }

  /** Says how long datagram i is that is to be sent. */
  setLength(i: number, octets: number): void {
    this.#iovecView.setUint32(i * IOVEC_OCTETS + 8, octets, true);
  }

  /** The headers from datagram i on. */
  headersFrom(i: number): Uint8Array {
    return this.headers.subarray(i * HEADER_OCTETS);
  }
}
