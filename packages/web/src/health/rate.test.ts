import { expect, test } from 'vitest';
import { RateWindow } from './rate.js';

test('the rate is that of the window, not of all time', () => {
  const rate = new RateWindow(10_000);
  expect(rate.add(0, 500)).toBe(0);
  expect(rate.add(1000, 600)).toBe(100);
  for (let s = 2; s <= 30; s++) rate.add(s * 1000, 600 + (s - 1) * 20);
  expect(rate.add(31_000, 600 + 30 * 20)).toBe(20);
});

test('a counter that falls starts anew instead of giving a negative rate', () => {
  const rate = new RateWindow(10_000);
  rate.add(0, 1000);
  expect(rate.add(1000, 10)).toBe(0);
  expect(rate.add(2000, 40)).toBe(30);
});
