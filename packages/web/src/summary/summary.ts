import type { Summary } from '../api/types.js';

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

/** The columns of the round trips, without the empty ones at both ends. */
export function columnsOf({ roundTrip }: Summary): Column[] {
  const histogram = roundTrip?.histogram ?? [];
  const filled = histogram.map(({ flows }) => flows > 0);
  const kept = histogram.slice(Math.max(0, filled.indexOf(true)), filled.lastIndexOf(true) + 1);
  const most = Math.max(1, ...kept.map(({ flows }) => flows));
  return kept.map(({ upTo, flows }) => ({ upTo, flows, height: flows / most }));
}
