import { expect, test } from 'vitest';
import { inTurn, type Turn } from './turns.js';

const { signal } = new AbortController();
const settled = () => new Promise(resolve => setTimeout(resolve, 5));

/** Questions that are open until they are told to end. */
function questions() {
  const started: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const ask = (name: string, turn: Turn = 'soon', its: AbortSignal = signal) =>
    inTurn(
      its,
      () => {
        started.push(name);
        return new Promise<void>((resolve, reject) => ends.set(name, error => (error ? reject(error) : resolve())));
      },
      turn,
    ).catch(() => {});
  const end = async (name: string, error?: Error) => {
    ends.get(name)!(error);
    await settled();
  };
  return { started, ask, end };
}

test('no more than four at a time, in their order, and one that failed makes room', async () => {
  const { started, ask, end } = questions();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'];
  const asked = all.map(name => ask(name));
  await settled();
  expect(started).toEqual(all.slice(0, 4));
  await end('b', new Error('no'));
  expect(started).toEqual(all.slice(0, 5));
  await end('a');
  for (const name of ['c', 'd', 'e', 'f']) await end(name);
  await Promise.all(asked);
  expect(started).toEqual(all);
});

test('what is to be there now does not wait, and what can wait does until nobody waits for a first answer', async () => {
  const { started, ask, end } = questions();
  const asked = [ask('exact', 'late'), ...['a', 'b', 'c', 'd'].map(name => ask(name)), ask('plot', 'now')];
  await settled();
  expect(started).toEqual(['plot', 'a', 'b', 'c']);
  for (const name of ['plot', 'a', 'b', 'c']) await end(name);
  expect(started).toEqual(['plot', 'a', 'b', 'c', 'd']);
  // A table that is asked for because the plot is there comes before, too.
  const then = ask('table');
  await end('d');
  expect(started.at(-1)).toBe('table');
  await end('table');
  expect(started.at(-1)).toBe('exact');
  await end('exact');
  await Promise.all([...asked, then]);
});

test('one that was aborted while it waited is not run', async () => {
  const { started, ask, end } = questions();
  const busy = ['a', 'b', 'c', 'd'].map(name => ask(name));
  await settled();
  const controller = new AbortController();
  const late = expect(inTurn(controller.signal, async () => started.push('late'))).rejects.toThrow();
  controller.abort();
  for (const name of ['a', 'b', 'c', 'd']) await end(name);
  await Promise.all(busy);
  await late;
  expect(started).toEqual(['a', 'b', 'c', 'd']);
});
