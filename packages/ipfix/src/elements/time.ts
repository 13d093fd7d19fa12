import type { DataType } from './types.js';

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;
/** RFC 3339 has no year beyond 9999. */
const LAST_SECOND = 253_402_300_799;

/**
 * Seconds since the Unix epoch of the seconds of an NTP timestamp. Those below 2^31 are of the era that begins in 2036
 * (RFC 4330 section 3), as the first era's would be before 1968.
 */
export function ntpSeconds(seconds: number): number {
  return seconds - NTP_TO_UNIX + (seconds < 2 ** 31 ? 2 ** 32 : 0);
}

/**
 * The fraction of an NTP timestamp in units of 1/`perSecond` second, to the nearest: `perSecond` itself is possible. The nearest,
 * as exporters cut the fraction when they make it, and cutting once more would give one unit too little.
 */
export function ntpFraction(fraction: number, perSecond: 1e6 | 1e9): number {
  // dateTimeMicroseconds: the low 11 bits are to be ignored (RFC 7011 section 6.1.9).
  const used = perSecond === 1e6 ? fraction - (fraction % 2048) : fraction;
  return Math.round((used * perSecond) / 2 ** 32);
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** The minute last written, as records near each other have times near each other: its number since 1970, and "2026-01-31T12:00:". */
let lastMinute = Number.NaN;
let lastMinuteText = '';
/** "00" to "59", and ".000Z" to ".999Z". */
const SECONDS = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));
const MILLISECONDS = Array.from({ length: 1000 }, (_, millisecond) => `.${String(millisecond).padStart(3, '0')}Z`);

/** `fraction` with what stands behind it: ".5Z", "Z". */
function rfc3339(seconds: number, fraction: string): string {
  const minute = Math.floor(seconds / 60);
  if (minute !== lastMinute) {
    lastMinuteText = new Date(minute * 60_000).toISOString().slice(0, 17);
    lastMinute = minute;
  }
  return lastMinuteText + SECONDS[seconds - minute * 60]! + fraction;
}

function ntpText(bytes: Uint8Array, at: number, perSecond: 1e6 | 1e9): string {
  const seconds = ntpSeconds(u32(bytes, at));
  const units = ntpFraction(u32(bytes, at + 4), perSecond);
  const digits = perSecond === 1e6 ? 6 : 9;
  const carry = units === perSecond ? 1 : 0;
  return rfc3339(seconds + carry, `.${String(carry ? 0 : units).padStart(digits, '0')}Z`);
}

function millisecondsText(bytes: Uint8Array, at: number): string {
  const high = u32(bytes, at);
  const low = u32(bytes, at + 4);
  const milliseconds = high * 2 ** 32 + low;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds > LAST_SECOND) return String((BigInt(high) << 32n) | BigInt(low));
  return rfc3339(seconds, MILLISECONDS[milliseconds - seconds * 1000]!);
}

/** RFC 3339 in UTC at the precision of the type; milliseconds beyond the year 9999 as decimal text. */
export function dateTimeText(type: DataType, bytes: Uint8Array, at: number): string {
  if (type === 'dateTimeSeconds') return rfc3339(u32(bytes, at), 'Z');
  if (type === 'dateTimeMilliseconds') return millisecondsText(bytes, at);
  return ntpText(bytes, at, type === 'dateTimeMicroseconds' ? 1e6 : 1e9);
}
