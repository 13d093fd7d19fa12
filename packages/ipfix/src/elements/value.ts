import { hex, ipv4Text, ipv6Text, macText, utf8Text } from './text.js';
import { dateTimeText } from './time.js';
import { type DataType, isInteger, lengthFits, naturalLength, VARIABLE_LENGTH } from './types.js';

/** A value as JSON holds it. */
export type DecodedValue = string | number | boolean | null;

/** Reads the value of `length` octets at `at`; the caller has checked that they are there. */
export type ValueDecoder = (bytes: Uint8Array, at: number, length: number) => DecodedValue;

/**
 * The value of `length` octets at `at`, as people read it: integers as numbers (as decimal text beyond 2^53-1), addresses and
 * times as text, octetArray and structured types as hex. Octets that cannot be of that type are hex, too; no octets of a number, an
 * address or a time are null.
 * The caller has checked that the octets are there.
 */
export function decodeValue(type: DataType, bytes: Uint8Array, at: number, length: number): DecodedValue {
  return decoderOf(type, length)(bytes, at, length);
}

/** The decoder for fields of that type and length: decodeValue, with the choice made beforehand. */
export function valueDecoder(type: DataType, length: number): ValueDecoder {
  if (length !== VARIABLE_LENGTH) return decoderOf(type, length);
  return (bytes, at, actual) => decoderOf(type, actual)(bytes, at, actual);
}

function decoderOf(type: DataType, length: number): ValueDecoder {
  if (length === 0 && naturalLength(type) !== VARIABLE_LENGTH) return noValue;
  if (!lengthFits(type, length)) return hex;
  if (isInteger(type)) return type.startsWith('signed') ? signedInteger : (UNSIGNED[length] ?? unsignedInteger);
  return DECODERS[type] ?? hex;
}

/** A scope of NetFlow v9 may have no octets: it names the exporter itself, and no number of it. */
const noValue: ValueDecoder = () => null;

const UNSIGNED: readonly (ValueDecoder | undefined)[] = [
  undefined,
  (bytes, at) => bytes[at]!,
  (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!,
  undefined,
  low32,
];
const signedInteger: ValueDecoder = (bytes, at, length) => integer(bytes, at, length, true);
const unsignedInteger: ValueDecoder = (bytes, at, length) => integer(bytes, at, length, false);

function dateTime(type: DataType): ValueDecoder {
  return (bytes, at) => dateTimeText(type, bytes, at);
}

function low32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** All octets but the last 4, as a number below 2^21; -1 where they are more, so that a double would not hold the whole. */
function smallHigh(bytes: Uint8Array, at: number, length: number): number {
  let high = 0;
  for (let i = at; i < at + length - 4; i++) {
    high = high * 256 + bytes[i]!;
    if (high >= 2 ** 21) return -1;
  }
  return high;
}

/** A big-endian integer of any length; text where a double would not hold it exactly. */
function integer(bytes: Uint8Array, at: number, length: number, signed: boolean): number | string {
  if (length > 6) {
    const high = signed ? -1 : smallHigh(bytes, at, length);
    if (high >= 0) return high * 2 ** 32 + low32(bytes, at + length - 4);
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

const DECODERS: Partial<Record<DataType, ValueDecoder>> = {
  float32: float,
  float64: float,
  boolean: (bytes, at) => truth(bytes[at]!),
  macAddress: macText,
  ipv4Address: ipv4Text,
  ipv6Address: ipv6Text,
  string: utf8Text,
  dateTimeSeconds: dateTime('dateTimeSeconds'),
  dateTimeMilliseconds: dateTime('dateTimeMilliseconds'),
  dateTimeMicroseconds: dateTime('dateTimeMicroseconds'),
  dateTimeNanoseconds: dateTime('dateTimeNanoseconds'),
};
