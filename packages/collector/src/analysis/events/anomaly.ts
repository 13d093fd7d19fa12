import type { Forecast } from '../forecast/forecast.js';
import { type EventSubject, keyOf } from './event.js';
import type { Finding } from './finding.js';
import { unitOf, type WatchedMeasure } from './measures.js';

/** Milliseconds without a look after which an event that went on has ended. */
const PATIENCE = 600_000;

/** What there is to tell of a series now: who watches it, and who looks what would have been told, ask here. */
export function anomalyOf(
  forecast: Forecast,
  series: number,
  { name, filter, place }: EventSubject,
  measure: WatchedMeasure,
): Finding | undefined {
  if (!forecast.isUnusual(series)) return undefined;
  const { start, size, expected } = forecast.anomaly(series);
  const subject = { name, filter, ...(place === undefined ? {} : { place }) };
  return {
    ...{ key: `anomaly ${measure} ${keyOf(subject)}`, kind: 'anomaly', measure, subject },
    ...{ start, last: forecast.lastUnusual(series), size, expected, unit: unitOf[measure] },
    ...{ strength: 1, patience: PATIENCE },
  };
}
