import { Forecast } from '../forecast/forecast.js';
import type { ForecastParameters } from '../forecast/parameters.js';
import { anomalyOf } from './anomaly.js';
import type { EventChange, EventSubject, TrafficEvent } from './event.js';
import { Journal } from './journal.js';
import type { WatchedMeasure } from './measures.js';

/** A series and what was expected of it, so thin that it can be drawn. NaN where unknown. */
export interface Preview {
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly expected: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** What would have been told, the oldest first; the last one may go on. */
  readonly events: readonly TrafficEvent[];
  /** Whether enough was known at its end. */
  readonly judged: boolean;
}

/** A series, and how it is told of. */
export interface PreviewOptions {
  readonly subject: EventSubject;
  readonly measure: WatchedMeasure;
  /** Milliseconds since the epoch: of the first value, and from when on it is told of: what is before is learnt alone. */
  readonly begin: number;
  readonly from: number;
  readonly parameters: Partial<ForecastParameters> & { readonly step: number };
}

/** Points of a drawing: each a pixel or two. */
const POINTS = 600;

/**
 * What would have been told of a series, had it been watched from its beginning: its values go the same way, one by one, through forecast and journal.
 * @param values a value a step, NaN where unknown
 */
export function previewOf(values: Float64Array, options: PreviewOptions): Preview {
  const { subject, measure, begin, from, parameters } = options;
  const step = 1000 * parameters.step;
  const forecast = new Forecast(parameters);
  const series = forecast.add();
  const columns = () => new Float64Array(values.length);
  const [expected, lower, upper] = [columns(), columns(), columns()];
  const told = new Told();
  for (const [i, value] of values.entries()) {
    const time = begin + i * step;
    forecast.observe(series, time, value);
    expected[i] = forecast.expected[series] as number;
    lower[i] = forecast.lower[series] as number;
    upper[i] = forecast.upper[series] as number;
    if (time >= from) told.take(anomalyOf(forecast, series, subject, measure), time + step);
  }
  const first = Math.max(0, Math.ceil((from - begin) / step));
  return {
    ...drawn({ values, expected, lower, upper }, { first, begin, step }),
    ...{ events: told.events, judged: values.length > 0 && forecast.isJudged(series) },
  };
}

/** What becomes of findings. */
class Told {
  readonly #journal = new Journal();
  readonly #ended: TrafficEvent[] = [];

  take(finding: ReturnType<typeof anomalyOf>, now: number): void {
    const changes = [
      ...this.#journal.observe(finding === undefined ? [] : [finding], now),
      ...this.#journal.expire(now),
    ];
    this.#ended.push(...changes.filter(isEnd).map(({ event }) => event));
  }

  get events(): TrafficEvent[] {
    return [...this.#ended, ...this.#journal.open.map(({ event }) => event)];
  }
}

function isEnd({ what }: EventChange): boolean {
  return what === 'ended';
}

type Columns = Record<'values' | 'expected' | 'lower' | 'upper', Float64Array>;

function drawn(
  { values, expected, lower, upper }: Columns,
  { first, begin, step }: Record<'first' | 'begin' | 'step', number>,
) {
  const width = Math.max(1, Math.ceil((values.length - first) / POINTS));
  const places = Array.from(
    { length: Math.ceil(Math.max(0, values.length - first) / width) },
    (_, i) => first + i * width,
  );
  const thin = (column: Float64Array, of: (part: number[]) => number) =>
    places.map(place => of([...column.subarray(place, place + width)].filter(Number.isFinite)));
  return {
    times: places.map(place => begin + place * step),
    values: thin(values, mean),
    expected: thin(expected, mean),
    lower: thin(lower, part => (part.length === 0 ? Number.NaN : Math.min(...part))),
    upper: thin(upper, part => (part.length === 0 ? Number.NaN : Math.max(...part))),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
