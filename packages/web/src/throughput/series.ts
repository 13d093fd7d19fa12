import type { SeriesResponse } from '../api/types.js';
import type { Span } from '../state/view.js';

/** Bucket lengths in seconds. Whole hours where the sums of hours suffice, which the store keeps. */
const STEPS = [1, 3, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000];
/** So many buckets are a few pixels wide each. */
const BUCKETS = 300;

/** A flow may take this many milliseconds from the probe's report to the store (pacing, batching, insert). */
export const DELIVERY = 3_000;

const COLUMNS = ['inOctets', 'outOctets', 'inPackets', 'outPackets'] as const;

/** A span of whole buckets, in milliseconds; `to` is not part of it. */
export interface Buckets {
  from: number;
  to: number;
  /** Milliseconds. */
  step: number;
}

/** The buckets that show a span: whole ones, the last one holding its end where that is now. */
export function bucketsOf({ from, to, live }: Span): Buckets {
  const step = (STEPS.find(seconds => (to - from) / 1000 / seconds <= BUCKETS) ?? STEPS.at(-1)!) * 1000;
  const last = live ? Math.floor(to / step) + 1 : Math.ceil(to / step);
  const count = live ? Math.ceil((to - from) / step) : last - Math.floor(from / step);
  return { from: (last - count) * step, to: last * step, step };
}

/** Where to ask again from when records beginning at `from` were stored: the start of that bucket, within the window. */
export function askFrom(from: number, window: Buckets): number {
  const start = Math.floor(from / window.step) * window.step;
  return Math.min(Math.max(start, window.from), window.to - window.step);
}

/**
 * The series of `window`: from `asked` on what `fresh` says, before that what `kept` said. Dense: a bucket of which
 * neither knows is zero.
 */
export function mergeSeries(
  kept: SeriesResponse | undefined,
  fresh: SeriesResponse,
  asked: number,
  window: Buckets,
): SeriesResponse {
  const step = window.step / 1000;
  const usable = kept?.step === step ? kept : undefined;
  const freshAt = new Map(fresh.times.map((time, i) => [time, i]));
  const keptAt = new Map(usable?.times.map((time, i) => [time, i]) ?? []);
  const merged: SeriesResponse = { step, times: [], inOctets: [], outOctets: [], inPackets: [], outPackets: [] };
  for (let time = window.from; time < window.to; time += window.step) {
    const source = time >= asked ? fresh : usable;
    const i = (time >= asked ? freshAt : keptAt).get(time);
    merged.times.push(time);
    for (const column of COLUMNS) merged[column].push(i === undefined ? 0 : (source?.[column][i] ?? 0));
  }
  return merged;
}

/** The buckets that are `shift` milliseconds before `shown`, and a tenth more: they stay the same for a while as time goes on. */
export function earlierThan(shown: Buckets, shift: number): Buckets {
  const { step } = shown;
  const most = Math.max(step, Math.ceil((shown.to - shown.from) / 10 / step) * step);
  const from = Math.floor((shown.from - shift) / most) * most;
  return { from, to: from + Math.ceil((shown.to - shown.from) / most + 2) * most, step };
}

/** What `earlier` has `shift` milliseconds before each bucket of `shown`; 0 where it has nothing. */
export function aligned(earlier: SeriesResponse, shown: SeriesResponse, shift: number): SeriesResponse {
  const at = new Map(earlier.times.map((time, i) => [time + shift, i]));
  const series: SeriesResponse = { ...shown };
  for (const column of COLUMNS) {
    series[column] = shown.times.map(time => {
      const i = at.get(time);
      return i === undefined ? 0 : earlier[column][i]!;
    });
  }
  return series;
}

/** Index of the newest bucket that no interim report can change any more, -1 if there is none. */
export function newestComplete(series: SeriesResponse, now: number, activeTimeout: number): number {
  const until = now - activeTimeout - DELIVERY;
  let i = series.times.length - 1;
  while (i >= 0 && series.times[i]! + series.step * 1000 > until) i--;
  return i;
}

/** Whether there was any traffic at all. */
export function isEmpty(series: SeriesResponse): boolean {
  return series.inOctets.every(v => v === 0) && series.outOctets.every(v => v === 0);
}
