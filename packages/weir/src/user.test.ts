import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'weir-user-'));
const file = join(data, 'users');
afterAll(() => rmSync(data, { recursive: true }));

function user(args: string[], input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'user', ...args, '--data', data], {
    input,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

test('users are added, changed, listed and removed; no password is in the file or told', () => {
  expect(user(['list'])).toEqual({ stdout: '', stderr: '', status: 0 });
  const added = user(['add', 'ada', '--role', 'operator'], 'correct horse battery\nmore\n');
  expect(added).toEqual({ stdout: `added operator ada in ${file}\n`, stderr: '', status: 0 });
  expect(user(['add', 'bob'], 'another password').stdout).toBe(`added viewer bob in ${file}\n`);
  expect(user(['list']).stdout).toBe('ada\toperator\nbob\tviewer\n');
  expect(user(['add', 'ada'], 'a third password\n').stdout).toBe(`changed viewer ada in ${file}\n`);
  expect(user(['remove', 'bob']).stdout).toBe(`removed bob from ${file}\n`);
  expect(user(['list']).stdout).toBe('ada\tviewer\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toMatch(/password|horse/);
});

test.each([
  [['add', 'cy'], '', 1, /standard input has no line/],
  [['add', 'cy'], 'short\n', 1, /12 characters or more/],
  [['add', 'c y'], 'long enough for it\n', 1, /no name of a user/],
  [['add', 'cy', '--role', 'admin'], 'long enough for it\n', 2, /viewer, operator/],
  [['remove', 'cy'], '', 1, /no user "cy"/],
  [['list', '--users-file', file], '', 2, /exclude one another/],
])('%j is refused in one line', (args, input, status, message) => {
  const before = readFileSync(file, 'utf8');
  const refused = user(args, input);
  expect([refused.status, refused.stdout]).toEqual([status, '']);
  expect(refused.stderr).toMatch(message);
  expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  expect(readFileSync(file, 'utf8')).toBe(before);
});
