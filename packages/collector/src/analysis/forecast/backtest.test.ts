import { expect, test } from 'vitest';
import { backtest } from './backtest.js';
import { synthetic } from './testing/synthetic.js';

test('it has what was expected of each value, its bands, and the events', () => {
  const series = synthetic('office', 3, 28);
  const { expected, lower, upper, anomalies, unjudged } = backtest(series);
  expect(unjudged.subarray(0, 2880).every(each => each === 1)).toBe(true);
  expect(unjudged.subarray(2880).some(each => each === 1)).toBe(false);
  for (let i = 1; i < expected.length; i++) {
    if (!(lower[i]! <= expected[i]! && expected[i]! <= upper[i]!)) throw new Error(`no band around value ${i}`);
  }
  const isOf = (start: number) => series.windows.some(window => start >= window.start - 60_000 && start <= window.end);
  expect(anomalies.filter(({ start }) => isOf(start)).length).toBeGreaterThanOrEqual(series.windows.length - 1);
});

test('of too little nothing is judged, and nothing raised', () => {
  const time = Float64Array.from({ length: 500 }, (_, i) => i * 60_000);
  const { anomalies, unjudged } = backtest({ time, value: new Float64Array(500).fill(3) });
  expect(anomalies).toEqual([]);
  expect(unjudged.every(each => each === 1)).toBe(true);
  expect(backtest({ time: new Float64Array(0), value: new Float64Array(0) }).anomalies).toEqual([]);
});
