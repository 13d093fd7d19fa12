import { describe, expect, test } from 'vitest';
import type { SeriesResponse } from '../api/types.js';
import { aligned, askFrom, bucketsOf, earlierThan, isEmpty, mergeSeries, newestComplete } from './series.js';

function series(step: number, from: number, ...values: number[]): SeriesResponse {
  const times = values.map((_, i) => from + i * step * 1000);
  return {
    step,
    times,
    inOctets: values,
    outOctets: values.map(v => 2 * v),
    inPackets: values.map(() => 1),
    outPackets: values.map(() => 1),
  };
}

describe('buckets', () => {
  test('are whole, and the last holds now', () => {
    const window = bucketsOf({ from: 1_000_000_500 - 900_000, to: 1_000_000_500, live: true });
    expect(window.step).toBe(3000);
    expect(window.to % 3000).toBe(0);
    expect(window.to).toBeGreaterThan(1_000_000_500);
    expect(window.to - window.step).toBeLessThanOrEqual(1_000_000_500);
    expect(window.to - window.from).toBe(15 * 60_000);
  });

  test.each([
    [5, 1],
    [15, 3],
    [60, 15],
    [24 * 60, 300],
    [7 * 24 * 60, 3600],
    [30 * 24 * 60, 10_800],
    [3650 * 24 * 60, 2_592_000],
  ])('of %d minutes are %d s long, and not too many', (minutes, step) => {
    const window = bucketsOf({ from: 1_800_000_000_000 - minutes * 60_000, to: 1_800_000_000_000, live: true });
    expect(window.step).toBe(step * 1000);
    expect((window.to - window.from) / window.step).toBeLessThanOrEqual(300);
  });

  test('of a span that has ended hold all of it and no more', () => {
    const window = bucketsOf({ from: 1_000_001_500, to: 1_000_011_500, live: false });
    expect(window).toEqual({ from: 1_000_001_000, to: 1_000_012_000, step: 1000 });
  });

  test('what is asked again begins at a bucket and stays within the window', () => {
    const window = { from: 10_000, to: 20_000, step: 1000 };
    expect(askFrom(12_345, window)).toBe(12_000);
    expect(askFrom(0, window)).toBe(10_000);
    expect(askFrom(99_000, window)).toBe(19_000);
  });
});

describe('merging', () => {
  const window = { from: 2000, to: 6000, step: 1000 };

  test('keeps what is old, takes what is fresh, drops what left the window', () => {
    const merged = mergeSeries(series(1, 0, 10, 11, 12, 13, 14), series(1, 4000, 40, 50), 4000, window);
    expect(merged.times).toEqual([2000, 3000, 4000, 5000]);
    expect(merged.inOctets).toEqual([12, 13, 40, 50]);
    expect(merged.outOctets).toEqual([24, 26, 80, 100]);
  });

  test('a bucket that a fresh answer no longer has is zero, not what it was', () => {
    const merged = mergeSeries(series(1, 2000, 1, 2, 3, 4), series(1, 5000, 9), 3000, window);
    expect(merged.inOctets).toEqual([1, 0, 0, 9]);
  });

  test('what was kept in other buckets is of no use', () => {
    expect(mergeSeries(series(3, 2000, 7), series(1, 4000, 1), 4000, window).inOctets).toEqual([0, 0, 1, 0]);
  });
});

describe('what was before', () => {
  const DAY = 86_400_000;
  const shown = { from: 10 * DAY, to: 10 * DAY + 300_000, step: 1000 };

  test('is asked for once for many seconds, and holds all that is shown', () => {
    const windows = [0, 1000, 29_000].map(on =>
      earlierThan({ from: shown.from + on, to: shown.to + on, step: 1000 }, DAY),
    );
    for (const [i, window] of windows.entries()) {
      expect(window).toEqual(windows[0]);
      const on = [0, 1000, 29_000][i]!;
      expect(window.from).toBeLessThanOrEqual(shown.from + on - DAY);
      expect(window.to).toBeGreaterThan(shown.to + on - DAY);
    }
  });

  test('stands at the same place', () => {
    const earlier = series(1, 1000, 5, 6, 7);
    const now = series(1, 1000 + DAY, 1, 2, 3, 4);
    expect(aligned(earlier, now, DAY)).toMatchObject({
      times: now.times,
      inOctets: [5, 6, 7, 0],
      outOctets: [10, 12, 14, 0],
    });
  });
});

test('a bucket is complete when every interim report that can touch it must have come', () => {
  const s = series(1, 0, ...Array<number>(100).fill(1));
  expect(newestComplete(s, 100_000, 60_000)).toBe(36);
  expect(newestComplete(s, 100_000, 5_000)).toBe(91);
  expect(newestComplete(s, 10_000, 60_000)).toBe(-1);
});

test('empty is without octets either way', () => {
  expect(isEmpty(series(1, 0, 0, 0))).toBe(true);
  expect(isEmpty({ ...series(1, 0, 0, 0), outOctets: [0, 1] })).toBe(false);
});
