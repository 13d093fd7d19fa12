import { expect, test } from 'vitest';
import { Slots } from './slots.js';

test('one waits for its turn, in order', async () => {
  const slots = new Slots(1, 1000);
  await slots.take();
  const order: string[] = [];
  const first = slots.take().then(() => order.push('first'));
  const second = slots.take().then(() => order.push('second'));
  expect(order).toEqual([]);
  slots.give();
  await first;
  expect(order).toEqual(['first']);
  slots.give();
  await second;
  slots.give();
  await slots.take();
  expect(order).toEqual(['first', 'second']);
});

test('but not for ever, and one that gave up holds no slot', async () => {
  const slots = new Slots(1, 5);
  await slots.take();
  await expect(slots.take()).rejects.toThrow(/busy/);
  slots.give();
  await slots.take();
});
