import type { Account, Definition, Measure } from './account.js';
import { daysOf, type Month } from './months.js';
import { type Percentiles, percentilesOf } from './percentile.js';
import { quotaUse, type Warning } from './quota.js';
import { type Samples, samplesIn, type Volume, volumeOf } from './samples.js';

/** Octets; text where a JSON number cannot hold them exactly. */
export type Octets = number | string;

export interface Octet3 {
  readonly in: Octets;
  readonly out: Octets;
  readonly within: Octets;
}

/** What an account had in a month: JSON, as it is kept and told. Times are milliseconds since the epoch. */
export interface Statement {
  readonly account: string;
  /** 2026-10 */
  readonly month: string;
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  /** Until when it counts: `to`, or earlier in a month that goes on. */
  readonly until: number;
  readonly octets: Octet3;
  /** Samples of five minutes, and how many of them had no traffic. */
  readonly samples: number;
  readonly emptySamples: number;
  readonly percentile: { readonly percent: number; readonly of: Measure; readonly billed: number } & Percentiles;
  readonly quota?: StatedQuota;
  readonly days: readonly ({ readonly date: string } & Octet3)[];
  readonly definition: Definition;
  /** Since when the account has that definition. */
  readonly definedAt: number;
  /** Where later than `from`: Flows that were received before may be missing. */
  readonly countedFrom: number;
}

export interface StatedQuota {
  readonly octets: Octets;
  readonly of: Measure;
  readonly used: Octets;
  /** 1 where all of it is used. */
  readonly share: number;
  readonly warnings: readonly Warning[];
}

/** What is known of an account beside its settings. */
export interface Known {
  readonly definedAt: number;
  readonly countedFrom: number;
}

/**
 * What an account had in a month.
 * @param samples those that begin in the month.
 * @param now of a month that goes on, so much has passed.
 */
export function statementOf(account: Account, known: Known, month: Month, samples: Samples, now: number): Statement {
  const { from, to } = month;
  const until = Math.max(from, Math.min(to, now));
  // A clock that is ahead may have told of samples that have not begun.
  const count = Math.max(samplesIn(from, until), samples.times.length);
  const { percentile: percent, percentileOf, quota, timeZone, name, definition } = account;
  const percentiles = percentilesOf(samples, count, percent);
  return {
    ...{ account: name, month: month.name, from, to, timeZone, until },
    octets: told(volumeOf(samples, from, to)),
    ...{ samples: count, emptySamples: count - samples.times.length },
    percentile: { percent, of: percentileOf, billed: percentiles[percentileOf], ...percentiles },
    ...(quota === undefined ? {} : { quota: statedQuota(quota, samples) }),
    days: daysOf(account, month)
      .filter(day => day.from < until)
      .map(day => ({ date: day.date, ...told(volumeOf(samples, day.from, day.to)) })),
    ...{ definition, definedAt: known.definedAt, countedFrom: known.countedFrom },
  };
}

function statedQuota(quota: NonNullable<Account['quota']>, samples: Samples): StatedQuota {
  const { used, warnings } = quotaUse(quota, samples);
  return {
    ...{ octets: exactly(quota.octets), of: quota.of, used: exactly(used) },
    share: Number((used * 1_000_000n) / quota.octets) / 1_000_000,
    warnings,
  };
}

function told(volume: Volume): Octet3 {
  return { in: exactly(volume.in), out: exactly(volume.out), within: exactly(volume.within) };
}

function exactly(octets: bigint): Octets {
  return Number.isSafeInteger(Number(octets)) ? Number(octets) : String(octets);
}

/** What came to an account's month after a statement of it: late Flows, and what they changed. */
export function changeSince(before: Octet3, now: Octet3): Octet3 {
  const change = (name: keyof Octet3) => exactly(BigInt(now[name]) - BigInt(before[name]));
  return { in: change('in'), out: change('out'), within: change('within') };
}
