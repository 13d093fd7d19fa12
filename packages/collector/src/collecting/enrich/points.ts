import { parseAddress } from '@weir/flow';
import type { Point } from './segments.js';

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The address as a number of its family, or undefined where the text is none. */
export function pointOf(text: string): Point | undefined {
  const match = DOTTED.exec(text);
  if (match === null) return text.includes(':') ? parseAddress(text) : undefined;
  let point = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i]);
    if (octet > 255) return undefined;
    point = point * 256 + octet;
  }
  return point;
}

/** An IPv6 address as four words, highest first. */
export function wordsOf(point: bigint): readonly [number, number, number, number] {
  return [Number(point >> 96n), word(point >> 64n), word(point >> 32n), word(point)];
}

function word(point: bigint): number {
  return Number(point & 0xffff_ffffn);
}
