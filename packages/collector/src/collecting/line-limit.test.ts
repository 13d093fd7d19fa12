import { expect, test } from 'vitest';
import { LineLimit } from './line-limit.js';

test('ten lines in ten seconds, and then how many were left out', () => {
  const told: string[] = [];
  const limit = new LineLimit(line => told.push(line));
  for (let i = 0; i < 25; i++) limit.say(`line ${i}`, 100 * i);
  expect(told).toEqual(Array.from({ length: 10 }, (_, i) => `line ${i}`));
  limit.say('later', 10_000);
  expect(told.slice(10)).toEqual(['15 more lines about connections were left out', 'later']);
  limit.say('much later', 30_000);
  expect(told.slice(12)).toEqual(['much later']);
});
