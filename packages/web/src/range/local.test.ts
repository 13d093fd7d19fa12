import { expect, test } from 'vitest';
import { fromField, toField } from './local.js';

test('a time survives its field, in the zone of the reader', () => {
  const ms = new Date(2026, 4, 2, 4, 3, 9).getTime();
  expect(toField(ms)).toBe('2026-05-02T04:03:09');
  expect(fromField(toField(ms))).toBe(ms);
  expect(fromField('2026-05-02T04:03')).toBe(new Date(2026, 4, 2, 4, 3).getTime());
});

test('what is not filled in is no time', () => {
  expect(fromField('')).toBeUndefined();
  expect(fromField('yesterday')).toBeUndefined();
});
