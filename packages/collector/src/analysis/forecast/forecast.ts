import type { Columns } from './columns.js';
import { Model } from './model.js';
import { DAY, defaultParameters, type ForecastParameters, HOUR, type SeriesParameters } from './parameters.js';
import { type Anomaly, type Change, NOTHING, Watch } from './watch.js';

/** A clock that goes back less says times again that were there already; one that goes back more was set. */
const LATE = HOUR * 1000;
/** Values of this size are not measured, and single precision cannot hold them. */
const TOO_LARGE = 1e30;
/** Milliseconds without a value after which the level may be another one. */
const LONG_GAP = DAY * 1000;

/**
 * Forecasts of many series, step by step, and what is unusual in them. Nothing is allocated by a step. The index of a series is what `add` gave.
 * How it works: docs/explanation/anomalies.md.
 */
export class Forecast {
  readonly parameters: ForecastParameters;
  /** What was expected of the last value, and its bands, in the unit of the series; NaN before the first one. */
  expected = new Float64Array(0);
  lower = new Float64Array(0);
  upper = new Float64Array(0);
  readonly #model: Model;
  readonly #watch: Watch;
  readonly #columns: Columns;

  constructor(parameters: Partial<ForecastParameters> = {}) {
    this.parameters = { ...defaultParameters, ...parameters };
    this.#model = new Model(this.parameters);
    this.#watch = new Watch(this.#model, this.parameters);
    this.#columns = this.#model.columns;
  }

  get size(): number {
    return this.#columns.size;
  }

  /** Octets that the state of all series takes. */
  get octets(): number {
    return this.#columns.octets + 3 * this.expected.byteLength;
  }

  /** @param own what of it is not as for all @returns the index of a new series */
  add(own: Partial<SeriesParameters> = {}): number {
    const series = this.#columns.add();
    this.#fit();
    this.reset(series, own);
    return series;
  }

  /** Forgets a series: its index is another one's from now on. */
  reset(series: number, own: Partial<SeriesParameters> = {}): void {
    this.#columns.clear(series);
    this.#model.begin(series, { ...this.parameters, ...own });
    this.#watch.begin(series);
    for (const column of [this.expected, this.lower, this.upper]) column[series] = Number.NaN;
  }

  /** Whether enough is known of a series for its values to be judged; if not, there is not enough history. */
  isJudged(series: number): boolean {
    return this.#watch.isJudged(series);
  }

  /** The event that goes on; or, until the next value, the one that `observe` has just told the end of. */
  anomaly(series: number): Anomaly {
    return this.#watch.anomaly(series);
  }

  /**
   * The value of a step for all series. @param values NaN where unknown @param changed gets the series of which an event began or is over; has
   * room for all @returns how many those are
   */
  observeAll(time: number, values: ArrayLike<number>, changed: Int32Array): number {
    let count = 0;
    for (let series = 0; series < this.#columns.size; series++) {
      if (this.observe(series, time, values[series] as number) !== NOTHING) changed[count++] = series;
    }
    return count;
  }

  /**
   * The next value of a series. @param time milliseconds since the epoch, of the beginning of the step; one that was there already says nothing
   * @param value in the unit of the series; NaN where unknown
   */
  observe(series: number, time: number, value: number): Change {
    if (!this.#isNext(series, time)) return NOTHING;
    this.look(series, time);
    const change = Math.abs(value) < TOO_LARGE ? this.#take(series, time, value) : NOTHING;
    return change === NOTHING ? this.#watch.endOfEvent(series, time) : change;
  }

  /**
   * Learns from stored values, as at a start: as if they had come one by one, but nothing is told of them. An event that they end with goes on.
   * @param time milliseconds since the epoch, ascending @param value NaN where unknown
   */
  learn(series: number, time: ArrayLike<number>, value: ArrayLike<number>): void {
    for (let i = 0; i < value.length; i++) this.observe(series, time[i] as number, value[i] as number);
  }

  /** Whether an event of the series goes on. */
  isUnusual(series: number): boolean {
    return this.#columns.fields.isOpen[series] === 1;
  }

  /** Milliseconds since the epoch: of the last value of its event that was outside the bands. */
  lastUnusual(series: number): number {
    return this.#columns.fields.outsideAt[series] as number;
  }

  /** What is expected at any time, as if nothing came before it; into `expected`, `lower` and `upper`. */
  look(series: number, time: number): void {
    const model = this.#model;
    model.moveTo(time);
    model.predict(series);
    const isNew = this.#columns.fields.seen[series] === 0;
    this.expected[series] = isNew ? Number.NaN : model.inUnit(series, model.prediction);
    this.lower[series] = isNew ? Number.NaN : model.inUnit(series, model.prediction - model.slackBelow - model.below);
    this.upper[series] = isNew ? Number.NaN : model.inUnit(series, model.prediction + model.slackAbove + model.above);
  }

  /** The state of all series, for the machine that it was made on. */
  toBytes(): Uint8Array {
    return this.#columns.toBytes();
  }

  /** Replaces all series. Throws WeirError where the bytes are not the state of such forecasts, and changes nothing. */
  fromBytes(bytes: Uint8Array): void {
    this.#columns.fromBytes(bytes);
    this.#fit();
  }

  #take(series: number, time: number, value: number): Change {
    const { fields } = this.#columns;
    // Before its first traffic it was not there yet.
    if (fields.seen[series] === 0 && value === 0) return NOTHING;
    fields.last[series] = time;
    const scaled = this.#model.onScale(series, value);
    if (fields.seen[series] === 0) {
      fields.level[series] = scaled;
      this.#model.predict(series);
    }
    const error = scaled - this.#model.prediction;
    const change = this.#watch.judge(series, time, value, this.#model.excused(error));
    this.#model.learn(series, error);
    fields.seen[series]++;
    fields.fresh[series]++;
    if (value !== 0) fields.notZero[series]++;
    return change;
  }

  #isNext(series: number, time: number): boolean {
    const { last, seen } = this.#columns.fields;
    const since = seen[series] === 0 ? 1 : time - (last[series] as number);
    if (since <= 0 && since > -LATE) return false;
    if (since <= 0 || since > LONG_GAP) this.#watch.settle(series);
    return true;
  }

  #fit(): void {
    const { capacity } = this.#columns;
    if (this.expected.length === capacity) return;
    for (const name of ['expected', 'lower', 'upper'] as const) {
      const column = new Float64Array(capacity).fill(Number.NaN);
      column.set(this[name].subarray(0, capacity));
      this[name] = column;
    }
  }
}
