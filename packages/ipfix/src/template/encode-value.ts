import { parseHex, parseIPv4, parseIPv6, parseMac, putUtf8, utf8Length } from '../elements/parse.js';
import { parseDateTime } from '../elements/parse-time.js';
import { type DataType, isDateTime, isInteger, lengthFits, naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import { encodeInteger } from './encode-integer.js';

/**
 * Writes a value to `bytes` at `at`, nothing at `end` or behind. Returns the offset behind it, NO_ROOM where it does not fit in,
 * or NOT_A_VALUE where the type and length cannot hold it.
 */
export type ValueEncoder = (value: unknown, bytes: Uint8Array, at: number, end: number) => number;

export const NO_ROOM = -1;
export const NOT_A_VALUE = -2;

/** Writes a value in exactly `length` octets, for which there is room; false where it is none of that type. */
export type FixedEncoder = (value: unknown, bytes: Uint8Array, at: number, length: number) => boolean;

/** The encoder for a field that is no list: takes what decodeValue gives, and octets as a Uint8Array, times as a Date, bigint. */
export function valueEncoder(type: DataType, length: number): ValueEncoder {
  if (length === VARIABLE_LENGTH) return variableEncoder(type);
  const encode = fixedEncoder(type, length);
  return (value, bytes, at, end) => {
    if (at + length > end) return NO_ROOM;
    return encode(value, bytes, at, length) ? at + length : NOT_A_VALUE;
  };
}

/** The encoder for a value of exactly `length` octets: octets where the type cannot have that length, null where it has none. */
export function fixedEncoder(type: DataType, length: number): FixedEncoder {
  const encode = encoderOf(type, length);
  return length > 0 ? encode : (value, bytes, at) => value === null || encode(value, bytes, at, 0);
}

function encoderOf(type: DataType, length: number): FixedEncoder {
  if (!lengthFits(type, length)) return putOctets;
  if (isInteger(type)) {
    const signed = type.startsWith('signed');
    return (value, bytes, at, length) => encodeInteger(value, bytes, at, length, signed);
  }
  if (isDateTime(type)) {
    const isTime = (value: unknown) => typeof value === 'string' || value instanceof Date;
    return (value, bytes, at) => isTime(value) && parseDateTime(type, value as string | Date, bytes, at);
  }
  return FIXED[type] ?? putOctets;
}

const putFloat: FixedEncoder = (value, bytes, at, length) => {
  if (typeof value !== 'number' && value !== null) return false;
  const view = bufferView(bytes);
  const from = bytes.byteOffset + at;
  // JSON has neither NaN nor infinity, so that null stands for both: NaN is the nearer.
  const number = value ?? Number.NaN;
  if (length === 4) view.setFloat32(from, number);
  else view.setFloat64(from, number);
  return true;
};

/** 1 is true and 2 is false (RFC 7011 section 6.1.5). */
const putBoolean: FixedEncoder = (value, bytes, at, length) => {
  if (typeof value === 'boolean') bytes[at] = value ? 1 : 2;
  else return encodeInteger(value, bytes, at, length, false);
  return true;
};

/** Filled up with NULs; decodeValue takes them away again. */
const putString: FixedEncoder = (value, bytes, at, length) => {
  if (typeof value !== 'string' || utf8Length(value) > length) return false;
  bytes.fill(0, putUtf8(value, bytes, at), at + length);
  return true;
};

const putOctets: FixedEncoder = (value, bytes, at, length) => {
  if (typeof value === 'string') return parseHex(value, bytes, at, length);
  if (!(value instanceof Uint8Array) || value.length !== length) return false;
  bytes.set(value, at);
  return true;
};

function addressEncoder(parse: (text: string, bytes: Uint8Array, at: number) => boolean): FixedEncoder {
  return (value, bytes, at, length) =>
    typeof value === 'string' ? parse(value, bytes, at) : putOctets(value, bytes, at, length);
}

const FIXED: Partial<Record<DataType, FixedEncoder>> = {
  float32: putFloat,
  float64: putFloat,
  boolean: putBoolean,
  string: putString,
  macAddress: addressEncoder(parseMac),
  ipv4Address: addressEncoder((text, bytes, at) => parseIPv4(text, bytes, at)),
  ipv6Address: addressEncoder(parseIPv6),
};

/** Octets that the length in front of a value of variable length takes (RFC 7011 section 7). */
export function prefixLength(length: number): 1 | 3 {
  return length < 255 ? 1 : 3;
}

export function putPrefix(bytes: Uint8Array, at: number, length: number): void {
  if (length < 255) {
    bytes[at] = length;
  } else {
    bytes[at] = 255;
    bytes[at + 1] = length >> 8;
    bytes[at + 2] = length;
  }
}

function variableEncoder(type: DataType): ValueEncoder {
  return (value, bytes, at, end) => {
    const length = lengthOf(type, value);
    if (!Number.isInteger(length) || length < 0) return NOT_A_VALUE;
    const start = at + prefixLength(length);
    if (length > 0xffff || start + length > end) return NO_ROOM;
    if (!fixedEncoder(type, length)(value, bytes, start, length)) return NOT_A_VALUE;
    putPrefix(bytes, at, length);
    return start + length;
  };
}

/** Octets of a value in a field of variable length: a scalar keeps the natural length of its type. */
function lengthOf(type: DataType, value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  const natural = naturalLength(type);
  if (natural !== VARIABLE_LENGTH) return natural;
  if (typeof value !== 'string') return -1;
  return type === 'string' ? utf8Length(value) : value.length / 2;
}
