import { expect, test } from 'vitest';
import { Timer } from './timer.js';

test('is due once per period', () => {
  const timer = new Timer(100, 1000);
  expect([999, 1000, 1001, 1099, 1100, 1150].map(now => timer.isDue(now))).toEqual([
    false,
    true,
    false,
    false,
    true,
    false,
  ]);
});

test('stays on its grid after a pause', () => {
  const timer = new Timer(100, 1000);
  expect([timer.isDue(1234), timer.due, timer.isDue(1299), timer.isDue(1300)]).toEqual([true, 1300, false, true]);
});
