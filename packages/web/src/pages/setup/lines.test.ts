import { expect, test } from 'vitest';
import { changedLines } from './lines.js';

const told = (before: string, after: string) =>
  changedLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

test('only what has changed is marked', () => {
  expect(told('a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 20\nc: 3\nd: 4\n')).toEqual([
    ' a: 1',
    '-b: 2',
    '+b: 20',
    ' c: 3',
    '+d: 4',
  ]);
  expect(told('a\nb\n', 'b\n')).toEqual(['-a', ' b']);
});

test('from nothing, to nothing, and nothing', () => {
  expect(told('', 'a\n')).toEqual(['+a']);
  expect(told('a\n', '')).toEqual(['-a']);
  expect(told('a\n', 'a\n')).toEqual([' a']);
  expect(told('', '')).toEqual([]);
});
