import { expect, test } from 'vitest';
import { inserted, nextOf } from './completion.js';

test('a suggestion takes the place of the word at the cursor, which goes behind it', () => {
  expect(inserted('src po', { from: 4, to: 6 }, { text: 'port' })).toEqual({ filter: 'src port ', cursor: 9 });
  expect(inserted('', { from: 0, to: 0 }, { text: 'proto' })).toEqual({ filter: 'proto ', cursor: 6 });
  expect(inserted('sr port 443', { from: 0, to: 2 }, { text: 'src' })).toEqual({ filter: 'src port 443', cursor: 4 });
  expect(inserted('not ', { from: 4, to: 4 }, { text: '(' })).toEqual({ filter: 'not (', cursor: 5 });
});

test('suggestions go round, from none to either end', () => {
  expect(nextOf(-1, 1, 3)).toBe(0);
  expect(nextOf(-1, -1, 3)).toBe(2);
  expect(nextOf(2, 1, 3)).toBe(0);
  expect(nextOf(0, -1, 3)).toBe(2);
  expect(nextOf(-1, 1, 0)).toBe(-1);
});
