import type { Libc } from './libc.js';

/** Datagrams taken by one system call. */
export const SLOTS = 64;
/** The largest UDP payload is 65,507 octets; untouched pages of a slot cost no memory. */
const SLOT_LENGTH = 65_536;
/** struct sockaddr_in6 is 28 octets. */
const NAME_LENGTH = 32;
/** sizeof(struct mmsghdr), 64 bits: msghdr 56, msg_len 4, padding 4. */
const MMSGHDR_LENGTH = 64;
const IOVEC_LENGTH = 16;

/**
 * The arguments of recvmmsg(2): struct mmsghdr [SLOTS], each with its name, iovec and buffer. The kernel
 * writes to addresses inside these arrays, so the object must live as long as it is used.
 */
export class MessageSlots {
  /** struct mmsghdr [SLOTS] */
  readonly headers = new Uint8Array(SLOTS * MMSGHDR_LENGTH);
  readonly #view = new DataView(this.headers.buffer);
  readonly #names = Buffer.alloc(SLOTS * NAME_LENGTH);
  readonly #iovecs = new Uint8Array(SLOTS * IOVEC_LENGTH);
  readonly #buffers = new Uint8Array(SLOTS * SLOT_LENGTH);

  constructor(libc: Libc) {
    const names = libc.addressOf(this.#names);
    const iovecs = libc.addressOf(this.#iovecs);
    const buffers = libc.addressOf(this.#buffers);
    const iovec = new DataView(this.#iovecs.buffer);
    for (let slot = 0; slot < SLOTS; slot++) {
      const at = slot * MMSGHDR_LENGTH;
      iovec.setBigUint64(slot * IOVEC_LENGTH, buffers + BigInt(slot * SLOT_LENGTH), true); // iov_base
      iovec.setBigUint64(slot * IOVEC_LENGTH + 8, BigInt(SLOT_LENGTH), true); // iov_len
      this.#view.setBigUint64(at, names + BigInt(slot * NAME_LENGTH), true); // msg_name
      this.#view.setBigUint64(at + 16, iovecs + BigInt(slot * IOVEC_LENGTH), true); // msg_iov
      this.#view.setBigUint64(at + 24, 1n, true); // msg_iovlen
    }
  }

  /** Makes the slots ready for the next call: the kernel has overwritten the name lengths. */
  prepare(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.#view.setUint32(slot * MMSGHDR_LENGTH + 8, NAME_LENGTH, true);
  }

  /** The datagram in a slot, a view that the next call overwrites. */
  datagram(slot: number): Uint8Array {
    const length = this.#view.getUint32(slot * MMSGHDR_LENGTH + 56, true);
    return this.#buffers.subarray(slot * SLOT_LENGTH, slot * SLOT_LENGTH + length);
  }

  /** The sender's struct sockaddr in a slot, as text to look up by. */
  nameKey(slot: number): string {
    return this.#names.toString('latin1', slot * NAME_LENGTH, slot * NAME_LENGTH + this.#nameLength(slot));
  }

  /** The sender's struct sockaddr in a slot. */
  name(slot: number): Uint8Array {
    return this.#names.subarray(slot * NAME_LENGTH, slot * NAME_LENGTH + this.#nameLength(slot));
  }

  #nameLength(slot: number): number {
    return Math.min(this.#view.getUint32(slot * MMSGHDR_LENGTH + 8, true), NAME_LENGTH);
  }
}
