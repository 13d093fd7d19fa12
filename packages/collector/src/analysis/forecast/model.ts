import { LocalTime } from '../local-time.js';
import { Columns } from './columns.js';
import { DAY, type ForecastParameters, type SeriesParameters } from './parameters.js';
import { Recurrence } from './recurrence.js';
import { fromScale, type Scale, scales, shareOnScale, toScale } from './scale.js';
import { SeasonClock, slotsOf } from './season-clock.js';

/** The mean absolute error of a normal distribution is its standard deviation over this. */
const MEAN_TO_DEVIATION = Math.sqrt(Math.PI / 2);
/** Values after which an error is measured by those before it. */
const UNMEASURED = 20;

/**
 * What is expected of each series, and what an error teaches: seasonal exponential smoothing in its error-correction form, with several seasons.
 * It has no slope: the level follows within a day, and a slope of minutes, drawn on for a night, would only carry their noise along.
 */
export class Model {
  readonly columns: Columns;
  // Of the series that `predict` was called for, on its scale: what is expected, its deviation, how far the bands are from it, and what of that is
  // for what may be early or late.
  prediction = 0;
  scatter = 0;
  above = 0;
  below = 0;
  slackAbove = 0;
  slackBelow = 0;
  readonly #parameters: ForecastParameters;
  readonly #local: LocalTime;
  readonly #seasons: readonly SeasonClock[];
  readonly #deviations: readonly SeasonClock[];
  readonly #recurrence: Recurrence;
  /** Slots of all seasons; those of deviations are behind them. */
  readonly #seasonRows: number;
  /** Seconds after which all of the week was there. */
  readonly #whole: number;
  readonly #deviationGain: number;
  #time = Number.NaN;

