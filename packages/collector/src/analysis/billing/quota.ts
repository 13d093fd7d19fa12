import { measured, type Quota } from './account.js';
import { SAMPLE, type Samples } from './samples.js';

/** A percent of the quota that was reached. */
export interface Warning {
  readonly percent: number;
  /** By then: the end of the sample in which it was, milliseconds since the epoch. */
  readonly at: number;
}

/** How a month stands to its quota. */
export interface QuotaUse {
  /** Octets, of what the quota is of. */
  readonly used: bigint;
  /** Which of its warnings were reached, and when. Found anew in the samples each time, so late Flows may bring one forward. */
  readonly warnings: readonly Warning[];
}

/** @param samples of the month so far, earliest first. */
export function quotaUse({ octets, of, warn }: Quota, samples: Samples): QuotaUse {
  const warnings: Warning[] = [];
  let [ofIn, ofOut, used] = [0n, 0n, 0n];
  for (const [i, time] of samples.times.entries()) {
    ofIn += samples.in[i]!;
    ofOut += samples.out[i]!;
    used = measured(of, ofIn, ofOut);
    for (let next = warn[warnings.length]; next !== undefined; next = warn[warnings.length]) {
      if (used * 100n < octets * BigInt(next)) break;
      warnings.push({ percent: next, at: time + SAMPLE });
    }
  }
  return { used, warnings };
}
