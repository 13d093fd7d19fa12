import { type Backtest, backtest, type StoredSeries } from './backtest.js';
import { DAY, defaultParameters, type ForecastParameters, HOUR, type SeriesParameters } from './parameters.js';
import { chooseScale } from './scale.js';

/** How fast the level follows: between the first and the last of them what is found of known events hardly changes. */
export const levelHalfLives: readonly number[] = [6 * HOUR, DAY, 4 * DAY];
/** Days that parameters are compared on, each by itself: one of each kind of day. */
const COMPARED = 7;
/** Days before them, that are learnt alone. */
const LEARNT = 7;
/** What of a day's steps must be known for it to say anything. */
const KNOWN = 1 / 6;
/** What other parameters have to be better by, as a share of the error: less is worth nothing. */
const MARGIN = 0.05;

/**
 * Chooses parameters for a series by going through it with each candidate. The scale is the one that it scatters evenly on (`chooseScale`); of the others
 * those with the least error one step ahead, outside of what is unusual. What was expected of a step is never made of that step, so no candidate is judged by what
 * it has learnt. And others than the usual ones are taken only where they are better on each of the last seven days: by chance that happens to
 * one in 128 (sign test). They are few, and none is far from the usual ones.
 * @param series two weeks of it at least; of less the usual ones are kept
 * @param given what is fixed is not chosen; `step` is that of the series
 */
export function chooseParameters(series: StoredSeries, given: Partial<ForecastParameters> = {}): SeriesParameters {
  const { scale, unit } = chooseScale(series.value);
  const { levelHalfLife, weekly, width } = { ...defaultParameters, ...given };
  const usual: SeriesParameters = {
    scale: given.scale ?? scale,
    unit: given.unit ?? unit,
    levelHalfLife,
    weekly,
    width,
  };
  const candidates = candidatesOf(usual, given);
  if (candidates.length === 0 || spanOf(series) < (LEARNT + COMPARED - 0.5) * DAY) return usual;
  const compared = new Comparison(series, backtest(series, { ...given, ...usual }));
  let chosen = usual;
  let most = MARGIN;
  for (const candidate of candidates) {
    const gain = compared.gainOf(backtest(series, { ...given, ...candidate }));
    if (gain > most) [chosen, most] = [candidate, gain];
  }
  return chosen;
}

/** All that are not the usual ones, as far as nothing is fixed. */
function candidatesOf(usual: SeriesParameters, given: Partial<ForecastParameters>): SeriesParameters[] {
  const levels = given.levelHalfLife === undefined ? levelHalfLives : [given.levelHalfLife];
  const weeks = given.weekly === undefined ? [true, false] : [given.weekly];
  return levels
    .flatMap(levelHalfLife => weeks.map(weekly => ({ ...usual, levelHalfLife, weekly })))
    .filter(({ levelHalfLife, weekly }) => levelHalfLife !== usual.levelHalfLife || weekly !== usual.weekly);
}

/** Seconds from the first known value to the end. */
function spanOf({ time, value }: StoredSeries): number {
  const first = value.findIndex(each => !Number.isNaN(each));
  return first < 0 ? 0 : ((time.at(-1) as number) - (time[first] as number)) / 1000;
}

/** How forecasts of a series are beside the usual ones, on values that were judged and are in no event of theirs. */
class Comparison {
  readonly #series: StoredSeries;
  /** Of each value the day that it is compared on; -1 for none. */
  readonly #days: Int8Array;
  readonly #least: number;
  readonly #errors: readonly number[];

  constructor(series: StoredSeries, usual: Backtest) {
    const { time, value } = series;
    const end = time.at(-1) as number;
    this.#series = series;
    this.#least = (KNOWN * value.length * DAY * 1000) / (end - (time[0] as number));
    this.#days = Int8Array.from(value, (each, i) => {
      const before = Math.floor((end - (time[i] as number)) / (DAY * 1000));
      return Number.isNaN(each) || usual.unjudged[i] === 1 || before >= COMPARED ? -1 : before;
    });
    for (const { start, end: last = end } of usual.anomalies) {
      for (let i = 0; i < value.length; i++) {
        if ((time[i] as number) >= start && (time[i] as number) <= last) this.#days[i] = -1;
      }
    }
    this.#errors = this.#errorsOf(usual);
  }

  /** By how much less the errors are, as a share; 0 where they are not less on each day, or a day says nothing. */
  gainOf(tried: Backtest): number {
    const errors = this.#errorsOf(tried);
    if (!errors.every((error, day) => error < (this.#errors[day] as number))) return 0;
    return 1 - sum(errors) / sum(this.#errors);
  }

  /** The mean absolute error of each day; NaN where too little is known of it. */
  #errorsOf({ expected }: Backtest): number[] {
    const { value } = this.#series;
    const errors = Array<number>(COMPARED).fill(0);
    const counts = Array<number>(COMPARED).fill(0);
    for (let i = 0; i < value.length; i++) {
      const day = this.#days[i] as number;
      if (day < 0) continue;
      errors[day]! += Math.abs((value[i] as number) - (expected[i] as number));
      counts[day]!++;
    }
    return errors.map((error, day) => (counts[day]! < this.#least ? Number.NaN : error / counts[day]!));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
