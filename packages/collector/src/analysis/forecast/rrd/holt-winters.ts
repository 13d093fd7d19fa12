import type { RrdParameters, RrdStart } from './parameters.js';
import { SeasonalArray } from './seasonal-array.js';
import { smooth } from './smooth.js';

/**
 * Holt-Winters forecasting step by step as RRDtool 1.7 to 1.9 does it, to the bit: its beginning, its smoothing, its gaps, its FAILURES. For series
 * that come from there, and as the measure that Weir's own detector is held to. After Brutlag, "Aberrant Behavior Detection in Time Series for
 * Network Monitoring", LISA 2000; what the paper leaves open is as rrd_hw_update.c, rrd_hw.c and rrd_update.c have it, with the archives in
 * the order HWPREDICT, SEASONAL, DEVSEASONAL, DEVPREDICT, FAILURES.
 */
export class RrdHoltWinters {
  /** HWPREDICT: what was predicted for the last step; NaN until a season is known. */
  prediction = Number.NaN;
  /** DEVPREDICT: the deviation that was expected at the last step. */
  deviation = Number.NaN;
  /** FAILURES: whether enough of the last values were outside the bands. */
  failure = false;
  level = Number.NaN;
  slope = Number.NaN;
  readonly seasonal: SeasonalArray;
  readonly deviations: SeasonalArray;
  readonly #parameters: RrdParameters;
  readonly #start: RrdStart;
  readonly #violations: Uint8Array;
  readonly #copy: Float64Array;
  /** Steps since level and slope were known last. */
  #elapsed = 1;
  #levelBefore = Number.NaN;
  #slopeBefore = Number.NaN;

  constructor(parameters: RrdParameters, start: RrdStart = { seasonalRow: -1, deviationRow: -1, smoothRow: 0 }) {
    this.#parameters = parameters;
    this.#start = start;
    this.seasonal = new SeasonalArray(parameters, start.seasonalRow);
    this.deviations = new SeasonalArray(parameters, start.deviationRow);
    this.#violations = new Uint8Array(parameters.window);
    this.#copy = new Float64Array(parameters.period);
  }

  /** The next step of the series; NaN is a value that is not known. */
  observe(value: number): void {
    const isDue = this.#isSmoothingDue(1);
    const elapsed = this.#elapsed;
    const season = this.seasonal.take(2);
    this.#predict(value, season);
    this.seasonal.write(this.#nextSeason(value, season));
    this.deviation = this.deviations.take(2);
    this.deviations.write(this.#nextDeviation(value, season, elapsed));
    this.#judge(value, season, elapsed);
    if (isDue) this.#smoothAll();
  }

  /**
   * A hole of two steps or more that one update closes: nothing is learned of its values, not even that they are unknown. (After two, RRDtool
   * takes the next values of the season one row late; and it does not go around the season's end by more than one season.)
   */
  skip(steps: number): void {
    const isDue = this.#isSmoothingDue(steps);
    if (steps === 2) this.#skipTwo();
    else this.#skipMany(steps);
    for (const array of [this.seasonal, this.deviations]) array.skip(Math.min(steps, this.#parameters.period));
    if (isDue) this.#smoothAll();
  }

  #skipTwo(): void {
    for (const rowsOn of [3, 4]) {
      const elapsed = this.#elapsed;
      const season = this.seasonal.take(rowsOn);
      this.#predict(Number.NaN, season);
      this.deviation = this.deviations.take(rowsOn);
      this.#judge(Number.NaN, season, elapsed);
    }
  }

  #skipMany(steps: number): void {
    this.#elapsed += steps;
    for (const array of [this.seasonal, this.deviations]) array.take(steps + 1);
    this.#violations.fill(0);
    this.prediction = Number.NaN;
    this.deviation = Number.NaN;
    this.failure = false;
  }

  #isSmoothingDue(steps: number): boolean {
    const { smoothRow } = this.#start;
    const isSeasonalDue = this.seasonal.isDue(steps, smoothRow);
    return this.deviations.isDue(steps, smoothRow) || isSeasonalDue;
  }

  #predict(value: number, season: number): void {
    const { model, alpha, beta } = this.#parameters;
    this.#levelBefore = this.level;
    this.#slopeBefore = this.slope;
    this.prediction = Number.NaN;
    if (Number.isNaN(this.level) && !Number.isNaN(value)) {
      this.level = value;
      this.#levelBefore = value;
      this.slope = 0;
      this.#slopeBefore = 0;
      this.#elapsed = 1;
      return;
    }
    if (Number.isNaN(this.level) || Number.isNaN(season)) return;
    const base = this.level + this.slope * this.#elapsed;
    this.prediction = model.combine(base, season);
    if (Number.isNaN(value)) {
      this.#elapsed++;
      return;
    }
    this.level = alpha * model.remove(value, season) + (1 - alpha) * base;
    this.slope = beta * (this.level - this.#levelBefore) + (1 - beta) * this.slope;
    this.#elapsed = 1;
  }

  #nextSeason(value: number, season: number): number {
    const { model, gamma } = this.#parameters;
    if (Number.isNaN(value)) return season;
    if (Number.isNaN(season)) return model.remove(value, this.#levelBefore);
    return gamma * model.remove(value, this.level) + (1 - gamma) * season;
  }

  /** As it was before this step; where it began with this step, that beginning. */
  #predicted(season: number, elapsed: number): number {
    return this.#parameters.model.combine(this.#levelBefore + this.#slopeBefore * elapsed, season);
  }

  #nextDeviation(value: number, season: number, elapsed: number): number {
    const { deviationGamma: gamma } = this.#parameters;
    const predicted = this.#predicted(season, elapsed);
    if (Number.isNaN(this.#levelBefore) || Number.isNaN(season)) return Number.NaN;
    if (Number.isNaN(value)) return this.deviation;
    const error = Math.abs(predicted - value);
    return Number.isNaN(this.deviation) ? error : gamma * error + (1 - gamma) * this.deviation;
  }

  /** An unknown value counts as one outside the bands, once there are bands. */
  #judge(value: number, season: number, elapsed: number): void {
    const { threshold, deltaPositive, deltaNegative } = this.#parameters;
    const predicted = this.#predicted(season, elapsed);
    const isAbove = value > predicted + deltaPositive * this.deviation;
    const isBelow = value < predicted - deltaNegative * this.deviation;
    const isViolation = !Number.isNaN(this.deviation) && (Number.isNaN(value) || isAbove || isBelow);
    this.#violations.copyWithin(1, 0);
    this.#violations[0] = isViolation ? 1 : 0;
    let count = 0;
    for (const each of this.#violations) count += each;
    this.failure = count >= threshold;
  }

  /** What the smooth season is above its middle goes into the level; with MHWPREDICT, too, where it is a factor. */
  #smoothAll(): void {
    const { model, smoothingWindow, deviationSmoothingWindow } = this.#parameters;
    const { values } = this.seasonal;
    const middle = smooth(values, smoothingWindow, this.#copy);
    if (!Number.isNaN(middle)) {
      for (let i = 0; i < values.length; i++) values[i] = model.remove(values[i] as number, middle);
      this.level += middle;
    }
    smooth(this.deviations.values, deviationSmoothingWindow, this.#copy);
  }
}
