import { type DataType, type InformationElement, isInteger, naturalLength, type ValueRange } from './types.js';

/** Lowest and highest value. */
export type Bounds = readonly [lowest: bigint, highest: bigint];

/** What an integer type can hold; undefined for all other types. */
export function boundsOfType(type: DataType): Bounds | undefined {
  if (!isInteger(type)) return undefined;
  const bits = 8n * BigInt(naturalLength(type));
  return type.startsWith('signed') ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

/** The values that an element may have: its own range, else that of its type; undefined where it is no integer. */
export function boundsOf({ type, range }: Pick<InformationElement, 'type' | 'range'>): Bounds | undefined {
  return range === undefined ? boundsOfType(type) : [BigInt(range[0]), BigInt(range[1])];
}

/** An integer as decodeRecords gives it: a number, decimal text beyond 2^53-1. */
export function exactInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

const NUMBER = '-?\\d{1,78}|0x[\\da-f]{1,64}';
const RANGE = new RegExp(`^(${NUMBER})-(${NUMBER})$`, 'i');

/** "0-32" or "0-0xFFFFF", as the registry writes ranges; undefined where the text is none. */
export function parseRange(text: string): ValueRange | undefined {
  const parts = RANGE.exec(text);
  return parts === null ? undefined : [exactInteger(BigInt(parts[1]!)), exactInteger(BigInt(parts[2]!))];
}

/** Whether a range is one: integers that the type can hold, the lowest first. */
export function rangeFits(type: DataType, range: unknown): range is ValueRange {
  const bounds = boundsOfType(type);
  if (bounds === undefined || !Array.isArray(range) || range.length !== 2 || !range.every(isExact)) return false;
  const [lowest, highest] = [BigInt(range[0]), BigInt(range[1])];
  return bounds[0] <= lowest && lowest <= highest && highest <= bounds[1];
}

function isExact(value: unknown): value is number | string {
  return typeof value === 'string' ? /^-?\d{1,78}$/.test(value) : Number.isSafeInteger(value);
}
