import { expect, test } from 'vitest';
import { refusal } from './kernel-programs.js';

test('a kernel that forbids the programs to everybody: no capability helps', () => {
  expect(refusal('EPERM')).toMatch(/^\(EPERM\): .*only another kernel/);
  expect(refusal('EINVAL')).toBe('(EINVAL)');
});
