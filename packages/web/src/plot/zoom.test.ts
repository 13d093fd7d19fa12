import { expect, test } from 'vitest';
import { parseView, printView, type Span, spanOf } from '../state/view.js';
import { moved, scaled, timesOf } from './zoom.js';

const NOW = 1_800_000_000_000;
const view = parseView('');
const hour: Span = { from: NOW - 7_200_000, to: NOW - 3_600_000, live: false };

test('a drag shows what it covers, in either direction', () => {
  expect(timesOf(2_000_000.4, 1_000_000.6)).toEqual({ from: '1000000', to: '2000001' });
});

test('a drag that is too short shows the shortest there is about it, and its address can be read', () => {
  const times = timesOf(1_000_000, 1_000_100);
  expect(Number(times.to) - Number(times.from)).toBeGreaterThanOrEqual(5000);
  expect((Number(times.to) + Number(times.from)) / 2).toBeCloseTo(1_000_050, -1);
  expect(parseView(printView({ ...view, ...times }))).toEqual({ ...view, ...times });
});

test('what is pointed at stays in its place', () => {
  const at = hour.from + 900_000;
  const next = spanOf({ ...view, ...scaled(hour, 0.5, at, NOW) }, NOW);
  expect(next.to - next.from).toBe(1_800_000);
  expect((at - next.from) / (next.to - next.from)).toBeCloseTo(0.25, 5);
});

test('zooming out and moving end at now', () => {
  expect(scaled(hour, 8, hour.to, NOW + 10)).toMatchObject({ to: String(hour.to) });
  expect(scaled(hour, 8, hour.from, NOW)).toEqual({ from: String(NOW - 28_800_000), to: String(NOW) });
  expect(moved(hour, 0.5, NOW)).toEqual({ from: String(NOW - 5_400_000), to: String(NOW - 1_800_000) });
  expect(moved(hour, 5, NOW)).toEqual({ from: String(NOW - 3_600_000), to: String(NOW) });
  expect(moved(hour, -1, NOW)).toEqual({ from: String(NOW - 10_800_000), to: String(NOW - 7_200_000) });
});

test('what follows now goes on doing so, between the shortest and the longest', () => {
  const live: Span = { from: NOW - 300_000, to: NOW, live: true };
  expect(scaled(live, 2, NOW, NOW)).toEqual({ from: '-600s', to: '' });
  expect(scaled(live, 0.001, NOW, NOW)).toEqual({ from: '-5s', to: '' });
  expect(parseView(printView({ ...view, ...scaled(live, 1e9, NOW, NOW) })).from).toMatch(/^-\d+s$/);
});
