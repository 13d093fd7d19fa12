/** Milliseconds of a sample. Months of every zone begin at a multiple of it. */
export const SAMPLE = 300_000;

/** What an account's directions had in samples of five minutes, earliest first; columns of one length. Samples without traffic are left out. */
export interface Samples {
  /** Beginnings, milliseconds since the epoch. */
  readonly times: readonly number[];
  /** Octets. */
  readonly in: readonly bigint[];
  readonly out: readonly bigint[];
  /** Between two ends that are both inside the account: neither in nor out. */
  readonly within: readonly bigint[];
}

/** Octets of a time. */
export interface Volume {
  readonly in: bigint;
  readonly out: bigint;
  readonly within: bigint;
}

/** How many samples have begun in [from, to). */
export function samplesIn(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / SAMPLE));
}

/** The sum of those that begin in [from, to). */
export function volumeOf(samples: Samples, from: number, to: number): Volume {
  const sum = { in: 0n, out: 0n, within: 0n };
  for (const [i, time] of samples.times.entries()) {
    if (time < from || time >= to) continue;
    sum.in += samples.in[i]!;
    sum.out += samples.out[i]!;
    sum.within += samples.within[i]!;
  }
  return sum;
}
