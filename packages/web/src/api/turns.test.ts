import { expect, test } from 'vitest';
import { inTurn } from './turns.js';

test('no more than three at a time, in their order, and one that failed makes room', async () => {
  const { signal } = new AbortController();
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const runs = [0, 1, 2, 3, 4].map(i =>
    inTurn(signal, () => {
      started.push(i);
      return new Promise<void>((resolve, reject) => (finish[i] = i === 1 ? () => reject(new Error('no')) : resolve));
    }).catch(() => undefined),
  );
  await new Promise(resolve => setTimeout(resolve));
  expect(started).toEqual([0, 1, 2]);
  finish[1]!();
  await runs[1];
  expect(started).toEqual([0, 1, 2, 3]);
  finish[0]!();
  await runs[0];
  for (const i of [2, 3, 4]) finish[i]!();
  await Promise.all(runs);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('one that was aborted while it waited is not run', async () => {
  const controller = new AbortController();
  const finish: (() => void)[] = [];
  const { signal } = new AbortController();
  const busy = [0, 1, 2].map(i => inTurn(signal, () => new Promise<void>(resolve => (finish[i] = resolve))));
  let ran = false;
  const late = inTurn(controller.signal, async () => (ran = true));
  controller.abort();
  await new Promise(resolve => setTimeout(resolve));
  for (const done of finish) done();
  await Promise.all(busy);
  await expect(late).rejects.toThrow();
  expect(ran).toBe(false);
});
