import { expect, test } from 'vitest';
import { numbersFrom, shuffled, soakPlan } from './plan.js';

const all = Array.from({ length: 12 }, (_, i) => i);

test('a seed gives one order, another seed another, and nothing is left out', () => {
  const order = (seed: number): number[] => shuffled(all, numbersFrom(seed));
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  expect(order(1).sort((a, b) => a - b)).toEqual(all);
});

test('numbers are spread evenly', () => {
  const next = numbersFrom(7);
  const mean = Array.from({ length: 10_000 }, next).reduce((sum, each) => sum + each, 0) / 10_000;
  expect(mean).toBeCloseTo(0.5, 1);
});

test('the collector is away for longer than what may wait lasts', () => {
  for (const { spoolSize, spoolDisk } of [soakPlan(1, 1), soakPlan(60, 1)])
    expect(spoolDisk).toBeGreaterThan(spoolSize);
});
