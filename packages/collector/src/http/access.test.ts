import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, change, cookieOf, errorIn, type LoggedIn, logIn, meIn } from './testing/ask.js';
import { PeopledCollector, passwords, people } from './testing/peopled.js';
import type { AuditLines } from './types.js';
import { makeUser, readUsers, writeUsers } from './users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-access-'));
/** Everybody has to log in. */
let guarded: PeopledCollector;
/** As it comes: on loopback anybody may look. */
let open: PeopledCollector;

beforeAll(async () => {
  guarded = await PeopledCollector.startGuarded(directory);
  open = await PeopledCollector.start(directory, 'open');
}, 60_000);
afterAll(async () => {
  await guarded.stop();
  await open.stop();
  rmSync(directory, { recursive: true });
});

describe('a session', () => {
  test('is somebody, until the logout', async () => {
    const { cookie, csrf } = await guarded.session('vera');
    expect(meIn(await ask(guarded.http, '/api/v1/me', { headers: { cookie } }))).toEqual({
      ...{ name: 'vera', role: 'viewer', csrf, login: true },
    });
    expect((await ask(guarded.http, '/api/v1/status', { headers: { cookie } })).status).toBe(200);
    const out = await ask(guarded.http, '/api/v1/logout', change({ cookie, csrf }));
    expect(meIn(out)).toEqual({ role: 'none', login: true });
    expect(out.headers['set-cookie']).toEqual([expect.stringMatching(/^weir-session=;.*Max-Age=0$/)]);
    expect((await ask(guarded.http, '/api/v1/status', { headers: { cookie } })).status).toBe(401);
  });

  test('has a cookie that scripts and other sites do not get', async () => {
    const answer = await logIn(guarded.http, 'vera', passwords.vera);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^weir-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(answer.body).not.toContain(cookieOf(answer).split('=')[1]);
  });

  test('outlives a restart, but neither its user nor another password', async () => {
    const [vera, otto] = [await guarded.session('vera'), await guarded.session('otto')];
    await guarded.restart();
    const statusOf = async ({ cookie }: LoggedIn) =>
      (await ask(guarded.http, '/api/v1/status', { headers: { cookie } })).status;
    expect([await statusOf(vera), await statusOf(otto)]).toEqual([200, 200]);
    writeUsers(guarded.usersFile, [await makeUser('otto', 'operator', 'another password')]);
    expect([await statusOf(vera), await statusOf(otto)]).toEqual([401, 401]);
    writeUsers(guarded.usersFile, await people());
    expect(readUsers(guarded.usersFile)).toEqual(await people());
  });

  test('on loopback is nobody’s: anybody may look, and log in to change', async () => {
    expect(meIn(await ask(open.http, '/api/v1/me'))).toEqual({ role: 'viewer', login: true });
    expect(errorIn(await ask(open.http, '/api/v1/import', { method: 'POST' }))).toMatch(/changes need a token/);
    expect(statSync(join(directory, 'open/token')).mode & 0o777).toBe(0o600);
    expect(open.tokenFile).toBeUndefined();
  });
});

describe('a change by cookie', () => {
  test('needs what only a page of ours knows', async () => {
    const { cookie, csrf } = await guarded.session('otto');
    const same = { cookie, 'sec-fetch-site': 'same-origin' };
    const host = new URL(guarded.http).host;
    const refused = [
      same,
      { ...same, 'x-weir-csrf': 'wrong' },
      { ...same, 'x-weir-csrf': (await guarded.session('otto')).csrf },
      { cookie, 'x-weir-csrf': csrf, 'sec-fetch-site': 'cross-site' },
      { cookie, 'x-weir-csrf': csrf, 'sec-fetch-site': 'same-site' },
      { cookie, 'x-weir-csrf': csrf, origin: 'http://example.org' },
      { cookie, 'x-weir-csrf': csrf, origin: 'null' },
    ];
    for (const headers of refused) {
      const { status } = await ask(guarded.http, '/api/v1/import', { method: 'POST', headers });
      expect(status, JSON.stringify(headers)).toBe(403);
    }
    for (const headers of [
      { ...same, 'x-weir-csrf': csrf },
      { cookie, 'x-weir-csrf': csrf, origin: `http://${host}` },
    ]) {
      const { status } = await ask(guarded.http, '/api/v1/import', { method: 'POST', headers });
      expect(status, JSON.stringify(headers)).toBe(400);
    }
  });

  test('of a program with the token needs nothing more', async () => {
    const headers = { authorization: `Bearer ${guarded.token}` };
    expect((await ask(guarded.http, '/api/v1/import', { method: 'POST', headers })).status).toBe(400);
  });
});

