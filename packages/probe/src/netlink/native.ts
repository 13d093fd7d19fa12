/**
 * Numbers in host order, read through a Uint16Array: rtnetlink's fields are in the order of this machine, and aligned to 4
 * octets only from the start of the datagram's slot.
 */
const lowFirst = new Uint8Array(new Uint16Array([1]).buffer)[0];

/** The 32-bit number at octet `at`, a multiple of 2. */
export function nativeU32(halves: Uint16Array, at: number): number {
  const first = halves[at >> 1];
  const second = halves[(at >> 1) + 1];
  return (lowFirst ? first | (second << 16) : (first << 16) | second) >>> 0;
}
