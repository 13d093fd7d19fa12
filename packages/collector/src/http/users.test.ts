import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPassword, makeUser, readUsers, type User, Users, writeUsers } from './users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-users-'));
const file = join(directory, 'users');
afterAll(() => rmSync(directory, { recursive: true }));

let user: User;
beforeAll(async () => {
  user = await makeUser('ada', 'operator', 'correct horse battery');
});

test('a password is known again, and no other', async () => {
  expect(await hasPassword(user, 'correct horse battery')).toBe(true);
  for (const wrong of ['correct horse batterz', 'correct horse battery ', '']) {
    expect(await hasPassword(user, wrong)).toBe(false);
  }
  expect(await hasPassword(undefined, 'correct horse battery')).toBe(false);
});

test('letters that look the same are the same: composed or not', async () => {
  expect(await hasPassword(await makeUser('eva', 'viewer', 'schl\u00fcsselwort'), 'schlu\u0308sselwort')).toBe(true);
});

test.each([
  ['', 'correct horse battery', /no name of a user/],
  ['a:b', 'correct horse battery', /no name of a user/],
  ['-a', 'correct horse battery', /no name of a user/],
  ['Token', 'correct horse battery', /no name of a user/],
  ['ada', 'short', /12 characters or more/],
  ['ada', 'x'.repeat(1025), /12 characters or more/],
])('%j with %j is no user', async (name, password, message) => {
  await expect(makeUser(name, 'viewer', password)).rejects.toThrow(message);
});

describe('the file', () => {
  test('is read as it was written, is its owner’s alone, and holds no password', () => {
    expect(readUsers(join(directory, 'absent'))).toEqual([]);
    writeUsers(file, [user, { ...user, name: 'bob', role: 'viewer' }]);
    expect(readUsers(file).map(({ name, role }) => `${name} ${role}`)).toEqual(['ada operator', 'bob viewer']);
    expect(readUsers(file)[0]).toEqual(user);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(user.password).not.toContain('horse');
  });

  test.each([
    ['ada:operator', /line 1 /],
    ['# a comment\n\nada:admin:PASSWORD', /line 3 /],
    ['ada:viewer:PASSWORD:more', /line 1 /],
    ['ada:viewer:correct horse', /line 1 /],
    ['socket:operator:PASSWORD', /line 1 /],
    [`ada:viewer:scrypt$2097152$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`, /line 1 /],
    [`ada:viewer:scrypt$1000$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`, /line 1 /],
  ])('%j is refused', (text, message) => {
    writeFileSync(file, text.replace('PASSWORD', user.password), { mode: 0o600 });
    expect(() => readUsers(file)).toThrow(message);
  });

  test('that others may open is refused', () => {
    writeUsers(file, [user]);
    chmodSync(file, 0o640);
    expect(() => readUsers(file)).toThrow(/chmod 600/);
    chmodSync(file, 0o600);
  });

  test('counts as it is now; one that cannot be read lets in nobody', () => {
    const lines: string[] = [];
    writeUsers(file, [user]);
    const users = new Users(file, line => lines.push(line));
    expect(users.get('ada')?.role).toBe('operator');
    writeUsers(file, [{ ...user, role: 'viewer' }]);
    expect(users.get('ada')?.role).toBe('viewer');
    writeFileSync(file, 'nonsense\n');
    expect(users.get('ada')).toBeUndefined();
    expect(lines).toEqual([expect.stringMatching(/nobody can log in by name: line 1 /)]);
    rmSync(file);
    expect(users.any).toBe(false);
  });
});
