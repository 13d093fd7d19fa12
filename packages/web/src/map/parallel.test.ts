import { expect, test } from 'vitest';
import { lanesOf } from './parallel.js';

test('a single link is straight, parallel ones lie beside each other', () => {
  expect([
    ...lanesOf([
      [0, 1],
      [1, 2],
      [1, 2],
      [2, 3],
      [2, 3],
      [2, 3],
    ]),
  ]).toEqual([0, -0.5, 0.5, -1, 0, 1]);
});

test('links told the other way round do not fall on each other: their right is the other side', () => {
  const [a, b] = lanesOf([
    [0, 1],
    [1, 0],
  ]);
  // In the direction of the first, the second lies at -b.
  expect(a).not.toBe(-b!);
});
