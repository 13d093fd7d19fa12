import type { Summary } from '../api/types.js';
import { formatDuration } from '../format/time.js';
import { formatCount } from '../format/units.js';

/** The share of Flows that were answered, of those whose records can tell; undefined where none can. */
export function answeredShare({ answered, unanswered }: Summary): number | undefined {
  return answered + unanswered > 0 ? answered / (answered + unanswered) : undefined;
}

/** Flows that have up to so much of something, and more than the bucket before. */
export interface Bucket {
  /** Null is what is above all that is told apart. */
  upTo: number | null;
  flows: number;
}

/** A column of a histogram: its height from 0 to 1. */
export interface Column extends Bucket {
  height: number;
}

/** The columns of a histogram; none where it has no Flow. */
export function columnsOf(histogram: readonly Bucket[]): Column[] {
  const most = Math.max(0, ...histogram.map(({ flows }) => flows));
  return most === 0 ? [] : histogram.map(({ upTo, flows }) => ({ upTo, flows, height: flows / most }));
}

/** A round trip in milliseconds: in a local network it is less than one. */
export function formatRoundTrip(ms: number): string {
  return ms < 1 ? `${formatCount(Math.round(ms * 1000))} µs` : formatDuration(ms);
}
