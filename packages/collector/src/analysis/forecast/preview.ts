import { type Backtest, backtest } from './backtest.js';
import type { ForecastParameters } from './parameters.js';

/** A series and what was expected of it, so thin that it can be drawn. NaN where unknown. */
export interface Preview {
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly expected: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly anomalies: Backtest['anomalies'];
  /** Whether enough was known at its end. */
  readonly judged: boolean;
}

/** Points of a drawing: each a pixel or two. */
const POINTS = 600;

/**
 * What would have been told of a series, had it been watched from its beginning.
 * @param begin milliseconds since the epoch, of the first value
 * @param values a value a step, NaN where unknown; those before `from` are learnt alone
 */
export function previewOf(
  begin: number,
  values: ArrayLike<number>,
  from: number,
  given: Partial<ForecastParameters> & { readonly step: number },
): Preview {
  const step = 1000 * given.step;
  const time = Float64Array.from(values, (_, i) => begin + i * step);
  const value = Float64Array.from(values);
  const { expected, lower, upper, anomalies, unjudged } = backtest({ time, value }, given);
  const start = Math.max(0, Math.ceil((from - begin) / step));
  const width = Math.max(1, Math.ceil((values.length - start) / POINTS));
  const places = Array.from({ length: Math.ceil((values.length - start) / width) }, (_, i) => start + i * width);
  const thin = (column: Float64Array, of: (part: number[]) => number) =>
    places.map(place => of([...column.subarray(place, place + width)].filter(Number.isFinite)));
  return {
    times: places.map(place => time[place]!),
    values: thin(value, mean),
    expected: thin(expected, mean),
    lower: thin(lower, part => (part.length === 0 ? Number.NaN : Math.min(...part))),
    upper: thin(upper, part => (part.length === 0 ? Number.NaN : Math.max(...part))),
    anomalies: anomalies.filter(({ start: began, end = Number.POSITIVE_INFINITY }) => began >= from || end >= from),
    judged: unjudged.at(-1) === 0,
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
