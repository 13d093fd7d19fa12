/** Writers of network-order numbers, all at an offset of a buffer that has the room. */
export function put8(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** A non-negative whole number below 2^53. */
export function put64(bytes: Uint8Array, at: number, value: number): void {
  put32(bytes, at, Math.floor(value / 4294967296));
  put32(bytes, at + 4, value >>> 0);
}
