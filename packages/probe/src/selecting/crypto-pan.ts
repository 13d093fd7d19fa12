import { Aes128 } from './aes.js';

/** Octets of the key: 16 for AES, 16 from which the pad is made. */
export const CRYPTO_PAN_KEY_OCTETS = 32;
/** Addresses whose result is remembered; a power of two. */
const CACHED_ADDRESSES = 16_384;
/** Of each remembered address: its width in words, the address, and what is turned over. */
const SLOT_WORDS = 9;
const CACHED_PREFIXES = 65_536;
/** Bits of an IPv4 address, and of each half of an IPv6 prefix, whose result is remembered on its own. */
const PREFIX_BITS = 16;

/**
 * Prefix-preserving pseudonyms of addresses: two addresses with the first n bits in common have pseudonyms with the first n bits
 * in common. J. Xu, J. Fan, M. Ammar, S. Moon: "Prefix-Preserving IP Address Anonymization" (ICNP 2002), as in the Crypto-PAn
 * distribution, which the test vectors are from.
 *
 * Bit i of the pseudonym is bit i of the address, turned over where the first bit of AES(first i bits, filled up from the pad)
 * is set. One address takes 32 or 128 encryptions, so results are remembered: whole addresses, and what the first 16 bits turn
 * over.
 */
export class CryptoPan {
  readonly #aes: Aes128;
  readonly #pad = new Uint32Array(4);
  readonly #block = new Uint32Array(4);
  readonly #address = new Uint32Array(4);
  readonly #flips = new Uint32Array(4);
  readonly #cache = new Uint32Array(CACHED_ADDRESSES * SLOT_WORDS);
  readonly #prefixFlips = new Uint16Array(CACHED_PREFIXES);
  readonly #prefixKnown = new Uint8Array(CACHED_PREFIXES);

  /** @param key 32 octets */
  constructor(key: Uint8Array) {
    this.#aes = new Aes128(key.subarray(0, 16));
    for (let i = 0; i < 4; i++) this.#pad[i] = wordAt(key, 16 + 4 * i);
    this.#aes.encrypt(this.#pad);
  }

  /** Puts its pseudonym in the place of the address of 4 or 16 octets at octets[at]. */
  apply(octets: Uint8Array, at: number, width: number): void {
    const words = width >> 2;
    for (let i = 0; i < words; i++) this.#address[i] = wordAt(octets, at + 4 * i);
    const slot = this.#find(words);
    for (let i = 0; i < words; i++) putWord(octets, at + 4 * i, this.#address[i] ^ this.#cache[slot + 5 + i]);
  }

  /** Slot of the address in the cache, filled. It may be in either of two: the one that came earlier gives way. */
  #find(words: number): number {
    const cache = this.#cache;
    const address = this.#address;
    let hash = words;
    for (let i = 0; i < words; i++) hash = Math.imul(hash ^ address[i], 0x9e37_79b1) ^ (hash >>> 15);
    const first = ((hash ^ (hash >>> 16)) & (CACHED_ADDRESSES - 2)) * SLOT_WORDS;
    const second = first + SLOT_WORDS;
    if (this.#isAt(first, words)) return first;
    if (this.#isAt(second, words)) return second;
    cache.copyWithin(second, first, first + SLOT_WORDS);
    this.#compute(words);
    cache[first] = words;
    for (let i = 0; i < words; i++) {
      cache[first + 1 + i] = address[i];
      cache[first + 5 + i] = this.#flips[i];
    }
    return first;
  }

  #isAt(slot: number, words: number): boolean {
    if (this.#cache[slot] !== words) return false;
    for (let i = 0; i < words; i++) if (this.#cache[slot + 1 + i] !== this.#address[i]) return false;
    return true;
  }

  #compute(words: number): void {
    this.#flips.fill(0);
    const prefix = this.#address[0] >>> 16;
    if (this.#prefixKnown[prefix] === 0) {
      for (let bit = 0; bit < PREFIX_BITS; bit++) this.#flip(bit);
      this.#prefixFlips[prefix] = this.#flips[0] >>> 16;
      this.#prefixKnown[prefix] = 1;
    }
    this.#flips[0] = this.#prefixFlips[prefix] << 16;
    for (let bit = PREFIX_BITS; bit < 32 * words; bit++) this.#flip(bit);
  }

  /** Is this bit turned over? It depends on the bits before it alone. */
  #flip(bit: number): void {
    const block = this.#block;
    const full = bit >> 5;
    const mask = bit & 31 ? 0xffff_ffff << (32 - (bit & 31)) : 0;
    for (let i = 0; i < 4; i++) {
      const own = i < full ? 0xffff_ffff : i === full ? mask : 0;
      block[i] = (this.#address[i] & own) | (this.#pad[i] & ~own);
    }
    this.#aes.encrypt(block);
    this.#flips[full] |= (block[0] >>> 31) << (31 - (bit & 31));
  }
}

function wordAt(octets: Uint8Array, at: number): number {
  return ((octets[at] << 24) | (octets[at + 1] << 16) | (octets[at + 2] << 8) | octets[at + 3]) >>> 0;
}

function putWord(octets: Uint8Array, at: number, word: number): void {
  octets[at] = word >>> 24;
  octets[at + 1] = word >>> 16;
  octets[at + 2] = word >>> 8;
  octets[at + 3] = word;
}
