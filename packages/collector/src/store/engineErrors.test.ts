import { expect, test } from 'vitest';
import { forPeople, passes } from './engineErrors.js';

test('limits are told in words that help, other errors in one line', () => {
  const limit = new Error('Code: 241. DB::Exception: (total) memory limit exceeded: would use 1.00 GiB');
  expect(forPeople(limit).message).toMatch(/needs more memory.*ask for a shorter time/);
  expect(forPeople(new Error('Code: 47. DB::Exception: Unknown x.\nStack')).message).toBe(
    'Code: 47. DB::Exception: Unknown x.',
  );
});

test('what is worth another try', () => {
  expect(passes('Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space')).toBe(true);
  expect(passes('Code: 33. DB::Exception: Cannot read all data')).toBe(false);
  expect(passes('the engine is not open')).toBe(false);
});
