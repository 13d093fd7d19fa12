import type { MessageParts } from './host.js';
import { addressOf } from './libc.js';

/** struct mmsghdr and struct iovec on 64-bit Linux (bits/socket.h, bits/types/struct_iovec.h), in words of 32 bits, low one first. */
const HEADER_WORDS = 16;
const IOVEC_ADDRESS = 4;
const IOVEC_COUNT = 6;
const IOVEC_WORDS = 4;
const IOVEC_LENGTH = 2;
const WORD = 2 ** 32;

/** An address in two halves, to which offsets are added without a BigInt each. */
class Base {
  readonly #low: number;
  readonly #high: number;

  constructor(address: bigint) {
    this.#low = Number(address & 0xffff_ffffn);
    this.#high = Number(address >> 32n);
  }

  /** Writes the address of the octet at an offset below 2^32. */
  put(words: Uint32Array, at: number, offset: number): void {
    const low = this.#low + offset;
    words[at] = low;
    words[at + 1] = low < WORD ? this.#high : this.#high + 1;
  }
}

/**
 * The argument of sendmmsg for Messages that lie at i * slotOctets of `bytes`, with parts that lie elsewhere: as many pieces for each
 * Message as it takes. The buffers that the kernel is given addresses of are fields here, except the memory of the parts.
 */
export class GatheredVector {
  readonly #headers: Uint32Array;
  readonly #iovecs: Uint32Array;
  readonly #iovecsBase: Base;
  readonly #bytesBase: Base;

  /** @param parts at most */
  constructor(
    readonly bytes: Uint8Array,
    private readonly slotOctets: number,
    readonly parts: number,
  ) {
    const messages = Math.floor(bytes.length / slotOctets);
    this.#headers = new Uint32Array(messages * HEADER_WORDS);
    // Before each part and behind the last one there may be a piece of the Message's own.
    this.#iovecs = new Uint32Array((2 * parts + messages) * IOVEC_WORDS);
    this.#iovecsBase = new Base(addressOf(new Uint8Array(this.#iovecs.buffer)));
    this.#bytesBase = new Base(addressOf(bytes));
  }

  /** Takes the first `count` Messages. */
  set(lengths: Uint32Array, count: number, parts: MessageParts): void {
    const partsBase = new Base(parts.memory.address);
    let iovec = 0;
    let part = 0;
    for (let i = 0; i < count; i++) {
      const first = iovec;
      const slot = i * this.slotOctets;
      let place = 0;
      for (; part < parts.ends[i]; part++) {
        if (parts.places[part] > place) this.#put(iovec++, this.#bytesBase, slot + place, parts.places[part] - place);
        this.#put(iovec++, partsBase, parts.offsets[part], parts.lengths[part]);
        place = parts.places[part] + parts.lengths[part];
      }
      if (lengths[i] > place) this.#put(iovec++, this.#bytesBase, slot + place, lengths[i] - place);
      this.#iovecsBase.put(this.#headers, i * HEADER_WORDS + IOVEC_ADDRESS, first * IOVEC_WORDS * 4);
      this.#headers[i * HEADER_WORDS + IOVEC_COUNT] = iovec - first;
    }
  }

  /** The headers from Message i on. */
  headersFrom(i: number): Uint8Array {
    return new Uint8Array(this.#headers.buffer, i * HEADER_WORDS * 4);
  }

  #put(iovec: number, base: Base, offset: number, octets: number): void {
    base.put(this.#iovecs, iovec * IOVEC_WORDS, offset);
    this.#iovecs[iovec * IOVEC_WORDS + IOVEC_LENGTH] = octets;
  }
}