describe('a login', () => {
  test('is refused with words that do not tell which names there are', async () => {
    const wrong = await logIn(guarded.http, 'vera', passwords.otto);
    const unknown = await logIn(guarded.http, 'nobody', passwords.otto);
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(errorIn(wrong)).toBe(errorIn(unknown));
    expect(wrong.headers['set-cookie']).toBeUndefined();
    expect(errorIn(await logIn(guarded.http, undefined, 'wrong'))).toBe('the token is wrong');
  });

  test.each([
    [{ origin: 'http://example.org' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    // What a form of another site can send.
    [{ 'content-type': 'text/plain' }, 400],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('by a page of another site is refused: %j', async (headers, status) => {
    const answer = await logIn(guarded.http, 'vera', passwords.vera, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('is where a browser is led that nobody is logged in with; other programs are told', async () => {
    const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const led = await ask(guarded.http, '/?page=host&host=192.0.2.1', { headers: html });
    expect([led.status, led.headers.location]).toEqual([303, './login.html?page=host&host=192.0.2.1']);
    expect((await ask(guarded.http, '/api/v1/status', { headers: html })).status).toBe(401);
    const page = await ask(guarded.http, '/login.html', { headers: html });
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-cache']);
    const files = [...page.body.matchAll(/"\.(\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect((await ask(guarded.http, file)).status, file).toBe(200);
    expect((await ask(guarded.http, '/index.html')).status).toBe(401);
    // The manual says how one gets in, and tells nothing of this collector.
    const moved = await ask(guarded.http, '/docs', { headers: html });
    expect([moved.status, moved.headers.location]).toEqual([301, 'docs/']);
    const manual = await ask(guarded.http, '/docs/how-to/open-the-pages.html', { headers: html });
    expect([manual.status, manual.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(manual.headers['content-security-policy']).toContain("default-src 'none'");
    const { cookie } = await guarded.session('vera');
    expect((await ask(guarded.http, '/', { headers: { ...html, cookie } })).status).toBe(200);
  });

  test('with ?token= is one of an operator; an old link does no harm to who may look anyway', async () => {
    const { status, headers } = await ask(guarded.http, `/?range=5&token=${guarded.token}`);
    expect([status, headers.location]).toEqual([303, '/?range=5']);
    const cookie = cookieOf({ status, headers, body: '' });
    expect(cookie).not.toContain(guarded.token);
    expect(meIn(await ask(guarded.http, '/api/v1/me', { headers: { cookie } }))).toMatchObject({ role: 'operator' });
    expect((await ask(open.http, '/?token=old')).status).toBe(200);
  });
});

test('what happened is in the audit file, without secrets, and counted', async () => {
  const otto = await guarded.session('otto');
  await ask(guarded.http, '/api/v1/import', change(otto));
  await ask(guarded.http, '/api/v1/import', { method: 'POST', headers: { cookie: otto.cookie } });
  await logIn(guarded.http, passwords.vera, 'name and password changed about');
  await ask(guarded.http, '/api/v1/logout', change(otto));
  const headers = { authorization: `Bearer ${guarded.token}` };
  const { lines } = JSON.parse((await ask(guarded.http, '/api/v1/audit?limit=5', { headers })).body) as AuditLines;
  const told = lines.map(({ who, role, action, outcome, status }) => [who, role, action, outcome, status]);
  expect(told.reverse()).toEqual([
    ['otto', 'operator', 'login', 'done', undefined],
    ['otto', 'operator', 'import', 'failed', 400],
    ['otto', 'operator', 'import', 'refused', 403],
    ['unknown', 'none', 'login', 'refused', undefined],
    ['otto', 'operator', 'logout', 'done', 200],
  ]);
  expect(new Set(lines.map(({ from }) => from))).toEqual(new Set(['127.0.0.1']));
  const text = readFileSync(join(directory, 'guarded/audit.jsonl'), 'utf8');
  for (const secret of [guarded.token, ...Object.values(passwords), otto.cookie.split('=')[1]!, otto.csrf]) {
    expect(text).not.toContain(secret);
  }
  const { body } = await ask(guarded.http, '/metrics', { headers });
  expect(Number(/^weir_collector_audit_lines_total (\d+)$/m.exec(body)![1])).toBeGreaterThan(4);
  expect(Number(/^weir_collector_login_failures_total (\d+)$/m.exec(body)![1])).toBeGreaterThan(0);
});
