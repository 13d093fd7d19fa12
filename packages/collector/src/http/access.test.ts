import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../collecting/testing/certificates.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { ask, change, cookieOf, errorIn, type LoggedIn, logIn, meIn, type Question } from './testing/ask.js';
import type { AuditLines } from './types.js';
import { makeUser, readUsers, type User, writeUsers } from './users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-access-'));
const passwords = { vera: 'a viewer has this one', otto: 'an operator has this one' } as const;
type Name = keyof typeof passwords;
let users: User[];
let token: string;
/** Everybody has to log in. */
let guarded: Collector;
/** As it comes: on loopback anybody may look. */
let open: Collector;

const optionsOf = (name: string) => ({
  ...noDatabases,
  http: '127.0.0.1:0',
  listen: ['udp://127.0.0.1:0'],
  data: join(directory, name),
});
const startGuarded = () => startCollector({ ...optionsOf('guarded'), 'token-file': join(directory, 'guarded/token') });

beforeAll(async () => {
  users = [await makeUser('vera', 'viewer', passwords.vera), await makeUser('otto', 'operator', passwords.otto)];
  for (const name of ['guarded', 'open', 'proxied', 'encrypted']) {
    mkdirSync(join(directory, name));
    writeUsers(join(directory, name, 'users'), users);
  }
  guarded = await startGuarded();
  open = await startCollector(optionsOf('open'));
  token = tokenOf(guarded);
}, 60_000);
afterAll(async () => {
  await guarded.stop();
  await open.stop();
  rmSync(directory, { recursive: true });
});

function tokenOf(at: Collector): string {
  return readFileSync(join(directory, at === open ? 'open' : 'guarded', 'token'), 'utf8').trim();
}

async function session(at: Collector, name?: Name): Promise<LoggedIn> {
  const answer = await logIn(at.http, name, name === undefined ? tokenOf(at) : passwords[name]);
  expect(answer.status).toBe(200);
  return { cookie: cookieOf(answer), csrf: meIn(answer).csrf! };
}

/** The least role that each route asks for. A route that is not here fails the test: somebody has to say who may use it. */
const roles: Readonly<Record<string, 'none' | 'viewer' | 'operator'>> = {
  'GET /': 'viewer',
  'GET /healthz': 'none',
  'GET /metrics': 'viewer',
  'GET /nothing': 'viewer',
  'DELETE /api/v1/alerts/acknowledged/{id}': 'operator',
  'DELETE /api/v1/alerts/mutes/{id}': 'operator',
  'GET /api/v1/alerts': 'viewer',
  'GET /api/v1/alerts/acknowledged': 'viewer',
  'GET /api/v1/alerts/mutes': 'viewer',
  'GET /api/v1/audit': 'operator',
  'GET /api/v1/billing/bills': 'viewer',
  'GET /api/v1/billing/bills.csv': 'viewer',
  'GET /api/v1/billing/entries': 'viewer',
  'GET /api/v1/bottlenecks': 'viewer',
  'GET /api/v1/complete': 'viewer',
  'GET /api/v1/export': 'viewer',
  'GET /api/v1/exporters': 'viewer',
  'GET /api/v1/flows': 'viewer',
  'GET /api/v1/groups': 'viewer',
  'GET /api/v1/interfaces': 'viewer',
  'GET /api/v1/live': 'viewer',
  'GET /api/v1/me': 'none',
  'GET /api/v1/mesh': 'viewer',
  'GET /api/v1/mesh/changes': 'viewer',
  'GET /api/v1/mesh/coverage': 'viewer',
  'GET /api/v1/mesh/export/geojson': 'viewer',
  'GET /api/v1/mesh/export/meshviewer.json': 'viewer',
  'GET /api/v1/mesh/export/netjson': 'viewer',
  'GET /api/v1/mesh/history': 'viewer',
  'GET /api/v1/mesh/image': 'viewer',
  'GET /api/v1/mesh/state': 'viewer',
  'GET /api/v1/mesh/tiles': 'viewer',
  'GET /api/v1/mesh/loads': 'viewer',
  'GET /api/v1/names': 'viewer',
  'GET /api/v1/openapi.json': 'viewer',
  'GET /api/v1/probe': 'viewer',
  'GET /api/v1/probe/{name}/findings': 'viewer',
  'GET /api/v1/probe/{name}/setup': 'viewer',
  'GET /api/v1/events': 'viewer',
  'GET /api/v1/watched': 'viewer',
  'GET /api/v1/watched/preview': 'viewer',
  'GET /api/v1/quality': 'viewer',
  'GET /api/v1/quality/series': 'viewer',
  'GET /api/v1/records': 'viewer',
  'GET /api/v1/report': 'viewer',
  'GET /api/v1/report.json': 'viewer',
  'GET /api/v1/reports': 'viewer',
  'GET /api/v1/series': 'viewer',
  'GET /api/v1/series/by': 'viewer',
  'GET /api/v1/session': 'viewer',
  'GET /api/v1/status': 'viewer',
  'GET /api/v1/summary': 'viewer',
  'POST /api/v1/alerts/acknowledged': 'operator',
  'POST /api/v1/alerts/mutes': 'operator',
  'POST /api/v1/alerts/test': 'operator',
  'POST /api/v1/billing/entries': 'operator',
  'POST /api/v1/import': 'operator',
  'POST /api/v1/probe/{name}/apply': 'operator',
  'POST /api/v1/probe/{name}/check': 'operator',
  'POST /api/v1/probe/{name}/mend': 'operator',
  'POST /api/v1/probe/{name}/undo': 'operator',
  'POST /nothing': 'operator',
  // The last: it ends the session.
  'POST /api/v1/logout': 'viewer',
};
const rank = { none: 0, viewer: 1, operator: 2 } as const;

