import { expect, test } from 'vitest';
import { parseView, printView, type View } from './view.js';

test('a View survives the address', () => {
  const view: View = { range: 60, tab: 'largest', filter: 'src net 10.0.0.0/8 and octets > 1M & "x"' };
  expect(parseView(printView(view))).toEqual(view);
});

test('the default View has no query, and nonsense is the default View', () => {
  expect(printView({ range: 5, tab: 'newest', filter: '' })).toBe('');
  expect(parseView('?range=7&tab=<b>&other=1')).toEqual({ range: 5, tab: 'newest', filter: '' });
});

test('a token in the address is not carried on', () => {
  expect(printView(parseView('?token=secret&range=15'))).toBe('?range=15');
});
