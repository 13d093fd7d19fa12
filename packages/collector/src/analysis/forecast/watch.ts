import type { Columns } from './columns.js';
import type { Model } from './model.js';
import { DAY, type ForecastParameters, HOUR, MINUTE } from './parameters.js';

/** What a value has changed: an event of the series began with it, or is over. */
export const NOTHING = 0;
export const BEGAN = 1;
export const ENDED = 2;
export type Change = typeof NOTHING | typeof BEGAN | typeof ENDED;

/** Something unusual of a series. */
export interface Anomaly {
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Of the last value outside; absent while it goes on. */
  readonly end?: number;
  /** The value farthest outside, in the unit of the series, and what was expected instead. */
  readonly size: number;
  readonly expected: number;
}

/** In steps of two minutes and less it takes two values outside in a row: one minute alone is often a matter of where it was cut. */
const LONGEST_PAIRED = 2 * MINUTE;
/** What one value adds to the evidence at most, and what one inside takes from it, in bands. */
const MOST_EVIDENCE = 3;
const LOST_EVIDENCE = 0.3;
/** By how much of itself the estimate of a tail moves, and where it begins. */
const TAIL_STEP = 0.02;
const FIRST_TAIL = 2.6;
/** Milliseconds of an event that count for the tail. */
const TAIL_OF_EVENT = 10 * MINUTE * 1000;
/** Values, and seconds, that a level taken anew is a mean of before anything is judged. */
const SETTLING = 20;
const SETTLING_TIME = HOUR;
/** Seconds of values other than zero without which nothing is known of a series' size. */
const NOT_ZERO = 6 * HOUR;

/** What is unusual of each series: evidence is gathered, and values outside that are near each other are one event. */
export class Watch {
  readonly #model: Model;
  readonly #columns: Columns;
  readonly #parameters: ForecastParameters;
  readonly #isPaired: boolean;
  readonly #settling: number;
  readonly #tailUp: number;
  readonly #tailDown: number;

  constructor(model: Model, parameters: ForecastParameters) {
    const { step, outside } = parameters;
    this.#model = model;
    this.#columns = model.columns;
    this.#parameters = parameters;
    this.#isPaired = step <= LONGEST_PAIRED;
    this.#settling = Math.max(SETTLING, SETTLING_TIME / step);
    this.#tailUp = Math.exp(TAIL_STEP * (1 - outside));
    this.#tailDown = Math.exp(-TAIL_STEP * outside);
  }

  /** Whether enough is known of a series for its values to be judged. */
  isJudged(series: number): boolean {
    const { seen, notZero, fresh } = this.#columns.fields;
    const { step, learning } = this.#parameters;
    const isLearned = (seen[series] as number) * step >= learning && (notZero[series] as number) * step >= NOT_ZERO;
    return isLearned && (fresh[series] as number) >= this.#settling;
  }

  begin(series: number): void {
    const { upperTail, lowerTail } = this.#columns.fields;
    upperTail[series] = FIRST_TAIL;
    lowerTail[series] = FIRST_TAIL;
  }

  /** @param error of what the model has expected of the value; scaled */
  judge(series: number, time: number, value: number, error: number): Change {
    const deviations = this.#deviations(series, error);
    const { above, below, scatter } = this.#model;
    const size = Math.abs(deviations) * scatter;
    const outside = size === 0 ? 0 : size / (deviations > 0 ? above : below);
    const change = this.isJudged(series) ? this.#weigh(series, time, value, outside) : NOTHING;
    const { isOpen, seen, start } = this.#columns.fields;
    const isYoung = isOpen[series] === 0 || time - (start[series] as number) < TAIL_OF_EVENT;
    const isTypical = isYoung && (seen[series] as number) * this.#parameters.step >= DAY;
    if (isTypical) this.#learnTails(series, deviations);
    return change;
  }

  /** The smaller one of this error and the one before, where both are on one side. */
  #deviations(series: number, error: number): number {
    const { previous } = this.#columns.fields;
    const { scatter } = this.#model;
    const now = scatter > 0 ? error / scatter : 0;
    const before = previous[series] as number;
    previous[series] = now;
    if (!this.#isPaired) return now;
    return now > 0 ? Math.max(0, Math.min(now, before)) : Math.min(0, Math.max(now, before));
  }

  #weigh(series: number, time: number, value: number, outside: number): Change {
    const { evidence, isOpen, start, outsideAt, excess } = this.#columns.fields;
    if (outside <= 1) {
      evidence[series] = Math.max(0, (evidence[series] as number) - LOST_EVIDENCE);
      return NOTHING;
    }
    if (isOpen[series] === 0 && evidence[series] === 0) {
      start[series] = time - (this.#isPaired ? this.#parameters.step * 1000 : 0);
      excess[series] = 0;
    }
    outsideAt[series] = time;
    evidence[series] += Math.min(outside - 1, MOST_EVIDENCE);
    if (outside > (excess[series] as number)) this.#keepWorst(series, value, outside);
    if (isOpen[series] === 1 || (evidence[series] as number) < this.#parameters.evidence) return NOTHING;
    isOpen[series] = 1;
    return BEGAN;
  }

  #keepWorst(series: number, value: number, outside: number): void {
    const { worst, usual, excess } = this.#columns.fields;
    worst[series] = value;
    usual[series] = this.#model.inUnit(series, this.#model.prediction);
    excess[series] = outside;
  }

  /** Quantiles of the errors on either side, by stochastic approximation; what belongs to an event says nothing of them. */
  #learnTails(series: number, deviations: number): void {
    const { upperTail, lowerTail } = this.#columns.fields;
    upperTail[series] *= deviations > (upperTail[series] as number) ? this.#tailUp : this.#tailDown;
    lowerTail[series] *= -deviations > (lowerTail[series] as number) ? this.#tailUp : this.#tailDown;
    if ((upperTail[series] as number) < 1) upperTail[series] = 1;
    if ((lowerTail[series] as number) < 1) lowerTail[series] = 1;
  }

  /** An event is over when nothing was outside for a while, and when it has lasted so long that it is what is usual now. */
  endOfEvent(series: number, time: number): Change {
    const { isOpen, start, outsideAt, evidence } = this.#columns.fields;
    if (isOpen[series] === 0) return NOTHING;
    const { quiet, adopt } = this.#parameters;
    const isQuiet = Math.abs(time - (outsideAt[series] as number)) >= quiet * 1000;
    const isUsual = time - (start[series] as number) >= adopt * 1000;
    if (!isQuiet && !isUsual) return NOTHING;
    isOpen[series] = 0;
    evidence[series] = 0;
    if (!isQuiet) this.settle(series);
    return ENDED;
  }

  /** The level is taken anew, and nothing is judged until then. */
  settle(series: number): void {
    const { fresh, evidence, previous } = this.#columns.fields;
    fresh[series] = 0;
    evidence[series] = 0;
    previous[series] = 0;
  }

  anomaly(series: number): Anomaly {
    const { start, outsideAt, worst, usual, isOpen } = this.#columns.fields;
    const anomaly = {
      start: start[series] as number,
      size: worst[series] as number,
      expected: usual[series] as number,
    };
    return isOpen[series] === 1 ? anomaly : { ...anomaly, end: outsideAt[series] as number };
  }
}
