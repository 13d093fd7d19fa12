import { chooseParameters } from '../choice.js';
import { Forecast } from '../forecast.js';
import type { ForecastParameters } from '../parameters.js';
import { RrdHoltWinters } from '../rrd/holt-winters.js';
import { additive, multiplicative, type RrdParameters, rrdDefaults } from '../rrd/parameters.js';
import { BEGAN } from '../watch.js';
import type { LabelledSeries } from './series.js';

/** Indexes of values: where an alarm begins, and all that are called unusual. */
export interface Alarms {
  readonly begun: readonly number[];
  readonly values: readonly number[];
}

/** Parameters are chosen by the values of the first days, as at a start with stored flows. */
const DAYS_TO_CHOOSE_BY = 14;

export function weirAlarms(series: LabelledSeries, parameters: Partial<ForecastParameters> = {}): Alarms {
  const { time, value, step } = series;
  const forecast = new Forecast({ step, ...parameters });
  const count = (DAYS_TO_CHOOSE_BY * 86_400) / step;
  const first = { time: time.subarray(0, count), value: value.subarray(0, count) };
  const index = forecast.add(chooseParameters(first, { step, ...parameters }));
  const begun: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < value.length; i++) {
    if (forecast.observe(index, time[i] as number, value[i] as number) === BEGAN) begun.push(i);
    const isOutside = !(
      (value[i] as number) <= forecast.upper[index]! && (value[i] as number) >= forecast.lower[index]!
    );
    if (isOutside && forecast.anomaly(index).end === undefined) values.push(i);
  }
  return { begun, values };
}

/** FAILURES; missing steps are unknown values, as after an update that came late. */
export function rrdAlarms({ time, value, step }: LabelledSeries, parameters: RrdParameters): Alarms {
  const model = new RrdHoltWinters(parameters);
  const begun: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const missing = i === 0 ? 0 : Math.round(((time[i] as number) - (time[i - 1] as number)) / (step * 1000)) - 1;
    const wasFailure = model.failure;
    for (let j = 0; j < missing; j++) model.observe(Number.NaN);
    model.observe(value[i] as number);
    if (model.failure) values.push(i);
    if (model.failure && !wasFailure) begun.push(i);
  }
  return { begun, values };
}

/** Parameters of a season of a day or a week, in a grid that has what is usually advised and what is around it. */
export function rrdGrid(): ((step: number) => RrdParameters)[] {
  const product = <A, B>(some: readonly A[], others: readonly B[]) =>
    some.flatMap(a => others.map(b => ({ ...a, ...b })));
  const models = [{ model: additive }, { model: multiplicative }];
  const alphas = [0.002, 0.01, 0.05, 0.1].map(alpha => ({ alpha }));
  const betas = [0, 0.0035].map(beta => ({ beta }));
  const gammas = [0.1, 0.3, 0.5].map(gamma => ({ gamma, deviationGamma: gamma }));
  const deltas = [2, 3, 4, 5].map(delta => ({ deltaPositive: delta, deltaNegative: delta }));
  const windows = [
    [1, 1],
    [3, 5],
    [7, 9],
  ].map(([threshold = 1, window = 1]) => ({ threshold, window }));
  const seasons = [86_400, 604_800].map(season => ({ season }));
  const all = product(
    product(product(product(product(models, alphas), betas), gammas), deltas),
    product(windows, seasons),
  );
  return all.map(({ season, ...given }) => step => ({ ...rrdDefaults, ...given, period: season / step }));
}
