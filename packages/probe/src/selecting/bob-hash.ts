const GOLDEN_RATIO = 0x9e37_79b9;
const CHUNK_OCTETS = 12;

/**
 * The hash function BOB of RFC 5475 appendix A.2 (Bob Jenkins, "lookup2") over octets[0, length).
 *
 * @param initialiser 32 bits
 * @returns 32 bits, unsigned
 */
export function bobHash(octets: Uint8Array, length: number, initialiser: number): number {
  let a = GOLDEN_RATIO | 0;
  let b = GOLDEN_RATIO | 0;
  let c = initialiser | 0;
  let at = 0;
  for (;;) {
    const rest = length - at;
    const isTail = rest < CHUNK_OCTETS;
    a = (a + word(octets, at, rest)) | 0;
    b = (b + word(octets, at + 4, rest - 4)) | 0;
    // Of the tail's last word the lowest octet is taken by the length.
    c = (c + (isTail ? (word(octets, at + 8, rest - 8) << 8) + length : word(octets, at + 8, rest - 8))) | 0;
    a = (a - b - c) ^ (c >>> 13);
    b = (b - c - a) ^ (a << 8);
    c = (c - a - b) ^ (b >>> 13);
    a = (a - b - c) ^ (c >>> 12);
    b = (b - c - a) ^ (a << 16);
    c = (c - a - b) ^ (b >>> 5);
    a = (a - b - c) ^ (c >>> 3);
    b = (b - c - a) ^ (a << 10);
    c = (c - a - b) ^ (b >>> 15);
    if (isTail) return c >>> 0;
    at += CHUNK_OCTETS;
  }
}

/** Up to four octets, the first one lowest; 0 for those behind the end. */
function word(octets: Uint8Array, at: number, available: number): number {
  if (available >= 4) return octets[at] | (octets[at + 1] << 8) | (octets[at + 2] << 16) | (octets[at + 3] << 24);
  let sum = 0;
  for (let i = 0; i < available; i++) sum |= octets[at + i] << (8 * i);
  return sum;
}
