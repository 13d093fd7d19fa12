import { expect, test } from 'vitest';
import { cookieOf } from './stale-files.js';

test.each([
  ['probe-4711.state', '4711'],
  ['probe-4711.state.kernel', '4711'],
  ['up-12.lock', '12'],
  ['restore-up-7.json', '7'],
  ['restore-doctor-8.json', '8'],
])('%s is of the namespace %s', (name, cookie) => expect(cookieOf(name)).toBe(cookie));

test.each(['probe-4711.state.kernel.old', 'probe-.state', 'probe-47x1.state', 'up-12.lock.json', 'weir.yaml'])(
  '%s is none of ours',
  name => expect(cookieOf(name)).toBeUndefined(),
);
