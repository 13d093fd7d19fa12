import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { VERSION } from './version.js';

test('npx finds the command of a checkout that was installed before it was built', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { stdout, stderr } = spawnSync('npx', ['weir', '--version'], { cwd: root, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual([`${VERSION}\n`, '']);
});
