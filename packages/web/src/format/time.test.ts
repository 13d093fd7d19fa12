import { describe, expect, test } from 'vitest';
import { formatAgo, formatDuration, formatLatency, formatMoment } from './time.js';

describe('durations', () => {
  test.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [340.4, '340 ms'],
    [1000, '1.0 s'],
    [4240, '4.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [65_000, '1 min 5 s'],
    [3_599_000, '59 min 59 s'],
    [3_600_000, '1 h'],
    [7_380_000, '2 h 3 min'],
    [86_400_000, '1 d'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

test('a short time keeps three digits', () => {
  expect([0, 0.0853, 0.42, 1.234, 45.67, 340.2, 1500].map(formatLatency)).toEqual([
    ...['0 µs', '85 µs', '420 µs', '1.23 ms', '45.7 ms', '340 ms', '1.5 s'],
  ]);
});

test('how long ago', () => {
  expect(formatAgo(900)).toBe('now');
  expect(formatAgo(12_900)).toBe('12 s ago');
  expect(formatAgo(59_999)).toBe('59 s ago');
  expect(formatAgo(200_000)).toBe('3 min ago');
  expect(formatAgo(90_000_000)).toBe('1 d ago');
});

test('a moment of another day says which day', () => {
  const now = new Date(2026, 4, 12, 14, 0, 0).getTime();
  expect(formatMoment(new Date(2026, 4, 12, 9, 5, 7).getTime(), now)).toBe('09:05:07');
  expect(formatMoment(new Date(2026, 4, 11, 23, 5, 7).getTime(), now)).toBe('11 May 23:05:07');
});
