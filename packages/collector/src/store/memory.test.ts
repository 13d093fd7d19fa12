import { expect, test } from 'vitest';
import { Memory } from './memory.js';

test('what is asked again in a moment is not looked for again, until something new is there', async () => {
  const memory = new Memory();
  let runs = 0;
  const run = async () => ++runs;
  expect(await Promise.all([memory.ask('how many', 1, run), memory.ask('how many', 1, run)])).toEqual([1, 1]);
  expect(await memory.ask('how many', 1, run)).toBe(1);
  expect(await memory.ask('how large', 1, run)).toBe(2);
  expect(await memory.ask('how many', 2, run)).toBe(3);
});

test('what failed is asked again', async () => {
  const memory = new Memory();
  await expect(memory.ask('how many', 1, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await memory.ask('how many', 1, async () => 7)).toBe(7);
});
