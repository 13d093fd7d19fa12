import type { DataType } from '../elements/types.js';
import type { Words } from './column.js';
import { COLUMN_WIDTH, type ColumnKind, columnTakes } from './kinds.js';

/**
 * Copies one field of `count` Data Records, from input[at], input[at + stride] ..., to the rows from `row` on of a column that is
 * aligned and little-endian. What a Kernel does, at twice the speed.
 */
export type WordKernel = (
  input: DataView,
  at: number,
  stride: number,
  output: Words,
  row: number,
  count: number,
) => void;

const copy8: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = row, p = at; o < row + count; o++, p += stride) output[o] = input.getUint8(p);
};

const copy16: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = row, p = at; o < row + count; o++, p += stride) output[o] = input.getUint16(p);
};

const copy32: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = row, p = at; o < row + count; o++, p += stride) output[o] = input.getUint32(p);
};

const copy64: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = 2 * row, p = at; o < 2 * (row + count); o += 2, p += stride) {
    output[o] = input.getUint32(p + 4);
    output[o + 1] = input.getUint32(p);
  }
};

/** Reduced-size encoding (RFC 7011 section 6.2) of a counter, as it is met most. */
const widen32to64: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = 2 * row, p = at; o < 2 * (row + count); o += 2, p += stride) {
    output[o] = input.getUint32(p);
    output[o + 1] = 0;
  }
};

const fromMac: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = 2 * row, p = at; o < 2 * (row + count); o += 2, p += stride) {
    output[o] = input.getUint32(p + 2);
    output[o + 1] = input.getUint16(p);
  }
};

const fromIPv4: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = 4 * row, p = at; o < 4 * (row + count); o += 4, p += stride) {
    output[o] = 0;
    output[o + 1] = 0;
    output[o + 2] = 0xffff0000;
    output[o + 3] = input.getUint32(p, true);
  }
};

const fromIPv6: WordKernel = (input, at, stride, output, row, count) => {
  for (let o = 4 * row, p = at; o < 4 * (row + count); o += 4, p += stride) {
    for (let k = 0; k < 4; k++) output[o + k] = input.getUint32(p + 4 * k, true);
  }
};

const COPIES: Readonly<Record<number, WordKernel>> = { 1: copy8, 2: copy16, 4: copy32, 8: copy64 };

/** The kernel for a value of that type and length; undefined where that of kernelFor has to do it. */
export function wordKernelFor(kind: ColumnKind, type: DataType, length: number): WordKernel | undefined {
  if (!columnTakes(kind, type, length) || kind === 'boolean') return undefined;
  if (kind === 'address') return type === 'ipv4Address' ? fromIPv4 : fromIPv6;
  if (kind === 'mac') return fromMac;
  if (kind === 'milliseconds') return type === 'dateTimeMilliseconds' ? copy64 : undefined;
  // The same octets in the other order.
  if (length === COLUMN_WIDTH[kind]) return COPIES[length];
  return kind === 'unsigned64' && length === 4 ? widen32to64 : undefined;
}
