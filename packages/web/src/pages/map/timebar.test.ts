import { expect, test } from 'vitest';
import { aheadOf, barOf, firstLook, loadStep, played, SPEEDS, stripOf, ticksOf } from './timebar.js';

const HOUR = 3_600_000;
const coverage = {
  sources: [
    {
      name: 'olsr',
      kind: 'topology' as const,
      spans: [
        [100 * HOUR, 150 * HOUR],
        [160 * HOUR, 200 * HOUR],
      ] as [number, number][],
    },
    { name: 'flows', kind: 'flows' as const, spans: [[120 * HOUR, 200 * HOUR]] as [number, number][] },
  ],
};

test('the bar reaches over all that there is, or as far as is wished, and over what is looked at', () => {
  expect(barOf(coverage, '', 200 * HOUR, undefined)).toEqual({ from: 100 * HOUR, to: 200 * HOUR });
  expect(barOf(coverage, '24h', 200 * HOUR, undefined)).toEqual({ from: 176 * HOUR, to: 200 * HOUR });
  expect(barOf(coverage, '24h', 200 * HOUR, 130 * HOUR).from).toBe(130 * HOUR);
  expect(barOf(undefined, '', 200 * HOUR, undefined)).toEqual({ from: 199 * HOUR, to: 200 * HOUR });
});

test('strips lie where the spans are, within the bar', () => {
  const parts = stripOf(coverage.sources[0]!.spans, { from: 140 * HOUR, to: 180 * HOUR });
  expect(parts).toEqual([
    { left: 0, width: 0.25 },
    { left: 0.5, width: 0.5 },
  ]);
  const short = stripOf([[150 * HOUR, 150 * HOUR + 1]], { from: 0, to: 1000 * HOUR });
  expect(short[0]!.width).toBeGreaterThan(0.001);
  expect(stripOf([[1, 2]], { from: 140 * HOUR, to: 180 * HOUR })).toEqual([]);
});

test('ticks are round times, and not too many', () => {
  for (const length of [HOUR, 24 * HOUR, 30 * 24 * HOUR, 500 * 24 * HOUR]) {
    const ticks = ticksOf({ from: 1e12, to: 1e12 + length }, 8);
    expect(ticks.length, String(length)).toBeGreaterThan(1);
    expect(ticks.length, String(length)).toBeLessThanOrEqual(9);
    for (const tick of ticks) expect(new Date(tick).getSeconds()).toBe(0);
  }
});

test('playing goes on by its speed, and ends in what is now', () => {
  expect(played(1000, 500, 60_000, 1e9)).toBe(31_000);
  expect(played(1e9 - 10_000, 1000, 60_000, 1e9)).toBeUndefined();
});

test('loads have as many steps as a plot needs, in whole minutes', () => {
  expect(loadStep(HOUR, 240)).toBe(60);
  expect(loadStep(24 * HOUR, 240)).toBe(600);
  expect(loadStep(365 * 24 * HOUR, 240)).toBe(86_400);
  for (const length of [HOUR, 30 * HOUR, 300 * HOUR])
    expect(length / 1000 / loadStep(length, 100)).toBeLessThanOrEqual(100);
});

test('what is asked for ahead lasts for some seconds at any speed', () => {
  for (const speed of SPEEDS) expect(aheadOf(speed) / speed).toBeGreaterThanOrEqual(15);
});

test('the first look is that of the topologies that are shown', () => {
  const sources = [
    {
      name: 'city',
      kind: 'topology' as const,
      spans: [
        [5000, 6000],
        [8000, 9000],
      ] as [number, number][],
    },
    { name: 'town', kind: 'topology' as const, spans: [[3000, 9000]] as [number, number][] },
    { name: 'city', kind: 'flows' as const, spans: [[1000, 2000]] as [number, number][] },
  ];
  expect(firstLook({ sources }, ['city'])).toBe(5000);
  expect(firstLook({ sources }, ['city', 'town'])).toBe(3000);
  expect(firstLook({ sources }, [])).toBeUndefined();
  expect(firstLook(undefined, ['city'])).toBeUndefined();
});
