import { Forecast } from './forecast.js';
import { DAY, type ForecastParameters, WEEK } from './parameters.js';
import { chooseScale, type Scale, scales } from './scale.js';
import { type Anomaly, ENDED, NOTHING } from './watch.js';

/** A series as it is stored. */
export interface StoredSeries {
  /** Milliseconds since the epoch, ascending. */
  readonly time: Float64Array;
  /** NaN where unknown. */
  readonly value: Float64Array;
}

/** What forecasts of a series would have been like. */
export interface Backtest {
  readonly scale: Scale;
  readonly unit: number;
  readonly parameters: Partial<ForecastParameters>;
  /** For each value what was expected of it one step before, and its bands; NaN where nothing was known yet. */
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The events it would have raised; the last one may go on. */
  readonly anomalies: readonly Anomaly[];
  /** 1 where nothing was judged: not enough history. */
  readonly unjudged: Uint8Array;
  /** Mean absolute error outside of anomalies, as a share of the mean value; NaN where nothing was judged. */
  readonly error: number;
}

/** What is tried: how fast the level follows, and whether weeks have anything of their own. */
const LEVELS = [DAY / 4, DAY, 4 * DAY];
/** What other parameters than the given ones have to be better by, as a share: less is chance. */
const MARGIN = 0.02;

/** Goes through a series with given parameters. @param given `step` is that of the series */
export function backtest(
  series: StoredSeries,
  given: Partial<ForecastParameters> = {},
  { scale, unit } = chooseScale(series.value),
): Backtest {
  const { time, value } = series;
  const forecast = new Forecast(given);
  const index = forecast.add(scale, unit);
  const columns = () => new Float64Array(value.length);
  const [expected, lower, upper] = [columns(), columns(), columns()];
  const unjudged = new Uint8Array(value.length);
  const anomalies: Anomaly[] = [];
  let isGoingOn = false;
  for (let i = 0; i < value.length; i++) {
    unjudged[i] = forecast.isJudged(index) ? 0 : 1;
    const change = forecast.observe(index, time[i] as number, value[i] as number);
    expected[i] = forecast.expected[index] as number;
    lower[i] = forecast.lower[index] as number;
    upper[i] = forecast.upper[index] as number;
    if (change !== NOTHING) isGoingOn = change !== ENDED;
    if (change === ENDED) anomalies.push(forecast.anomaly(index));
  }
  if (isGoingOn) anomalies.push(forecast.anomaly(index));
  const usual = usualOf(series, unjudged, anomalies);
  const error = errorOf(series, expected, usual);
  return { scale, unit, parameters: given, expected, lower, upper, anomalies, unjudged, error };
}

/**
 * Chooses scale and parameters for a series by going through it with each: those with the smallest error one step ahead, outside of what the given
 * parameters call anomalies. They are compared on the same values, and the given ones are kept where others are hardly better.
 */
export function chooseByBacktest(series: StoredSeries, given: Partial<ForecastParameters> = {}): Backtest {
  const first = backtest(series, given);
  const usual = usualOf(series, first.unjudged, first.anomalies);
  let best = first;
  let least = errorOf(series, first.expected, usual) * (1 - MARGIN);
  for (const candidate of candidates(given)) {
    for (const scale of scales) {
      const tried = backtest(series, candidate, { scale, unit: first.unit });
      const error = errorOf(series, tried.expected, usual);
      if (error < least) [best, least] = [tried, error];
    }
  }
  return best;
}

function candidates(given: Partial<ForecastParameters>): Partial<ForecastParameters>[] {
  const { seasons } = new Forecast(given).parameters;
  const daily = seasons.filter(({ period }) => period < WEEK);
  return LEVELS.flatMap(levelHalfLife =>
    [seasons, daily].map(each => ({ ...given, levelHalfLife, seasons: each.length > 0 ? each : seasons })),
  );
}

/** 1 where a value was judged and is in no anomaly. */
function usualOf({ time, value }: StoredSeries, unjudged: Uint8Array, anomalies: readonly Anomaly[]): Uint8Array {
  const usual = Uint8Array.from(value, (each, i) => (Number.isNaN(each) || unjudged[i] === 1 ? 0 : 1));
  for (const { start, end = Number.POSITIVE_INFINITY } of anomalies) {
    for (let i = 0; i < usual.length; i++) if ((time[i] as number) >= start && (time[i] as number) <= end) usual[i] = 0;
  }
  return usual;
}

function errorOf({ value }: StoredSeries, expected: Float64Array, usual: Uint8Array): number {
  let errors = 0;
  let sum = 0;
  for (let i = 0; i < value.length; i++) {
    if (usual[i] !== 1) continue;
    errors += Math.abs((value[i] as number) - (expected[i] as number));
    sum += Math.abs(value[i] as number);
  }
  return errors / sum;
}
