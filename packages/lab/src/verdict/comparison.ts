import type { FoundError } from './errors.js';

/** What differs between truth and exported records. */
export interface Comparison {
  /** Keys; a key stands there as often as its flows. */
  lost: string[];
  duplicated: string[];
  invented: string[];
  octets: FoundError[];
  packets: FoundError[];
  start: FoundError[];
  end: FoundError[];
}

export const emptyComparison = (): Comparison => ({
  lost: [],
  duplicated: [],
  invented: [],
  octets: [],
  packets: [],
  start: [],
  end: [],
});

export const counterPairs = [
  ['octets', 'reverseOctets'],
  ['packets', 'reversePackets'],
] as const;

/** The values of all; undefined where one of them is not known. */
export function valuesOf<T>(all: readonly T[], pick: (each: T) => number | undefined): number[] | undefined {
  const values = all.map(pick);
  return values.includes(undefined) ? undefined : (values as number[]);
}

export function addErrors(found: FoundError[], key: string, errors: readonly number[]): void {
  for (const error of errors) found.push({ error, key });
}

/** The sum; undefined where nothing was told. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((sum, value) => (value === undefined ? sum : (sum ?? 0) + value), undefined);
}

/** The least and the largest; undefined where nothing was told. */
export function leastOf(values: readonly (number | undefined)[]): number | undefined {
  return extreme(values, Math.min);
}

export function largestOf(values: readonly (number | undefined)[]): number | undefined {
  return extreme(values, Math.max);
}

function extreme(values: readonly (number | undefined)[], of: (a: number, b: number) => number): number | undefined {
  return values.reduce((found, value) => (value === undefined ? found : of(found ?? value, value)), undefined);
}
