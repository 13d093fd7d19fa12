import type { LabelledSeries, Window } from './series.js';

/** What a detector made of labelled series. */
export interface Score {
  readonly windows: number;
  readonly found: number;
  readonly falseAlarms: number;
  /** From the beginning of a window to its first alarm, as a share of the window; of those found, in order. */
  readonly delays: readonly number[];
  /** 0 for a detector that says nothing, 100 for one that tells each window at its very beginning, and below 0 for one that is worse than nothing. */
  readonly score: number;
}

/** Values at the beginning that are only learned from: so many of them, and no more than of 5,000. */
const PROBATION = 0.15;
const MOST_PROBATION = 750;
/** What a false alarm costs beside a window: the standard profile. */
const FALSE_ALARM = 0.11;
/** Windows behind a window from where on an alarm is as false as any. */
const FAR = 3;

/**
 * The scoring of the Numenta Anomaly Benchmark (Lavin and Ahmad, ICMLA 2015; standard profile): of a window its first alarm counts, the more the
 * earlier it is; a missed window costs as much as one gives; each alarm elsewhere costs 0.11, and less close behind a window.
 * @param alarms of each series, indexes of values, ascending
 */
export function nabScore(series: readonly LabelledSeries[], alarms: readonly (readonly number[])[]): Score {
  const parts = series.map((each, i) => partOf(each, alarms[i] ?? []));
  const windows = parts.reduce((sum, part) => sum + part.windows, 0);
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  return {
    windows,
    found: parts.reduce((sum, part) => sum + part.delays.length, 0),
    falseAlarms: parts.reduce((sum, part) => sum + part.falseAlarms, 0),
    delays: parts.flatMap(part => part.delays).sort((a, b) => a - b),
    score: (100 * (total + windows)) / (2 * windows),
  };
}

interface Span {
  readonly first: number;
  readonly last: number;
}

function partOf(series: LabelledSeries, alarms: readonly number[]) {
  const spans = series.windows.map(window => spanOf(series.time, window));
  const probation = Math.min(Math.floor(PROBATION * series.time.length), MOST_PROBATION);
  const scored = alarms.filter(alarm => alarm >= probation);
  const firsts = spans.map(({ first, last }) => scored.find(alarm => alarm >= first && alarm <= last));
  const isFalse = (alarm: number) => !spans.some(({ first, last }) => alarm >= first && alarm <= last);
  const falseAlarms = scored.filter(isFalse);
  const gains = spans.map((span, i) => gainOf(span, firsts[i]));
  const delays = spans.flatMap(({ first, last }, i) => {
    const alarm = firsts[i];
    return alarm === undefined ? [] : [(alarm - first) / (last - first)];
  });
  const costs = falseAlarms.reduce((sum, alarm) => sum + costOf(spans, alarm), 0);
  const total = gains.reduce((sum, gain) => sum + gain, 0) - costs;
  return { windows: spans.length, falseAlarms: falseAlarms.length, delays, total };
}

function spanOf(time: Float64Array, { start, end }: Window): Span {
  return { first: countBelow(time, start), last: countBelow(time, end + 1) - 1 };
}

/** How many times are before a time, by halving. */
function countBelow(time: Float64Array, limit: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function gainOf({ first, last }: Span, alarm: number | undefined): number {
  if (alarm === undefined) return -1;
  const width = last - first + 1;
  return sigmoid(-(last - alarm + 1) / width) / sigmoid(-1);
}

function costOf(spans: readonly Span[], alarm: number): number {
  const before = spans.filter(({ last }) => last < alarm).at(-1);
  if (before === undefined) return FALSE_ALARM;
  return -FALSE_ALARM * sigmoid((alarm - before.last) / (before.last - before.first));
}

/** @param position in windows: -1 at the beginning of one, 0 at its end */
function sigmoid(position: number): number {
  return position > FAR ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
