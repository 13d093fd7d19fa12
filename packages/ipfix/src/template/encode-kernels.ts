import type { DataType } from '../elements/types.js';
import { COLUMN_WIDTH, type ColumnKind, columnTakes } from './kinds.js';

/**
 * Copies `count` rows of a column, from octet `from` of `input` on, to a field of Data Records: output[at], output[at + stride] ...
 * `length` is that of the field on the wire, `width` that of the column.
 */
export type EncodeKernel = (
  input: DataView,
  from: number,
  output: DataView,
  at: number,
  stride: number,
  count: number,
  length: number,
  width: number,
) => void;

const copy8: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, p = at; i < count; i++, p += stride) output.setUint8(p, input.getUint8(from + i));
};

const swap16: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 2, p += stride) output.setUint16(p, input.getUint16(o, true));
};

const swap32: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 4, p += stride) output.setUint32(p, input.getUint32(o, true));
};

/** The low 6 octets of 8. */
const swap48: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 8, p += stride) {
    output.setUint16(p, input.getUint16(o + 4, true));
    output.setUint32(p + 2, input.getUint32(o, true));
  }
};

const swap64: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 8, p += stride) {
    output.setUint32(p, input.getUint32(o + 4, true));
    output.setUint32(p + 4, input.getUint32(o, true));
  }
};

/** For an unsigned integer in as many octets as its column has. */
const SWAPS: Readonly<Record<number, EncodeKernel>> = { 1: copy8, 2: swap16, 4: swap32, 8: swap64 };

/** Same octets, other order; what the wire has more is 0. */
const reverse: EncodeKernel = (input, from, output, at, stride, count, length, width) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += width, p += stride) {
    for (let k = 0; k < length; k++) output.setUint8(p + length - 1 - k, k < width ? input.getUint8(o + k) : 0);
  }
};

/** Reduced-size encoding (RFC 7011 section 6.2) of an unsigned integer; one too large for it becomes the largest. */
const narrow: EncodeKernel = (input, from, output, at, stride, count, length, width) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += width, p += stride) {
    let beyond = 0;
    for (let k = length; k < width; k++) beyond |= input.getUint8(o + k);
    for (let k = 0; k < length; k++) output.setUint8(p + length - 1 - k, beyond ? 255 : input.getUint8(o + k));
  }
};

/** Reduced-size encoding of a counter, as it is met most. */
const narrow64to32: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 8, p += stride) {
    output.setUint32(p, input.getUint32(o + 4, true) === 0 ? input.getUint32(o, true) : 0xffffffff);
  }
};

/** A signed integer in any length; one that does not fit becomes the nearest that does. */
const resizeSigned: EncodeKernel = (input, from, output, at, stride, count, length, width) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += width, p += stride) {
    const fill = input.getUint8(o + width - 1) & 0x80 ? 0xff : 0;
    let fits = length >= width || (input.getUint8(o + length - 1) & 0x80) === (fill & 0x80);
    for (let k = length; k < width; k++) fits &&= input.getUint8(o + k) === fill;
    for (let k = 0; k < length; k++) {
      const beyond = k === length - 1 ? fill ^ 0x7f : fill ^ 0xff;
      output.setUint8(p + length - 1 - k, fits ? (k < width ? input.getUint8(o + k) : fill) : beyond);
    }
  }
};

/** 1 is true and 2 is false (RFC 7011 section 6.1.5). */
const toBoolean: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, p = at; i < count; i++, p += stride) output.setUint8(p, input.getUint8(from + i) ? 1 : 2);
};

const toFloat: EncodeKernel = (input, from, output, at, stride, count, length, width) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += width, p += stride) {
    const value = width === 4 ? input.getFloat32(o, true) : input.getFloat64(o, true);
    if (length === 4) output.setFloat32(p, value);
    else output.setFloat64(p, value);
  }
};

function millisecondsAt(input: DataView, at: number): number {
  return input.getInt32(at + 4, true) * 2 ** 32 + input.getUint32(at, true);
}

/** Before 1970 is 0, after 2106 the last second (RFC 7011 section 6.1.7). */
const toSeconds: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 8, p += stride) {
    output.setUint32(p, Math.max(0, Math.min(Math.floor(millisecondsAt(input, o) / 1000), 0xffffffff)));
  }
};

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;

/** An NTP timestamp modulo its era; `unused` low bits of the fraction are 0 (RFC 7011 sections 6.1.9 and 6.1.10). */
function toNtp(unused: number): EncodeKernel {
  return (input, from, output, at, stride, count) => {
    for (let i = 0, o = from, p = at; i < count; i++, o += 8, p += stride) {
      const milliseconds = millisecondsAt(input, o);
      const seconds = Math.floor(milliseconds / 1000);
      const fraction = Math.round(((milliseconds - seconds * 1000) * 2 ** 32) / 1000);
      output.setUint32(p, seconds + NTP_TO_UNIX);
      output.setUint32(p + 4, fraction - (fraction % 2 ** unused));
    }
  };
}

/** The last 4 octets of an IPv4-mapped address; 0.0.0.0 for one that is none. */
const toIPv4: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 16, p += stride) {
    const mapped = input.getUint32(o) === 0 && input.getUint32(o + 4) === 0 && input.getUint32(o + 8) === 0xffff;
    output.setUint32(p, mapped ? input.getUint32(o + 12) : 0);
  }
};

const toIPv6: EncodeKernel = (input, from, output, at, stride, count) => {
  for (let i = 0, o = from, p = at; i < count; i++, o += 16, p += stride) {
    for (let k = 0; k < 16; k += 4) output.setUint32(p + k, input.getUint32(o + k));
  }
};

/** Zeros: a field that has no column, or one that cannot give it. */
export const zeros: EncodeKernel = (_input, _from, output, at, stride, count, length) => {
  for (let i = 0, p = at; i < count; i++, p += stride) {
    for (let k = 0; k < length; k++) output.setUint8(p + k, 0);
  }
};

const DATE_TIMES: Partial<Record<DataType, EncodeKernel>> = {
  dateTimeSeconds: toSeconds,
  dateTimeMilliseconds: swap64,
  dateTimeMicroseconds: toNtp(11),
  dateTimeNanoseconds: toNtp(0),
};

/** The kernel for a value of that type and length, `zeros` where the column cannot give it. Never allocates. */
export function encodeKernelFor(kind: ColumnKind, type: DataType, length: number): EncodeKernel {
  if (!columnTakes(kind, type, length)) return zeros;
  if (kind === 'milliseconds') return DATE_TIMES[type] ?? zeros;
  if (kind === 'address') return type === 'ipv4Address' ? toIPv4 : toIPv6;
  if (kind === 'boolean') return toBoolean;
  if (kind === 'mac') return swap48;
  if (kind === 'float32' || kind === 'float64') return toFloat;
  if (kind.startsWith('signed')) return resizeSigned;
  const width = COLUMN_WIDTH[kind];
  if (length === width) return SWAPS[width]!;
  if (length > width) return reverse;
  return length === 4 && width === 8 ? narrow64to32 : narrow;
}
