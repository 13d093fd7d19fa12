import { AF_INET6 } from './rtnetlink.js';

/** An address here is four words in numeric order; one of IPv4 is in the first, the others are 0. */
export const ADDRESS_WORDS = 4;

/** Words of an address that count: 1 of IPv4, 4 of IPv6. */
export function wordsOf(family: number): number {
  return family === AF_INET6 ? 4 : 1;
}

/** Reads octets in network order, 4 or 16 of them, into words[at, at + 4). */
export function readAddress(bytes: Uint8Array, start: number, octets: number, words: Uint32Array, at: number): void {
  for (let i = 0; i < ADDRESS_WORDS; i++) {
    const b = start + 4 * i;
    words[at + i] = 4 * i < octets ? (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3] : 0;
  }
}

/** Writes the words into octets in network order. */
export function writeAddress(words: Uint32Array, at: number, octets: number, bytes: Uint8Array, start: number): void {
  for (let i = 0; i < octets; i++) bytes[start + i] = words[at + (i >> 2)] >>> (24 - 8 * (i & 3));
}

/** Sets the bits of words[at, at + width) behind the prefix to 0 or to 1. */
export function fillHost(words: Uint32Array, at: number, width: number, length: number, ones: boolean): void {
  for (let i = 0; i < width; i++) {
    const kept = Math.min(32, Math.max(0, length - 32 * i));
    const host = kept === 32 ? 0 : 0xffffffff >>> kept;
    words[at + i] = ones ? words[at + i] | host : words[at + i] & ~host;
  }
}

/** Adds one to words[at, at + width). @returns false where it was the last address */
export function increment(words: Uint32Array, at: number, width: number): boolean {
  for (let i = width - 1; i >= 0; i--) {
    words[at + i]++;
    if (words[at + i] !== 0) return true;
  }
  return false;
}

/** Compares a[i, i + width) with b[j, j + width): negative, 0 or positive. */
export function compareWords(a: Uint32Array, i: number, b: Uint32Array, j: number, width: number): number {
  for (let k = 0; k < width; k++) if (a[i + k] !== b[j + k]) return a[i + k] < b[j + k] ? -1 : 1;
  return 0;
}

/**
 * Where in the sorted list of `count` addresses the last one is that is not behind words[at, at + width); -1 where all are.
 */
export function floorIndex(list: Uint32Array, count: number, words: Uint32Array, at: number, width: number): number {
  const first = words[at];
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = list[middle * width];
    // The first words decide mostly, and always where there are no others.
    const isBehind = there === first ? compareWords(list, middle * width, words, at, width) > 0 : there > first;
    if (isBehind) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}
