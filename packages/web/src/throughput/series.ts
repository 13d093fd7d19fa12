import type { SeriesResponse } from '../api/types.js';

/** Minutes that the plot can show. */
export const RANGES = [5, 15, 60] as const;
export type Range = (typeof RANGES)[number];

/** Bucket length in seconds for each range: 240 to 300 buckets, so that each is a few pixels wide. */
export const STEP: Record<Range, number> = { 5: 1, 15: 3, 60: 15 };

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

/** The buckets that a range shows at a time: whole ones, the last one holding `now`. */
export function bucketsOf(range: Range, now: number): Buckets {
  const step = STEP[range] * 1000;
  const to = Math.floor(now / step) * step + step;
  return { from: to - range * 60_000, to, step };
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

/** The next of 1, 1.5, 2, 3, 5, 7.5, 10 times a power of ten: an axis that does not move with every second. */
export function ceilNice(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 1.5, 2, 3, 5, 7.5]) {
    if (value <= factor * power * 1.000001) return factor * power;
  }
  return 10 * power;
}

/** Axis from out (below zero) to in (above), each side at least a fifth of the other, never empty. Bit/s. */
export function axisRange(mostOut: number, mostIn: number): [number, number] {
  const least = Math.max(mostIn, mostOut, 1000) / 5;
  return [-ceilNice(Math.max(mostOut * 1.05, least)), ceilNice(Math.max(mostIn * 1.05, least))];
}
