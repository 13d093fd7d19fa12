/**
 * Writes an integer (a number, decimal text, a bigint) big-endian in `length` octets. False where it is none, or one that needs
 * more octets. Negative numbers only where `signed`, in two's complement.
 */
export function encodeInteger(value: unknown, bytes: Uint8Array, at: number, length: number, signed: boolean): boolean {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return false;
    return length <= 6 ? putSmall(value, bytes, at, length, signed) : putLarge(value, bytes, at, length, signed);
  }
  if (typeof value === 'string') return /^-?\d{1,78}$/.test(value) && putBig(BigInt(value), bytes, at, length, signed);
  return typeof value === 'bigint' && putBig(value, bytes, at, length, signed);
}

/** At most 6 octets: exact in a double. */
function putSmall(value: number, bytes: Uint8Array, at: number, length: number, signed: boolean): boolean {
  const size = 2 ** (8 * length);
  if (signed ? value < -size / 2 || value >= size / 2 : value < 0 || value >= size) return false;
  const whole = value < 0 ? value + size : value;
  const low = (whole % 2 ** 32) | 0;
  const high = Math.floor(whole / 2 ** 32);
  for (let i = at + length - 1, shift = 0; i >= at; i--, shift += 8) {
    bytes[i] = shift < 32 ? low >>> shift : high >>> (shift - 32);
  }
  return true;
}

/** A safe integer in 7 octets or more: it always fits, but for its sign. */
function putLarge(value: number, bytes: Uint8Array, at: number, length: number, signed: boolean): boolean {
  if (value < 0 && !signed) return false;
  let rest = value;
  for (let i = at + length - 1; i >= at; i--) {
    const high = Math.floor(rest / 256);
    bytes[i] = rest - high * 256;
    rest = high;
  }
  return true;
}

function putBig(value: bigint, bytes: Uint8Array, at: number, length: number, signed: boolean): boolean {
  // Not by BigInt.asUintN, which is wrong in QuickJS 2025-04-26 for what is above 2^63 or negative.
  const values = 1n << BigInt(8 * length);
  if (signed ? value < -values / 2n || value >= values / 2n : value < 0n || value >= values) return false;
  let rest = value & (values - 1n);
  for (let i = at + length - 1; i >= at; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return true;
}
