import { expect, test } from 'vitest';
import { Pace } from './pace.js';

function run(pace: Pace, frames: number, length: number, from = 0): number {
  let at = from;
  for (let i = 0; i < frames; i++) pace.frame((at += length));
  return at;
}

test('what is too slow is drawn with less, what is fast with more again', () => {
  const pace = new Pace();
  let at = run(pace, 100, 80);
  const slow = pace.budget.vivid;
  expect(slow).toBeLessThan(500);
  expect(pace.budget.ratio).toBe(1);
  at = run(pace, 2000, 80, at);
  expect(pace.budget.vivid).toBe(150);
  run(pace, 1000, 16, at);
  expect(pace.budget.vivid).toBeGreaterThan(slow);
});

test('a page that was hidden is no slow machine', () => {
  const pace = new Pace();
  run(pace, 100, 5000);
  expect(pace.budget.vivid).toBe(1000);
});
