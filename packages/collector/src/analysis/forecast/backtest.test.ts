import { expect, test } from 'vitest';
import { backtest, chooseByBacktest } from './backtest.js';
import { DAY } from './parameters.js';
import { synthetic } from './testing/synthetic.js';

test('a preview has what was expected of each value, its bands, and the events', () => {
  const series = synthetic('office', 3, 28);
  const { expected, lower, upper, anomalies, unjudged, error } = backtest(series);
  expect(unjudged.subarray(0, 2880).every(each => each === 1)).toBe(true);
  expect(unjudged.subarray(2880).some(each => each === 1)).toBe(false);
  for (let i = 1; i < expected.length; i++) {
    if (!(lower[i]! <= expected[i]! && expected[i]! <= upper[i]!)) throw new Error(`no band around value ${i}`);
  }
  const isOf = (start: number) => series.windows.some(window => start >= window.start - 60_000 && start <= window.end);
  expect(anomalies.filter(({ start }) => isOf(start)).length).toBeGreaterThanOrEqual(series.windows.length - 1);
  expect(error).toBeGreaterThan(0.05);
  expect(error).toBeLessThan(0.3);
});

test('parameters are chosen that forecast better, and as far as possible those given', () => {
  const series = synthetic('link', 4, 28);
  const given = { levelHalfLife: 200 * DAY };
  const chosen = chooseByBacktest(series, given);
  expect(chosen.error).toBeLessThan(backtest(series, given).error);
  expect(chosen.parameters.levelHalfLife).toBeLessThanOrEqual(4 * DAY);
  const kept = chooseByBacktest(series);
  expect(kept.error).toBeLessThanOrEqual(backtest(series).error);
});

test('of too little nothing is judged, nothing raised, and nothing chosen', () => {
  const short = {
    time: Float64Array.from({ length: 500 }, (_, i) => i * 60_000),
    value: new Float64Array(500).fill(3),
  };
  const { anomalies, unjudged, error, parameters } = chooseByBacktest(short);
  expect([anomalies, error, parameters]).toEqual([[], Number.NaN, {}]);
  expect(unjudged.every(each => each === 1)).toBe(true);
  expect(chooseByBacktest({ time: new Float64Array(0), value: new Float64Array(0) }).anomalies).toEqual([]);
});
