import { expect, test } from 'vitest';
import { parseTime } from './time.js';

const now = Date.UTC(2026, 0, 31, 12);

test.each([
  ['now', now],
  ['-15m', now - 900_000],
  ['-1d', now - 86_400_000],
  ['+5s', now + 5000],
  ['-250ms', now - 250],
  ['-20y', now - 20 * 31_557_600_000],
  ['-2000y', 0],
  ['1769860800000', 1_769_860_800_000],
  ['2026-01-31T12:00:00Z', now],
  ['2026-01-31T13:00:00.5+01:00', now + 500],
  ['2026-01-31 12:00:00z', now],
  ['2026-01-31', Date.UTC(2026, 0, 31)],
])('%s', (text, time) => {
  expect(parseTime(text, now)).toBe(time);
});

test.each(['', 'yesterday', '-5', '-5x', '15m', '2026-13-01', '2026-01-31T12:00:00', '12:00', '-1e3s'])(
  '%j is no time',
  text => {
    expect(parseTime(text, now)).toBeUndefined();
  },
);
