import { expect, test } from 'vitest';
import { distance } from './half-interval.js';

test.each([
  ['a connection', [0, 5000], [20, 5010], 30],
  ['the same instant', [7, 7], [7, 7], 0],
  ['a request and its answer', [0, 0], [30, 30], 60],
  ['a request that was sent again, and its answer', [0, 5000], [5200, 5200], 5400],
  ['an answer that comes late', [0, 0], [2001, 2001], undefined],
  ['an answer that lasts long', [0, 0], [30, 12_000], undefined],
  ['what is far behind', [0, 5000], [90_000, 95_000], undefined],
  ['a half of few packets', [0, 60_000], [20, 20], 59_999 + 1],
  ['the second intervals of both', [61_000, 119_000], [65_000, 118_000], 5000],
  ['the last interval of a half, and all of the other', [240_000, 300_000], [0, 300_000], undefined],
  ['one packet in the midst', [0, 60_000], [30_000, 30_000], undefined],
] as const)('%s', (_, a, b, expected) => {
  const half = ([begin, end]: readonly [number, number]) => ({ begin, end, goesOn: false });
  expect(distance(half(a), half(b))).toBe(expected);
  expect(distance(half(b), half(a))).toBe(expected);
});

test('a half that goes on is not joined with one that reaches beyond what is told of it', () => {
  const report = { begin: 0, end: 60_000, goesOn: true };
  expect(distance(report, { begin: 10, end: 300_000, goesOn: false })).toBeUndefined();
  expect(distance(report, { begin: 10, end: 61_000, goesOn: true })).toBe(1010);
  expect(distance(report, { begin: 10, end: 900, goesOn: false })).toBe(59_110);
  expect(distance({ ...report, end: 100 }, { begin: 150, end: 200, goesOn: false })).toBeUndefined();
});
