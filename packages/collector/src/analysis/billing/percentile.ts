import { measured } from './account.js';
import { SAMPLE, type Samples } from './samples.js';

/** Bits per second. */
export interface Percentiles {
  readonly in: number;
  readonly out: number;
  /** The larger one of both. */
  readonly max: number;
  /** Of what both directions had together in each sample. */
  readonly sum: number;
}

/**
 * Percentiles of all samples of a time, those without traffic as zero.
 * @param samples of that time.
 * @param count how many samples that time has, with or without traffic.
 */
export function percentilesOf(samples: Samples, count: number, percent: number): Percentiles {
  const rate = (values: readonly bigint[]) => rateOf(percentile(values, count, percent));
  const [ofIn, ofOut] = [rate(samples.in), rate(samples.out)];
  return {
    ...{ in: ofIn, out: ofOut, max: Math.max(ofIn, ofOut) },
    sum: rate(samples.in.map((octets, i) => measured('sum', octets, samples.out[i]!))),
  };
}

/**
 * By the nearest rank: the smallest value that so many percent of the values are not above. Of a hundred values the 95th percentile is what is left when
 * the five largest are taken away. Zero where there are no values.
 * @param values some of them; the others, up to `count`, are zero.
 * @param percent 1 to 100, whole.
 */
export function percentile(values: readonly bigint[], count: number, percent: number): bigint {
  const rank = Math.ceil((count * percent) / 100);
  const zeros = count - values.length;
  if (rank <= zeros) return 0n;
  return [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[rank - zeros - 1]!;
}

function rateOf(octets: bigint): number {
  return (Number(octets) * 8000) / SAMPLE;
}
