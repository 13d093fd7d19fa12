import { expect, test } from 'vitest';
import { axisRange, ceilNice } from './axis.js';

test('the axis holds the data, is never empty, and shows both sides', () => {
  expect(ceilNice(1)).toBe(1);
  expect(ceilNice(1.2e6)).toBe(1.5e6);
  expect(ceilNice(7.6e3)).toBe(1e4);
  const [bottom, top] = axisRange(0, 84e6);
  expect(top).toBeGreaterThanOrEqual(84e6);
  expect(bottom).toBeLessThanOrEqual(-84e6 / 5);
  expect(axisRange(0, 0)[1]).toBeGreaterThan(0);
});
