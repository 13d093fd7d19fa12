import { ntpFraction, ntpSeconds } from '../elements/time.js';
import { type DataType, lengthFits } from '../elements/types.js';

/**
 * What a column holds, a value a row, little-endian: 'milliseconds' signed 64-bit since the Unix epoch, 'address' 16 octets in
 * network order (IPv4 as ::ffff:a.b.c.d), 'mac' the 6 octets as an unsigned64.
 */
export type ColumnKind = 'unsigned8' | 'unsigned16' | 'unsigned32' | 'unsigned64' | 'milliseconds' | 'address' | 'mac';

/** Octets of a value of each kind. */
export const COLUMN_WIDTH: Readonly<Record<ColumnKind, number>> = {
  unsigned8: 1,
  unsigned16: 2,
  unsigned32: 4,
  unsigned64: 8,
  milliseconds: 8,
  address: 16,
  mac: 8,
};

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

function integerKernel(length: number, width: number): Kernel {
  if (length === width) return COPIES[length]!;
  return length === 4 && width === 8 ? widen32to64 : resize;
}

/** Kinds of columns that take a value of that type, whatever its length. */
export function kindTakes(kind: ColumnKind, type: DataType): boolean {
  if (kind === 'milliseconds') return DATE_TIMES[type] !== undefined;
  if (kind === 'address') return type === 'ipv4Address' || type === 'ipv6Address';
  if (kind === 'mac') return type === 'macAddress';
  return type === 'boolean' || (type.startsWith('unsigned') && type !== 'unsigned256');
}

/** The kernel for a value of that type and length, undefined where the column cannot take it. Never allocates. */
export function kernelFor(kind: ColumnKind, type: DataType, length: number): Kernel | undefined {
  if (!kindTakes(kind, type) || !lengthFits(type, length)) return undefined;
  if (kind === 'milliseconds') return DATE_TIMES[type];
  if (kind === 'address') return type === 'ipv4Address' ? fromIPv4 : fromIPv6;
  return integerKernel(length, COLUMN_WIDTH[kind]);
}
