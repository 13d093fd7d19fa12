import type { Spread } from './verdict.js';

/** How far the told values of one flow, or of some with one key, are from the true ones. */
export interface FoundError {
  error: number;
  key: string;
}

/**
 * Absolute errors of as many pairs as the smaller side has. Both sides are multisets: what belongs to what is not known, so sorted values are
 * held against each other, and where one side has more, each of the smaller against the nearest that is left.
 */
export function pairErrors(a: readonly number[], b: readonly number[]): number[] {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  const [small, large] = [few, many].map(each => [...each].sort((x, y) => x - y));
  let at = 0;
  return small!.map((value, i) => {
    const last = large!.length - (small!.length - i);
    while (at < last && Math.abs(large![at + 1]! - value) <= Math.abs(large![at]! - value)) at++;
    return Math.abs(large![at++]! - value);
  });
}

/** @returns undefined where there is none */
export function spreadOf(errors: readonly FoundError[]): Spread | undefined {
  if (errors.length === 0) return undefined;
  const sorted = sortedErrors(errors);
  return { median: sorted[sorted.length >> 1]!, largest: sorted.at(-1)! };
}

export function sortedErrors(errors: readonly FoundError[]): number[] {
  return errors.map(({ error }) => error).sort((a, b) => a - b);
}

/** The same curve by at most `points` points, first and last among them. */
export function thinned(sorted: readonly number[], points = 400): number[] {
  if (sorted.length <= points) return [...sorted];
  return Array.from({ length: points }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (points - 1))]!);
}
