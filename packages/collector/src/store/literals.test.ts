import { expect, test } from 'vitest';
import { withLiterals } from './literals.js';

test('values become literals of the type', () => {
  expect(withLiterals('a = {p0:UInt64} AND b = {p1:String}', { p0: 2n ** 64n - 1n, p1: 'x' })).toBe(
    "a = CAST('18446744073709551615', 'UInt64') AND b = 'x'",
  );
});

test('a value cannot leave its literal, nor be taken for a placeholder', () => {
  expect(withLiterals('{a:String} {b:String}', { a: "\\'; {b:String}", b: '\\' })).toBe("'\\\\\\'; {b:String}' '\\\\'");
  expect(withLiterals('{a:String}', { a: '$&\0' })).toBe("'$&\\0'");
});

test('a missing value is a defect', () => {
  expect(() => withLiterals('{a:String}', {})).toThrow('parameter a has no value');
  expect(() => withLiterals('{a:String}', { a: ['x'] })).toThrow('parameter a has no value');
});
