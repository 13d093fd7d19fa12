import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import type { FlowRecord } from './flow-record.js';

/** Octets of a value. */
type Width = 1 | 2 | 4 | 8;

/** Names of a Flow Record's values. */
type Name<T> = { [N in keyof FlowRecord]: FlowRecord[N] extends T ? N : never }[keyof FlowRecord];

/** What makes a value known: a bit of the kind, and the value that it has at least; and what stands for one that is not known. */
interface Known {
  readonly bit: number;
  readonly least: number;
  readonly none: number;
}

/** 0 says that nothing is known. */
export function above0(bit: number): Known {
  return { bit, least: 1, none: 0 };
}

/** -1 says that nothing is known. */
export function from0(bit: number): Known {
  return { bit, least: 0, none: -1 };
}

/** NaN says that nothing is known. */
export function orNaN(bit: number, least: number): Known {
  return { bit, least, none: Number.NaN };
}

/** Gives all Flow Records a number, in network order at octet `place` of them. @param known of one that not every record has */
export function defineNumber(
  prototype: FlowRecord,
  name: Name<number>,
  width: Width,
  place: number,
  known: Known = { bit: 0, least: Number.NEGATIVE_INFINITY, none: 0 },
): void {
  const { bit, least, none } = known;
  Object.defineProperty(prototype, name, {
    get(this: FlowRecord): number {
      return bit !== 0 && (this.kind & bit) === 0 ? none : read(this.octets, place, width);
    },
    set(this: FlowRecord, value: number) {
      const isKnown = value >= least;
      this.kind = isKnown ? this.kind | bit : this.kind & ~bit;
      if (isKnown) write(this.octets, place, width, value);
    },
  });
}

/** Gives all Flow Records a flag that is a bit of their kind. */
export function defineFlag(prototype: FlowRecord, name: Name<boolean>, bit: number): void {
  Object.defineProperty(prototype, name, {
    get(this: FlowRecord): boolean {
      return (this.kind & bit) !== 0;
    },
    set(this: FlowRecord, value: boolean) {
      this.kind = value ? this.kind | bit : this.kind & ~bit;
    },
  });
}

/** Makes the high word of a number beyond 32 bits a number of its own. */
const HIGH_WORD = 2 ** -32;

/** As `write` of 8 octets, at words[at]: for what every record has. @param milliseconds non-negative and below 2^53, parts of them are left out */
export function putTime(words: Int32Array, at: number, milliseconds: number): void {
  const high = (milliseconds * HIGH_WORD) | 0;
  const low = milliseconds | 0;
  words[at] = IS_LITTLE_ENDIAN ? swapped(high) : high;
  words[at + 1] = IS_LITTLE_ENDIAN ? swapped(low) : low;
}

/** Exact below 2^53. */
export function read(octets: Uint8Array, at: number, width: Width): number {
  if (width === 8) return read(octets, at, 4) * 2 ** 32 + read(octets, at + 4, 4);
  let value = 0;
  for (let i = 0; i < width; i++) value = (value << 8) | octets[at + i];
  return value >>> 0;
}

/** Of a time only whole milliseconds. */
export function write(octets: Uint8Array, at: number, width: Width, value: number): void {
  if (width === 8) {
    write(octets, at, 4, value / 2 ** 32);
    write(octets, at + 4, 4, value);
  } else for (let i = 0; i < width; i++) octets[at + i] = value >>> (8 * (width - 1 - i));
}
