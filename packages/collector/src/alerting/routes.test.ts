import { expect, test } from 'vitest';
import { type AlertRoute, isFor } from './routes.js';
import { scanOf } from './testing/events.js';

const event = scanOf('192.0.2.7', { size: 60, expected: 10 });
const goesTo = (routes: readonly AlertRoute[], name: string, of = event) => isFor(routes, of, name);

test('what fits no route goes to all', () => {
  expect(goesTo([], 'log')).toBe(true);
  expect(goesTo([{ kinds: ['flood'], channels: [] }], 'log')).toBe(true);
});

test('the first route that fits says who is told', () => {
  const routes: AlertRoute[] = [
    { kinds: ['scan'], channels: ['log'] },
    { kinds: ['scan', 'flood'], channels: ['pager'] },
  ];
  expect(['log', 'pager'].map(name => goesTo(routes, name))).toEqual([true, false]);
  expect(['log', 'pager'].map(name => goesTo(routes, name, { ...event, kind: 'flood' }))).toEqual([false, true]);
  expect(goesTo([{ channels: [] }], 'log')).toBe(false);
});

test('a size is how far it is from what is usual, in the unit of the event', () => {
  const from = (size: number, unit: 'targets' | 'ports' = 'targets') => [
    { atLeast: [{ size, unit }], channels: ['pager'] },
    { channels: ['log'] },
  ];
  expect([50, 51].map(size => goesTo(from(size), 'pager'))).toEqual([true, false]);
  expect(goesTo(from(1, 'ports'), 'pager')).toBe(false);
  // Far below is far, too.
  expect(goesTo(from(50), 'pager', scanOf('192.0.2.7', { size: 0, expected: 60 }))).toBe(true);
});

test('how many times what is usual, either way', () => {
  const routes = [{ times: 4, channels: ['pager'] }, { channels: [] }];
  const of = (size: number, expected?: number) =>
    goesTo(routes, 'pager', scanOf('192.0.2.7', { size, ...(expected === undefined ? {} : { expected }) }));
  expect([of(60, 10), of(39, 10), of(2, 10), of(0, 10), of(10, 0), of(0, 0)]).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
  ]);
  expect(goesTo(routes, 'pager', { ...event, expected: undefined } as never)).toBe(false);
});
