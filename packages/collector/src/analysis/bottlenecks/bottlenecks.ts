/** One direction of an interface: samples of equal length, in the order of time. */
export interface Load {
  /** Bit/s. */
  readonly rates: readonly number[];
  /** Median round trip of handshakes that began by this interface, milliseconds; NaN where there were none. */
  readonly roundTrips: readonly number[];
  /** Bit/s, where somebody has said it. */
  readonly capacity: number | undefined;
}

/**
 * `full`: it reaches its capacity; `queueing`: round trips grow with the load, which queues do before a link is full; `busy`: near its capacity for part
 * of the time; `fine`: none of these; `unknown`: no capacity is known, and round trips do not tell.
 */
export type Verdict = 'full' | 'queueing' | 'busy' | 'fine' | 'unknown';

export interface Bottleneck {
  readonly verdict: Verdict;
  /** Bit/s: given; or `learned`, where the load has a ceiling that it reaches again and again. */
  readonly capacity?: number;
  readonly learned: boolean;
  /** Bit/s. */
  readonly mean: number;
  readonly p95: number;
  readonly peak: number;
  /** Of the capacity, the 95th percentile. */
  readonly used?: number;
  /** Share of the time above four fifths of the capacity. */
  readonly busyShare?: number;
  /** Milliseconds: medians of round trips where the load is in its lower half, and in its highest twentieth. */
  readonly calmRoundTrip?: number;
  readonly busyRoundTrip?: number;
}

/** Samples without which nothing is learned: half a day of five minutes. */
const LEAST = 144;
/** A ceiling: so many of the samples are within so much of the largest one, and so many times as many as in the next such band: the crest of a day has 2.4 times as many. */
const CEILING_SHARE = 0.02;
const CEILING_WIDTH = 0.02;
const PILED_UP = 4;
const FULL = 0.95;
const BUSY = 0.8;
/** Of the time above `BUSY`, to be called busy. */
const BUSY_SHARE = 0.05;
/** Round trips under load as many times as long as else, and by so many milliseconds, are a queue. */
const QUEUE_FACTOR = 2;
const QUEUE_MILLISECONDS = 5;
/** Samples with round trips that either side of the comparison needs. */
const LEAST_TRIPS = 6;

/** What a load says of its link. */
export function judge({ rates, roundTrips, capacity: given }: Load): Bottleneck {
  const ascending = [...rates].sort((a, b) => a - b);
  const [p95, peak] = [quantile(ascending, 0.95), ascending.at(-1) ?? 0];
  const ceiling = given === undefined ? ceilingOf(ascending) : undefined;
  const capacity = given ?? ceiling;
  const trips = tripsOf(rates, roundTrips, ascending);
  const busyShare = capacity === undefined ? undefined : shareAbove(rates, BUSY * capacity);
  return {
    verdict: verdictOf(capacity === undefined ? undefined : { used: p95 / capacity, busyShare: busyShare! }, trips),
    learned: ceiling !== undefined,
    ...{ mean: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length), p95, peak },
    ...(capacity !== undefined && { capacity, used: p95 / capacity, busyShare: busyShare! }),
    ...(trips !== undefined && { calmRoundTrip: trips.calm, busyRoundTrip: trips.busy }),
  };
}

const order: readonly Verdict[] = ['full', 'queueing', 'busy', 'unknown', 'fine'];

/** The worst first; of those that are alike the one that is used most. */
export function ranked<T extends Bottleneck>(bottlenecks: readonly T[]): T[] {
  return [...bottlenecks].sort(
    (a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || (b.used ?? 0) - (a.used ?? 0) || b.p95 - a.p95,
  );
}

interface Trips {
  readonly calm: number;
  readonly busy: number;
}

function verdictOf(use: { used: number; busyShare: number } | undefined, trips: Trips | undefined): Verdict {
  if (use !== undefined && use.used >= FULL) return 'full';
  if (trips !== undefined && trips.busy >= QUEUE_FACTOR * trips.calm && trips.busy - trips.calm >= QUEUE_MILLISECONDS)
    return 'queueing';
  if (use !== undefined && use.busyShare >= BUSY_SHARE) return 'busy';
  return use === undefined ? 'unknown' : 'fine';
}

/** The middle of the highest values where they are near each other, as those of a link are that is full again and again. */
function ceilingOf(ascending: readonly number[]): number | undefined {
  const peak = ascending.at(-1) ?? 0;
  if (ascending.length < LEAST || peak === 0) return undefined;
  const near = ascending.filter(rate => rate >= (1 - CEILING_WIDTH) * peak);
  const below = ascending.filter(rate => rate >= (1 - 2 * CEILING_WIDTH) * peak).length - near.length;
  if (near.length < PILED_UP * below) return undefined;
  // What is always the same is no limit, but a stream.
  if (near.length < CEILING_SHARE * ascending.length || near.length > ascending.length / 2) return undefined;
  return quantile(near, 0.5);
}

function tripsOf(
  rates: readonly number[],
  roundTrips: readonly number[],
  ascending: readonly number[],
): Trips | undefined {
  const [middle, high] = [quantile(ascending, 0.5), quantile(ascending, 0.95)];
  if (!(high > middle)) return undefined;
  const of = (fits: (rate: number) => boolean) =>
    roundTrips.filter((trip, i) => Number.isFinite(trip) && fits(rates[i]!)).sort((a, b) => a - b);
  const [calm, busy] = [of(rate => rate <= middle), of(rate => rate >= high)];
  if (calm.length < LEAST_TRIPS || busy.length < LEAST_TRIPS) return undefined;
  return { calm: quantile(calm, 0.5), busy: quantile(busy, 0.5) };
}

/** By the nearest rank; 0 where there are no values. */
function quantile(ascending: readonly number[], level: number): number {
  return ascending[Math.max(0, Math.ceil(level * ascending.length) - 1)] ?? 0;
}

function shareAbove(values: readonly number[], bound: number): number {
  return values.length === 0 ? 0 : values.filter(value => value > bound).length / values.length;
}
