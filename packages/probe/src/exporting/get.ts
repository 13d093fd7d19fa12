/** Readers of network-order numbers, the inverse of put.ts. */
export function get16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function get32(bytes: Uint8Array, at: number): number {
  return ((get16(bytes, at) << 16) | get16(bytes, at + 2)) >>> 0;
}

/** Exact below 2^53. */
export function get64(bytes: Uint8Array, at: number): number {
  return get32(bytes, at) * 4294967296 + get32(bytes, at + 4);
}
