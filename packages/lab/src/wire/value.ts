import { isIPv6 } from 'node:net';
import { elementOf, VARIABLE } from './elements.js';
import type { WireField } from './template.js';

/** A value to send: numbers of integers, floats and times, text of addresses and strings, bytes of anything as they are. */
export type WireValue = number | bigint | string | boolean | Uint8Array;

/** Seconds between the epochs of NTP and Unix (RFC 5905 section 6). */
export const NTP_EPOCH = 2_208_988_800n;

/** The octets of a value in its field (RFC 7011 section 6.1). Times are milliseconds since the Unix epoch; text is padded with zeros. */
export function encodeValue(field: WireField, value: WireValue): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  const type = elementOf(field.enterprise, field.id)?.type ?? 'octetArray';
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 2]);
  if (typeof value === 'string') return encodeText(type, field.length, value);
  if (type.startsWith('float')) return encodeFloat(field.length, Number(value));
  return bigEndian(encodeTime(type, value), field.length);
}

/** An integer in so many octets, two's complement. */
export function bigEndian(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = length - 1, rest = BigInt.asUintN(length * 8, value); i >= 0; i--, rest >>= 8n) {
    bytes[i] = Number(rest & 0xffn);
  }
  return bytes;
}

function encodeTime(type: string, value: number | bigint): bigint {
  if (type === 'dateTimeSeconds') return BigInt(value) / 1000n;
  if (type !== 'dateTimeMicroseconds' && type !== 'dateTimeNanoseconds') return BigInt(value);
  const milliseconds = BigInt(value);
  const fraction = ((milliseconds % 1000n) << 32n) / 1000n;
  // Of microseconds the lowest 11 bits are to be zero (RFC 7011 section 6.1.9). Rounded up, so that no millisecond is lost.
  const exact = type === 'dateTimeNanoseconds' ? fraction + 1n : ((fraction + 0x7ffn) >> 11n) << 11n;
  return ((milliseconds / 1000n + NTP_EPOCH) << 32n) | (milliseconds % 1000n === 0n ? 0n : exact);
}

function encodeFloat(length: number, value: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (length === 4) bytes.writeFloatBE(value);
  else bytes.writeDoubleBE(value);
  return bytes;
}

function encodeText(type: string, length: number, text: string): Buffer {
  if (type === 'ipv4Address') return Buffer.from(text.split('.').map(Number));
  if (type === 'ipv6Address') return ipv6Octets(text);
  if (type === 'macAddress') return Buffer.from(text.replaceAll(':', ''), 'hex');
  const bytes = Buffer.from(text, 'utf8');
  if (length === VARIABLE) return bytes;
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length))]).subarray(0, length);
}

function ipv6Octets(text: string): Buffer {
  if (!isIPv6(text)) throw new Error(`"${text}" is no IPv6 address`);
  const [head, tail] = text.split('::') as [string, string | undefined];
  const words = (part: string): number[] =>
    part
      .split(':')
      .filter(Boolean)
      .map(word => Number.parseInt(word, 16));
  const first = words(head);
  const last = words(tail ?? '');
  const all = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap(word => [word >> 8, word & 255]));
}
