import { putU32 } from '../octets/put.js';
import type { DataType } from './types.js';

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;
/** NTP seconds below 2^31 are of the era that begins in 2036 (see ntpSeconds). */
const FIRST_NTP = 2 ** 31 - NTP_TO_UNIX;
const BEHIND_NTP = FIRST_NTP + 2 ** 32;

/** RFC 3339 with or without a fraction, in UTC or with an offset. */
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** A time as whole seconds since the Unix epoch, and nanoseconds. */
interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** The day last read, as the number YYYYMMDD, and its seconds since 1970: Date.parse is slow. */
let lastDay = Number.NaN;
let lastDaySeconds = 0;

const MINUS = 45;
const COLON = 58;
const LETTER_T = 84;
const LETTER_Z = 90;
const DOT = 46;
/** Nanoseconds of a unit of the last digit behind the point, by the number of those digits. */
const NANOSECONDS = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1];

/** "2026-01-31T12:00:05.123Z" as decodeRecords writes it; undefined for any other form. */
function parseCanonical(text: string): Instant | undefined {
  const zone = text.length - 1;
  if (zone < 19 || zone > 29 || zone === 20 || text.charCodeAt(zone) !== LETTER_Z) return undefined;
  if (zone > 19 && text.charCodeAt(19) !== DOT) return undefined;
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS || text.charCodeAt(10) !== LETTER_T)
    return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const day = twoDigits(text, 0) * 1e6 + twoDigits(text, 2) * 1e4 + twoDigits(text, 5) * 100 + twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const fraction = digits(text, 20, zone);
  if (!(day >= 0 && hour < 24 && minute < 60 && second < 60 && fraction >= 0)) return undefined;
  if (day !== lastDay) {
    const milliseconds = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
    if (Number.isNaN(milliseconds)) return undefined;
    lastDaySeconds = milliseconds / 1000;
    lastDay = day;
  }
  const seconds = lastDaySeconds + hour * 3600 + minute * 60 + second;
  return { seconds, nanoseconds: zone === 19 ? 0 : fraction * NANOSECONDS[zone - 20]! };
}

function twoDigits(text: string, at: number): number {
  const [high, low] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

/** The number that the characters from `from` to `to` make; NaN where one is no digit. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function parseInstant(value: string | Date): Instant | undefined {
  if (typeof value !== 'string') return instantOf(value.getTime(), undefined);
  const canonical = parseCanonical(value);
  if (canonical !== undefined) return canonical;
  const parts = RFC_3339.exec(value);
  if (parts === null) return undefined;
  const [, date, time, fraction, zone] = parts;
  // A leap second (RFC 3339 section 5.7) is the second after it, as everywhere in time since the Unix epoch.
  const leap = time!.endsWith(':60');
  const clock = leap ? time!.replace(/60$/, '59') : time;
  return instantOf(Date.parse(`${date}T${clock}${zone!.toUpperCase()}`) + (leap ? 1000 : 0), fraction ?? '');
}

function instantOf(milliseconds: number, fraction: string | undefined): Instant | undefined {
  if (!Number.isFinite(milliseconds)) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  const nanoseconds = fraction === undefined ? (milliseconds - seconds * 1000) * 1e6 : Number(fraction.padEnd(9, '0'));
  return { seconds, nanoseconds };
}

/**
 * Writes a time (RFC 3339 text, or a Date) as the type has it; digits beyond the type's precision are cut. False where it is no
 * time, or one that the type cannot hold: seconds run from 1970 to 2106, milliseconds from 1970, NTP's from 1968 to 2104.
 */
export function parseDateTime(type: DataType, value: string | Date, bytes: Uint8Array, at: number): boolean {
  const instant = parseInstant(value);
  if (instant === undefined) return type === 'dateTimeMilliseconds' && putMilliseconds(value, bytes, at);
  const { seconds, nanoseconds } = instant;
  if (type === 'dateTimeSeconds') {
    if (seconds < 0 || seconds >= 2 ** 32) return false;
    putU32(bytes, at, seconds);
    return true;
  }
  if (type === 'dateTimeMilliseconds') {
    const milliseconds = seconds * 1000 + Math.floor(nanoseconds / 1e6);
    if (milliseconds < 0) return false;
    putU32(bytes, at, Math.floor(milliseconds / 2 ** 32));
    putU32(bytes, at + 4, milliseconds % 2 ** 32);
    return true;
  }
  return putNtp(type, instant, bytes, at);
}

/** Milliseconds beyond the year 9999 are decimal text, see dateTimeText. */
function putMilliseconds(value: string | Date, bytes: Uint8Array, at: number): boolean {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return false;
  const milliseconds = BigInt(value);
  if (milliseconds >= 1n << 64n) return false;
  putU32(bytes, at, Number(milliseconds >> 32n));
  putU32(bytes, at + 4, Number(milliseconds & 0xffffffffn));
  return true;
}

function putNtp(type: DataType, { seconds, nanoseconds }: Instant, bytes: Uint8Array, at: number): boolean {
  if (seconds < FIRST_NTP || seconds >= BEHIND_NTP) return false;
  putU32(bytes, at, (seconds + NTP_TO_UNIX) % 2 ** 32);
  // Microseconds in steps of 2^11: the low 11 bits are zero (RFC 7011 section 6.1.9).
  const fraction =
    type === 'dateTimeMicroseconds'
      ? Math.round((Math.floor(nanoseconds / 1000) * 2 ** 21) / 1e6) * 2048
      : Math.round((nanoseconds * 2 ** 32) / 1e9);
  putU32(bytes, at + 4, fraction);
  return true;
}
