import type { Summary } from '../api/types.js';
import { formatDuration } from '../format/time.js';
import { formatCount } from '../format/units.js';

/** The share of Flows that were answered, of those whose records can tell; undefined where none can. */
export function answeredShare({ answered, unanswered }: Summary): number | undefined {
  return answered + unanswered > 0 ? answered / (answered + unanswered) : undefined;
}

/** A column of the histogram: its height from 0 to 1. */
export interface Column {
  /** Milliseconds; null is what took longer than all that is told apart. */
  upTo: number | null;
  flows: number;
  height: number;
}

/** The columns of the round trips; none where no Flow has one. */
export function columnsOf({ roundTrip }: Summary): Column[] {
  const histogram = roundTrip?.histogram ?? [];
  const most = Math.max(0, ...histogram.map(({ flows }) => flows));
  return most === 0 ? [] : histogram.map(({ upTo, flows }) => ({ upTo, flows, height: flows / most }));
}

/** A round trip in milliseconds: in a local network it is less than one. */
export function formatRoundTrip(ms: number): string {
  return ms < 1 ? `${formatCount(Math.round(ms * 1000))} µs` : formatDuration(ms);
}
