import { hex, ipv4Text, ipv6Text, macText, utf8Text } from './text.js';
import { dateTimeText } from './time.js';
import { type DataType, isDateTime, isInteger, lengthFits } from './types.js';

/** A value as JSON holds it. */
export type DecodedValue = string | number | boolean | null;

/**
 * The value of `length` octets at `at`, as people read it: integers as numbers (as decimal text beyond 2^53-1), addresses and
 * times as text, octetArray and structured types as hex. Octets that cannot be of that type are hex, too.
 * The caller has checked that the octets are there.
 */
export function decodeValue(type: DataType, bytes: Uint8Array, at: number, length: number): DecodedValue {
  if (!lengthFits(type, length)) return hex(bytes, at, length);
  if (isInteger(type)) return integer(bytes, at, length, type.startsWith('signed'));
  if (isDateTime(type)) return dateTimeText(type, bytes, at);
  switch (type) {
    case 'float32':
    case 'float64':
      return float(bytes, at, length);
    case 'boolean':
      return truth(bytes[at]!);
    case 'macAddress':
      return macText(bytes, at);
    case 'ipv4Address':
      return ipv4Text(bytes, at);
    case 'ipv6Address':
      return ipv6Text(bytes, at);
    case 'string':
      return utf8Text(bytes, at, length);
    default:
      return hex(bytes, at, length);
  }
}

/** A big-endian integer of any length; text where a double would not hold it exactly. */
function integer(bytes: Uint8Array, at: number, length: number, signed: boolean): number | string {
  if (length > 6) {
    const unsigned = BigInt(`0x${hex(bytes, at, length)}`);
    const value = signed ? BigInt.asIntN(length * 8, unsigned) : unsigned;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + bytes[i]!;
  return signed && bytes[at]! >= 128 ? value - 2 ** (length * 8) : value;
}

/** JSON has no NaN and no infinity: null stands for them. */
function float(bytes: Uint8Array, at: number, length: number): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, length);
  const value = length === 4 ? view.getFloat32(0) : view.getFloat64(0);
  return Number.isFinite(value) ? value : null;
}

/** 1 is true and 2 is false (RFC 7011 section 6.1.5); what else comes is shown as it is. */
function truth(octet: number): boolean | number {
  return octet === 1 ? true : octet === 2 ? false : octet;
}