  constructor(parameters: ForecastParameters) {
    const { step, timeZone, seasons, deviations, deviationHalfLife } = parameters;
    this.#parameters = parameters;
    this.#local = new LocalTime(timeZone);
    this.#seasons = seasons.map(season => new SeasonClock(season, step));
    this.#deviations = deviations.map(deviation => new SeasonClock(deviation, step));
    this.#seasonRows = slotsOf(this.#seasons);
    this.#whole = Math.max(...seasons.map(({ period }) => period)) + DAY / 2;
    this.#deviationGain = 1 - 2 ** (-step / deviationHalfLife);
    const rows = this.#seasonRows + slotsOf(this.#deviations);
    const key = JSON.stringify([step, timeZone, seasons, deviations]);
    this.columns = new Columns(rows + Recurrence.rows(this.#seasons), key);
    this.#recurrence = new Recurrence(this.columns, this.#seasons, rows);
  }

  begin(series: number, { scale, unit, levelHalfLife, weekly, width }: SeriesParameters): void {
    const { fields } = this.columns;
    fields.scale[series] = scales.indexOf(scale);
    fields.unit[series] = unit;
    fields.levelGain[series] = 1 - 2 ** (-this.#parameters.step / levelHalfLife);
    fields.weekly[series] = weekly ? 1 : 0;
    fields.width[series] = width;
    fields.lowest[series] = Number.POSITIVE_INFINITY;
    fields.highest[series] = Number.NEGATIVE_INFINITY;
  }

  onScale(series: number, value: number): number {
    const { scale, unit } = this.columns.fields;
    return toScale(scales[scale[series] as number] as Scale, value, unit[series] as number);
  }

  inUnit(series: number, scaled: number): number {
    const { scale, unit } = this.columns.fields;
    return fromScale(scales[scale[series] as number] as Scale, scaled, unit[series] as number);
  }

  /** @param time milliseconds since the epoch */
  moveTo(time: number): void {
    if (time === this.#time) return;
    this.#time = time;
    const local = this.#local.secondsAt(time / 1000);
    for (const season of this.#seasons) season.moveTo(local);
    for (const deviation of this.#deviations) deviation.moveTo(local);
  }

  predict(series: number): void {
    const { fields, capacity, slots } = this.columns;
    let prediction = fields.level[series] as number;
    let row = 0;
    this.slackAbove = 0;
    this.slackBelow = 0;
    for (const season of this.#seasons) {
      const { first, second, weight } = season;
      const one = slots[(row + first) * capacity + series] as number;
      const other = slots[(row + second) * capacity + series] as number;
      const value = one + (other - one) * weight;
      prediction += value;
      if (season.late > 0) this.#allow(series, row, season, value);
      row += season.slots;
    }
    this.prediction = prediction;
    this.#measure(series, row);
  }

  /** What a season has a little earlier or later is allowed for: jobs are not on the minute, and slots not as sharp as they are. */
  #allow(series: number, row: number, { first, second, slots: count, late }: SeasonClock, value: number): void {
    const { capacity, slots } = this.columns;
    let most = value;
    let least = value;
    const length = first === second ? late * 2 - 1 : late * 2;
    for (let i = 0; i < length; i++) {
      const slot = (first - late + 1 + i + count) % count;
      const each = slots[(row + slot) * capacity + series] as number;
      if (each > most) most = each;
      if (each < least) least = each;
    }
    this.slackAbove += most - value;
    this.slackBelow += value - least;
  }

  /** What is left of an error that neither being early nor being late explains. */
  excused(error: number): number {
    return error > 0 ? Math.max(0, error - this.slackAbove) : Math.min(0, error + this.slackBelow);
  }

  /** What is known by time of day, and by time of week, counts the more the more often it was seen; the week's only where it is more. */
  #measure(series: number, seasonRows: number): void {
    const { fields, capacity, slots } = this.columns;
    const { step, leastShare, least } = this.#parameters;
    const width = fields.width[series] as number;
    const seconds = (fields.fresh[series] as number) * step;
    let row = seasonRows;
    let measured = fields.deviation[series] as number;
    for (const { first, second, weight, slots: count, period, prior } of this.#deviations) {
      const periods = Math.floor(seconds / period);
      const one = slots[(row + first) * capacity + series] as number;
      const other = slots[(row + second) * capacity + series] as number;
      const blended = (periods * (one + (other - one) * weight) + prior * measured) / (periods + prior);
      measured = period > DAY ? Math.max(measured, blended) : blended;
      row += count;
    }
    const scale = scales[fields.scale[series] as number] as Scale;
    const narrowest = shareOnScale(scale, this.prediction, leastShare, least, fields.unit[series] as number);
    this.scatter = Math.max(measured, narrowest / width);
    this.above = Math.max(width, fields.upperTail[series] as number) * this.scatter;
    this.below = Math.max(width, fields.lowerTail[series] as number) * this.scatter;
    if ((fields.seen[series] as number) * step < this.#whole) this.#widen(series);
  }

  /** Until a week was seen, nobody knows what its other days are like: what is near what was there at any time is not unusual. */
  #widen(series: number): void {
    const { highest, lowest } = this.columns.fields;
    this.above += Math.max(0, (highest[series] as number) - this.prediction);
    this.below += Math.max(0, this.prediction - (lowest[series] as number));
  }

  /** @param error of what `predict` has expected; scaled */
  learn(series: number, error: number): void {
    const { fields } = this.columns;
    const fresh = fields.fresh[series] as number;
    const isMeasured = fresh >= UNMEASURED && this.scatter > 0;
    const most = isMeasured ? this.#parameters.clip * this.scatter : Number.POSITIVE_INFINITY;
    const clipped = Math.max(-most, Math.min(most, error));
    fields.level[series] += Math.max(fields.levelGain[series] as number, 1 / (fresh + 1)) * clipped;
    this.#learnSeasons(series, clipped);
    this.#recurrence.learn(series, error, clipped);
    this.#learnDeviations(series, Math.abs(clipped) * MEAN_TO_DEVIATION);
    const value = this.prediction + clipped;
    if (value < (fields.lowest[series] as number)) fields.lowest[series] = value;
    if (value > (fields.highest[series] as number)) fields.highest[series] = value;
  }

  #learnSeasons(series: number, error: number): void {
    const { fields, capacity, slots } = this.columns;
    const seconds = (fields.seen[series] as number) * this.#parameters.step;
    const isWeekly = fields.weekly[series] === 1;
    let row = 0;
    for (const season of this.#seasons) {
      const periods = Math.floor(seconds / season.period);
      const { first, second, weight } = season;
      if (season.isOf(isWeekly)) {
        slots[(row + first) * capacity + series] += season.firstGain(periods) * (1 - weight) * error;
        if (weight > 0) slots[(row + second) * capacity + series] += season.secondGain(periods) * weight * error;
      }
      row += season.slots;
    }
  }

  #learnDeviations(series: number, size: number): void {
    const { fields, capacity, slots } = this.columns;
    const fresh = fields.fresh[series] as number;
    const gain = Math.max(this.#deviationGain, 1 / (fresh + 1));
    fields.deviation[series] += gain * (size - (fields.deviation[series] as number));
    let row = this.#seasonRows;
    for (const clock of this.#deviations) {
      const periods = Math.floor((fresh * this.#parameters.step) / clock.period);
      const first = (row + clock.first) * capacity + series;
      const second = (row + clock.second) * capacity + series;
      const { weight } = clock;
      slots[first] += clock.firstGain(periods) * (1 - weight) * (size - (slots[first] as number));
      if (weight > 0) slots[second] += clock.secondGain(periods) * weight * (size - (slots[second] as number));
      row += clock.slots;
    }
  }
}