test('every route lets in who may ask, and nobody else', { timeout: 120_000 }, async () => {
  const { paths } = JSON.parse((await ask(open.http, '/api/v1/openapi.json')).body) as {
    paths: Record<string, object>;
  };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  );
  // Logging in is for who is nobody yet.
  const known = [...Object.keys(roles), 'POST /api/v1/login'];
  expect(known).toEqual(expect.arrayContaining(described));

  const askers: { at: Collector; role: keyof typeof rank; headers?: Question['headers'] }[] = [
    { at: guarded, role: 'none', headers: {} },
    { at: guarded, role: 'none', headers: { authorization: 'Bearer wrong' } },
    { at: guarded, role: 'none', headers: { cookie: 'weir-session=wrong' } },
    { at: guarded, role: 'viewer', ...change(await session(guarded, 'vera')) },
    { at: guarded, role: 'operator', ...change(await session(guarded, 'otto')) },
    { at: guarded, role: 'operator', ...change(await session(guarded)) },
    { at: guarded, role: 'operator', headers: { authorization: `Bearer ${token}` } },
    { at: open, role: 'viewer', headers: {} },
    { at: open, role: 'viewer', ...change(await session(open, 'vera')) },
    { at: open, role: 'operator', ...change(await session(open, 'otto')) },
    { at: open, role: 'operator', headers: { authorization: `Bearer ${tokenOf(open)}` } },
    { at: open, role: 'viewer', headers: { authorization: `Bearer ${token}` } },
  ];
  for (const { at, role, headers = {} } of askers) {
    for (const [route, needed] of Object.entries(roles)) {
      const [method, path] = route.split(' ') as [string, string];
      const { status } = await ask(at.http, path, { method, headers });
      const refused = status === 401 || status === 403;
      expect(refused, `${route} by ${role} with ${JSON.stringify(headers)}: ${status}`).toBe(rank[role] < rank[needed]);
      if (refused) expect(status).toBe(role === 'none' ? 401 : 403);
    }
  }
});

