import { expect, test } from 'vitest';
import { busiestSeen, byLoad, isSeen, strengthOf } from './importance.js';

const EVERYWHERE = { left: 0, right: 1, top: 0, bottom: 1 };
const ends = Float64Array.from([0.1, 0.1, 0.2, 0.2, 0.5, 0.5, 0.6, 0.6, 0.1, 0.9, 0.9, 0.1, 0.3, 0.3, 0.3, 0.3]);

test('the busiest come first, both directions count, and idle ones not at all', () => {
  const order = byLoad(Float64Array.from([5, 0, 1, 3]), Float64Array.from([0, 0, 9, 3]));
  expect([...order]).toEqual([2, 3, 0]);
});

test('of those that are seen, so many as may move', () => {
  const order = Uint32Array.from([2, 1, 3, 0]);
  const into = new Uint32Array(4);
  expect([busiestSeen(order, ends, EVERYWHERE, 2, into), ...into.subarray(0, 2)]).toEqual([2, 2, 1]);
  const corner = { left: 0, right: 0.25, top: 0, bottom: 0.25 };
  expect(busiestSeen(order, ends, corner, 4, into)).toBe(2);
  expect([...into.subarray(0, 2)]).toEqual([2, 0]);
});

test('a link that crosses the view is seen though both ends are beyond', () => {
  expect(isSeen(ends, 2, { left: 0.4, right: 0.6, top: 0.4, bottom: 0.6 })).toBe(true);
  expect(isSeen(ends, 0, { left: 0.4, right: 0.6, top: 0.4, bottom: 0.6 })).toBe(false);
});

test('many links are a veil, few are strokes', () => {
  expect(strengthOf(100)).toBeGreaterThan(0.7);
  expect(strengthOf(20_000)).toBeLessThan(0.2);
});
