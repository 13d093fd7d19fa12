/** How RRDtool makes a prediction out of its parts. What cannot be is NaN, as there. */
export interface RrdModel {
  combine(level: number, season: number): number;
  /** What is left of a value without the other part. */
  remove(value: number, part: number): number;
}

export const additive: RrdModel = {
  combine: (level, season) => level + season,
  remove: (value, part) => value - part,
};

export const multiplicative: RrdModel = {
  combine: (level, season) => level * season,
  remove: (value, part) => (part <= 0 ? Number.NaN : value / part),
};

/** The arguments of rrdcreate(1) for HWPREDICT or MHWPREDICT, SEASONAL, DEVSEASONAL, DEVPREDICT and FAILURES, in this order. */
export interface RrdParameters {
  readonly model: RrdModel;
  /** How fast level, slope, season and deviation follow, 0 to 1. */
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly deviationGamma: number;
  /** Steps of a season. */
  readonly period: number;
  /** `smoothing-window` of SEASONAL and of DEVSEASONAL. */
  readonly smoothingWindow: number;
  readonly deviationSmoothingWindow: number;
  /** A failure is `threshold` values outside the bands among the last `window`; 1 to 28. */
  readonly threshold: number;
  readonly window: number;
  /** Deviations above and below the prediction at which the bands are. */
  readonly deltaPositive: number;
  readonly deltaNegative: number;
}

/** What rrdcreate(1) has as its example and its defaults: steps of five minutes, a season of a day. */
export const rrdDefaults: RrdParameters = {
  model: additive,
  alpha: 0.1,
  beta: 0.0035,
  gamma: 0.1,
  deviationGamma: 0.1,
  period: 288,
  smoothingWindow: 0.05,
  deviationSmoothingWindow: 0.05,
  threshold: 7,
  window: 9,
  deltaPositive: 2,
  deltaNegative: 2,
};

/** Where RRDtool begins in its arrays: it draws rows at random when a file is created, and takes the time of smoothing from the file's name. */
export interface RrdStart {
  /** Rows written last, before the first step. */
  readonly seasonalRow: number;
  readonly deviationRow: number;
  readonly smoothRow: number;
}