describe('a session', () => {
  test('is somebody, until the logout', async () => {
    const { cookie, csrf } = await session(guarded, 'vera');
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
    const [vera, otto] = [await session(guarded, 'vera'), await session(guarded, 'otto')];
    await guarded.stop();
    guarded = await startGuarded();
    const statusOf = async ({ cookie }: LoggedIn) =>
      (await ask(guarded.http, '/api/v1/status', { headers: { cookie } })).status;
    expect([await statusOf(vera), await statusOf(otto)]).toEqual([200, 200]);
    const file = join(directory, 'guarded/users');
    writeUsers(file, [await makeUser('otto', 'operator', 'another password')]);
    expect([await statusOf(vera), await statusOf(otto)]).toEqual([401, 401]);
    writeUsers(file, users);
    expect(readUsers(file)).toEqual(users);
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
    const { cookie, csrf } = await session(guarded, 'otto');
    const same = { cookie, 'sec-fetch-site': 'same-origin' };
    const host = new URL(guarded.http).host;
    const refused = [
      same,
      { ...same, 'x-weir-csrf': 'wrong' },
      { ...same, 'x-weir-csrf': (await session(guarded, 'otto')).csrf },
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
    const headers = { authorization: `Bearer ${token}` };
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
    const { cookie } = await session(guarded, 'vera');
    expect((await ask(guarded.http, '/', { headers: { ...html, cookie } })).status).toBe(200);
  });

  test('with ?token= is one of an operator; an old link does no harm to who may look anyway', async () => {
    const { status, headers } = await ask(guarded.http, `/?range=5&token=${token}`);
    expect([status, headers.location]).toEqual([303, '/?range=5']);
    const cookie = cookieOf({ status, headers, body: '' });
    expect(cookie).not.toContain(token);
    expect(meIn(await ask(guarded.http, '/api/v1/me', { headers: { cookie } }))).toMatchObject({ role: 'operator' });
    expect((await ask(open.http, '/?token=old')).status).toBe(200);
  });
});

test('what happened is in the audit file, without secrets, and counted', async () => {
  const otto = await session(guarded, 'otto');
  await ask(guarded.http, '/api/v1/import', change(otto));
  await ask(guarded.http, '/api/v1/import', { method: 'POST', headers: { cookie: otto.cookie } });
  await logIn(guarded.http, passwords.vera, 'name and password changed about');
  await ask(guarded.http, '/api/v1/logout', change(otto));
  const headers = { authorization: `Bearer ${token}` };
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
  for (const secret of [token, ...Object.values(passwords), otto.cookie.split('=')[1]!, otto.csrf]) {
    expect(text).not.toContain(secret);
  }
  const { body } = await ask(guarded.http, '/metrics', { headers });
  expect(Number(/^weir_collector_audit_lines_total (\d+)$/m.exec(body)![1])).toBeGreaterThan(4);
  expect(Number(/^weir_collector_login_failures_total (\d+)$/m.exec(body)![1])).toBeGreaterThan(0);
});

test('behind a proxy, what it says of address and scheme counts', async () => {
  const proxied = await startCollector({ ...optionsOf('proxied'), 'http-behind-proxy': true });
  try {
    expect((await ask(proxied.http, '/api/v1/status', { headers: { host: 'weir.example.org' } })).status).toBe(401);
    const through = (address: string, scheme: string) => ({
      'x-forwarded-for': `198.51.100.9, ${address}`,
      'x-forwarded-proto': scheme,
    });
    const plain = await logIn(proxied.http, 'vera', passwords.vera, through('192.0.2.1', 'http'));
    expect([plain.status, errorIn(plain)]).toEqual([403, expect.stringMatching(/unencrypted/)]);
    expect((await logIn(proxied.http, 'vera', passwords.vera)).status).toBe(403);
    const good = await logIn(proxied.http, 'vera', passwords.vera, through('192.0.2.1', 'https'));
    expect(good.headers['set-cookie']).toEqual([expect.stringMatching(/; Secure;/)]);
    for (let i = 0; i < 5; i++) {
      expect((await logIn(proxied.http, 'vera', 'wrong', through('2001:db8::1', 'https'))).status).toBe(401);
    }
    const refused = await logIn(proxied.http, 'vera', passwords.vera, through('2001:db8::2', 'https'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await logIn(proxied.http, 'vera', passwords.vera, through('2001:db8:0:1::1', 'https'))).status).toBe(200);
  } finally {
    await proxied.stop();
  }
});

test.skipIf(!haveOpenssl)('over https:// everything is as it is over http://', async () => {
  const { cert, key } = new TestAuthority(directory, 'authority').issue('pages');
  const options = { ...optionsOf('encrypted'), 'http-cert': cert, 'http-key': key };
  const encrypted = await startCollector(options);
  try {
    expect(encrypted.http).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect((await ask(encrypted.http, '/api/v1/status')).status).toBe(200);
    const answer = await logIn(encrypted.http, 'otto', passwords.otto);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/; Secure; Path=/)]);
    await expect(ask(encrypted.http.replace('https', 'http'), '/healthz')).rejects.toThrow();
  } finally {
    await encrypted.stop();
  }
  await expect(startCollector({ ...options, 'http-key': cert })).rejects.toThrow(/cannot serve https with http-cert/);
  await expect(startCollector({ ...optionsOf('encrypted'), 'http-key': key })).rejects.toThrow(/needs both/);
});
