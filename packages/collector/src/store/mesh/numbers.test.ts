import { expect, test } from 'vitest';
import { clientsIn, clientsOf, costIn, costOf, qualityIn, qualityOf } from './numbers.js';

test('what protocols count in is kept exactly', () => {
  for (let tq = 0; tq <= 255; tq++) expect(qualityOf(qualityIn(tq / 255))).toBe(tq / 255);
  for (const cost of [0, 1, 96, 65_535, 2 ** 32, 1.5, 1025 / 1024, 4321 / 1024])
    expect(costOf(costIn(cost))).toBe(cost);
  for (const clients of [0, 1, 1000]) expect(clientsOf(clientsIn(clients))).toBe(clients);
  for (const of of [qualityOf, costOf, clientsOf]) expect(of(0)).toBeUndefined();
  expect([qualityIn(undefined), costIn(undefined), clientsIn(undefined)]).toEqual([0, 0, 0]);
});

test('all else to the next step, and what is no such number to the nearest that is one', () => {
  for (const quality of [0.1, 0.33333, 0.99999, 1 / 1.234])
    expect(Math.abs(qualityOf(qualityIn(quality))! - quality)).toBeLessThanOrEqual(0.5 / 65_280);
  expect(qualityOf(qualityIn(1.7))).toBe(1);
  expect(qualityIn(1)).toBeLessThan(65_536);
  expect(qualityOf(qualityIn(-1))).toBe(0);
  expect(costOf(costIn(Number.POSITIVE_INFINITY))).toBe(2 ** 32);
  expect(clientsOf(clientsIn(2.4))).toBe(2);
});
