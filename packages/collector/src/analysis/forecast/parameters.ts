import type { Scale } from './scale.js';

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
export const WEEK = 604_800;

/** A pattern that comes back. Several of them are added up, as in Taylor's double seasonal method (J. Oper. Res. Soc. 54, 2003). */
export interface Season {
  /** Seconds of local time, counted from Monday 0:00. */
  readonly period: number;
  /** Values that the period has; between them it goes straight. At most one a step. */
  readonly slots: number;
  /** Seconds after which half of it is new. */
  readonly halfLife: number;
  /** Periods that its beginning counts for as "nothing of note": many keep noise out of narrow slots. */
  readonly prior: number;
  /** Slots that something of its own may come early or late, in which case it is not unusual; 0: it has nothing but its shape. */
  readonly late: number;
}

/** What may be another for each series. */
export interface SeriesParameters {
  readonly scale: Scale;
  /** Of the logarithmic scale: values well below it are all alike; above 0. */
  readonly unit: number;
  /** Seconds after which half of the level is new. */
  readonly levelHalfLife: number;
  /** Whether weeks have anything of their own. */
  readonly weekly: boolean;
  /** Deviations at which the bands are, at least. */
  readonly width: number;
}

/** How series are forecast and judged. Times are in seconds, so that they mean the same whatever the step. */
export interface ForecastParameters extends SeriesParameters {
  /** From one value to the next. */
  readonly step: number;
  /** IANA name; seasons go by its local time. */
  readonly timeZone: string;
  readonly seasons: readonly Season[];
  /** Deviations from what is expected, each by its slots; its prior are periods that what was known before it counts for. */
  readonly deviations: readonly Season[];
  /** Of the deviation of all times. */
  readonly deviationHalfLife: number;
  /** Share of the steps that are outside the bands where nothing is wrong, on either side; heavy tails widen the bands until it holds. */
  readonly outside: number;
  /** Deviations beyond which nothing is learned of an error. Gelper, Fried and Croux, "Robust forecasting with exponential and Holt-Winters smoothing", 2010. */
  readonly clip: number;
  /** The bands are at least so wide, as a share of what is expected. */
  readonly leastShare: number;
  /** And at least so wide in the unit of the series. */
  readonly least: number;
  /** Seconds of history without which nothing is judged. */
  readonly learning: number;
  /** How far outside, in bands and summed up over steps, it takes to begin an event. */
  readonly evidence: number;
  /** Seconds without anything outside after which an event is over. */
  readonly quiet: number;
  /** Seconds after which an event is what is usual from now on. */
  readonly adopt: number;
}

/**
 * For traffic in steps of a minute. An hour's slots learn the shape of a day in two days, those of five minutes its jobs in a week, and the
 * week what its days have of their own. Values are not finely tuned: docs/explanation/anomalies.md has what changes with them.
 */
export const defaultParameters: ForecastParameters = {
  step: MINUTE,
  timeZone: 'UTC',
  scale: 'root',
  unit: 1,
  levelHalfLife: DAY,
  weekly: true,
  width: 3.25,
  seasons: [
    { period: DAY, slots: 24, halfLife: 14 * DAY, prior: 0, late: 0 },
    { period: DAY, slots: 288, halfLife: 14 * DAY, prior: 3, late: 2 },
    { period: WEEK, slots: 168, halfLife: 14 * DAY, prior: 0, late: 1 },
  ],
  deviations: [
    { period: DAY, slots: 24, halfLife: 8 * DAY, prior: 1, late: 0 },
    { period: WEEK, slots: 168, halfLife: 14 * DAY, prior: 2, late: 0 },
  ],
  deviationHalfLife: 8 * DAY,
  outside: 0.002,
  clip: 2.5,
  leastShare: 0.1,
  least: 0,
  learning: 2 * DAY,
  evidence: 0.3,
  quiet: HOUR,
  adopt: DAY,
};
