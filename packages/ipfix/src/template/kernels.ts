import { ntpFraction, ntpSeconds } from '../elements/time.js';
import type { DataType } from '../elements/types.js';
import { COLUMN_WIDTH, type ColumnKind, columnTakes } from './kinds.js';

/**
 * Copies one field of `count` Data Records into a column: from input[at], input[at + stride] ... to output from octet `to` on.
 * `length` is that of the field on the wire, `width` that of the column.
 */
export type Kernel = (
  input: DataView,
  at: number,
  stride: number,
  output: DataView,
  to: number,
  count: number,
  length: number,
  width: number,
) => void;

const copy8: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at; i < count; i++, p += stride) output.setUint8(to + i, input.getUint8(p));
};

const copy16: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 2) output.setUint16(o, input.getUint16(p), true);
};

const copy32: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 4) output.setUint32(o, input.getUint32(p), true);
};

const copy64: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 8) {
    output.setUint32(o, input.getUint32(p + 4), true);
    output.setUint32(o + 4, input.getUint32(p), true);
  }
};

/** Reduced-size encoding (RFC 7011 section 6.2) of a counter, as it is met most. */
const widen32to64: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 8) {
    output.setUint32(o, input.getUint32(p), true);
    output.setUint32(o + 4, 0, true);
  }
};

/** An integer of any length; one too large for the column becomes the column's largest. */
const resize: Kernel = (input, at, stride, output, to, count, length, width) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += width) {
    let beyond = 0;
    for (let k = width; k < length; k++) beyond |= input.getUint8(p + length - 1 - k);
    for (let k = 0; k < width; k++) {
      output.setUint8(o + k, beyond ? 255 : k < length ? input.getUint8(p + length - 1 - k) : 0);
    }
  }
};

/** A signed integer of any length; one that the column cannot hold becomes the nearest that it can. */
const resizeSigned: Kernel = (input, at, stride, output, to, count, length, width) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += width) {
    const fill = input.getUint8(p) & 0x80 ? 0xff : 0;
    let fits = length <= width || (input.getUint8(p + length - width) & 0x80) === (fill & 0x80);
    for (let k = 0; k < length - width; k++) fits &&= input.getUint8(p + k) === fill;
    for (let k = 0; k < width; k++) {
      const beyond = k === width - 1 ? fill ^ 0x7f : fill ^ 0xff;
      output.setUint8(o + k, fits ? (k < length ? input.getUint8(p + length - 1 - k) : fill) : beyond);
    }
  }
};

/** 1 is true (RFC 7011 section 6.1.5). */
const fromBoolean: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at; i < count; i++, p += stride) output.setUint8(to + i, input.getUint8(p) === 1 ? 1 : 0);
};

/** 4 or 8 octets to 4 or 8 (RFC 7011 section 6.2 allows a float64 in 4). */
const fromFloat: Kernel = (input, at, stride, output, to, count, length, width) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += width) {
    const value = length === 4 ? input.getFloat32(p) : input.getFloat64(p);
    if (width === 4) output.setFloat32(o, value, true);
    else output.setFloat64(o, value, true);
  }
};

/** An absolute time as a signed 64-bit little-endian number of milliseconds. */
function putMilliseconds(output: DataView, to: number, milliseconds: number): void {
  output.setUint32(to, milliseconds % 2 ** 32, true);
  output.setInt32(to + 4, Math.floor(milliseconds / 2 ** 32), true);
}

const fromSeconds: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 8) {
    putMilliseconds(output, o, input.getUint32(p) * 1000);
  }
};

const fromMicroseconds: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 8) {
    const fraction = Math.floor(ntpFraction(input.getUint32(p + 4), 1e6) / 1e3);
    putMilliseconds(output, o, ntpSeconds(input.getUint32(p)) * 1000 + fraction);
  }
};

const fromNanoseconds: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 8) {
    const fraction = Math.floor(ntpFraction(input.getUint32(p + 4), 1e9) / 1e6);
    putMilliseconds(output, o, ntpSeconds(input.getUint32(p)) * 1000 + fraction);
  }
};

const fromIPv4: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 16) {
    output.setUint32(o, 0);
    output.setUint32(o + 4, 0);
    output.setUint32(o + 8, 0xffff);
    output.setUint32(o + 12, input.getUint32(p));
  }
};

const fromIPv6: Kernel = (input, at, stride, output, to, count) => {
  for (let i = 0, p = at, o = to; i < count; i++, p += stride, o += 16) {
    for (let k = 0; k < 16; k += 4) output.setUint32(o + k, input.getUint32(p + k));
  }
};

/** Zeros: what a field gives that cannot be of the column's kind. */
export const clear: Kernel = (_input, _at, _stride, output, to, count, _length, width) => {
  for (let o = to; o < to + count * width; o++) output.setUint8(o, 0);
};

const DATE_TIMES: Partial<Record<DataType, Kernel>> = {
  dateTimeSeconds: fromSeconds,
  dateTimeMilliseconds: copy64,
  dateTimeMicroseconds: fromMicroseconds,
  dateTimeNanoseconds: fromNanoseconds,
};

const COPIES: readonly (Kernel | undefined)[] = [
  undefined,
  copy8,
  copy16,
  undefined,
  copy32,
  undefined,
  undefined,
  undefined,
  copy64,
];

/** The kernel for a value of that type and length, undefined where the column cannot take it. Never allocates. */
export function kernelFor(kind: ColumnKind, type: DataType, length: number): Kernel | undefined {
  if (!columnTakes(kind, type, length)) return undefined;
  if (kind === 'milliseconds') return DATE_TIMES[type];
  if (kind === 'address') return type === 'ipv4Address' ? fromIPv4 : fromIPv6;
  if (kind === 'boolean') return fromBoolean;
  const width = COLUMN_WIDTH[kind];
  if (length === width) return COPIES[length]!;
  if (kind === 'float32' || kind === 'float64') return fromFloat;
  if (kind.startsWith('signed')) return resizeSigned;
  return length === 4 && width === 8 ? widen32to64 : resize;
}
