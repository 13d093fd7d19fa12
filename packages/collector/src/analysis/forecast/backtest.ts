import { Forecast } from './forecast.js';
import type { ForecastParameters } from './parameters.js';
import { type Anomaly, ENDED } from './watch.js';

/** A series as it is stored. */
export interface StoredSeries {
  /** Milliseconds since the epoch, ascending. */
  readonly time: Float64Array;
  /** NaN where unknown. */
  readonly value: Float64Array;
}

/** What forecasts of a series would have been like. */
export interface Backtest {
  /** For each value what was expected of it one step before, and its bands; NaN where nothing was known yet. */
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The events it would have raised; the last one may go on. */
  readonly anomalies: readonly Anomaly[];
  /** 1 where nothing was judged: not enough history. */
  readonly unjudged: Uint8Array;
}

/** Goes through a series with given parameters. @param given `step` is that of the series */
export function backtest({ time, value }: StoredSeries, given: Partial<ForecastParameters> = {}): Backtest {
  const forecast = new Forecast(given);
  const index = forecast.add();
  const columns = () => new Float64Array(value.length);
  const [expected, lower, upper] = [columns(), columns(), columns()];
  const unjudged = new Uint8Array(value.length);
  const anomalies: Anomaly[] = [];
  for (let i = 0; i < value.length; i++) {
    unjudged[i] = forecast.isJudged(index) ? 0 : 1;
    const change = forecast.observe(index, time[i] as number, value[i] as number);
    expected[i] = forecast.expected[index] as number;
    lower[i] = forecast.lower[index] as number;
    upper[i] = forecast.upper[index] as number;
    if (change === ENDED) anomalies.push(forecast.anomaly(index));
  }
  if (forecast.isUnusual(index)) anomalies.push(forecast.anomaly(index));
  return { expected, lower, upper, anomalies, unjudged };
}
