import type { Forecast } from '../forecast/forecast.js';
import { type EventSubject, type EventUnit, keyOf } from './event.js';
import type { Finding } from './finding.js';
import { unitOf, type WatchedMeasure } from './measures.js';

/** Milliseconds without a look after which an event that went on has ended. */
const PATIENCE = 600_000;

/** What differs by less from what was expected concerns nobody, however unusual it is: where there is hardly any traffic, one page loaded is. */
const LEAST: Partial<Record<EventUnit, number>> = { 'bit/s': 100_000 };

/** What there is to tell of a series now: who watches it, and who looks what would have been told, ask here. */
export function anomalyOf(
  forecast: Forecast,
  series: number,
  { name, filter, place }: EventSubject,
  measure: WatchedMeasure,
): Finding | undefined {
  if (!forecast.isUnusual(series)) return undefined;
  const { start, size, expected } = forecast.anomaly(series);
  const unit = unitOf[measure];
  if (Math.abs(size - expected) < (LEAST[unit] ?? 0)) return undefined;
  const subject = { name, filter, ...(place === undefined ? {} : { place }) };
  return {
    ...{ key: `anomaly ${measure} ${keyOf(subject)}`, kind: 'anomaly', measure, subject },
    ...{ start, last: forecast.lastUnusual(series), size, expected, unit },
    ...{ strength: 1, patience: PATIENCE },
  };
}
