/** The 2 octets at `at`, most significant first. The caller has checked that they are there. */
export function getU16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** The 4 octets at `at`, most significant first. The caller has checked that they are there. */
export function getU32(bytes: Uint8Array, at: number): number {
  return getU16(bytes, at) * 0x10000 + getU16(bytes, at + 2);
}
