import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { readOrMakeToken } from './token.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-http-'));
let open: Collector;
let guarded: Collector;
let token: string;

beforeAll(async () => {
  const common = { ...noDatabases, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] };
  open = await startCollector({ ...common, data: join(directory, 'open') });
  guarded = await startCollector({
    ...common,
    data: join(directory, 'guarded'),
    'token-file': join(directory, 'guarded', 'secret'),
  });
  token = readFileSync(join(directory, 'guarded', 'secret'), 'utf8').trim();
});
afterAll(async () => {
  await open.stop();
  await guarded.stop();
  rmSync(directory, { recursive: true });
});

/** Asks with headers that fetch would not send. */
function get(collector: Collector, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(collector.http);
    request({ hostname, port, path, headers }, response => {
      let body = '';
      response.on('data', chunk => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('on loopback', () => {
  test.each(['127.0.0.1', 'localhost:4780', '[::1]:4780', 'weir.localhost'])('answers to Host %s', async host => {
    expect((await get(open, '/api/v1/status', { host })).status).toBe(200);
  });
  test.each(['example.org', 'localhost.example.org', '10.0.0.1', '0.0.0.0', 'example.org:4780'])(
    'refuses Host %s: DNS rebinding',
    async host => {
      for (const path of ['/api/v1/status', '/', '/metrics', '/nothing']) {
        const { status, body } = await get(open, path, { host });
        expect(status).toBe(403);
        expect(JSON.parse(body).error).toMatch(/localhost only/);
      }
    },
  );
});

describe('with a token', () => {
  test('refuses who has none or a wrong one, everywhere but at /healthz', async () => {
    const wrong = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${token}` },
      { cookie: 'weir-token=' },
    ];
    for (const path of ['/', '/api/v1/status', '/api/v1/openapi.json', '/metrics', '/nothing', '/?token=wrong']) {
      for (const headers of wrong) expect((await get(guarded, path, headers)).status, path).toBe(401);
    }
    expect((await get(guarded, '/healthz')).status).toBe(200);
  });

  test('lets in by header, and by cookie after one visit with ?token=', async () => {
    expect((await get(guarded, '/api/v1/status', { authorization: `Bearer ${token}` })).status).toBe(200);
    const visit = await get(guarded, `/?range=5&token=${token}`);
    expect(visit.status).toBe(303);
    expect(visit.headers.location).toBe('/?range=5');
    const [cookie] = visit.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const value = cookie!.split(';', 1)[0]!;
    expect((await get(guarded, '/api/v1/status', { cookie: `other=1; ${value}` })).status).toBe(200);
    for (const path of ['//example.org/', '///example.org/', '/\\\\example.org/', 'http://example.org/']) {
      expect((await get(guarded, `${path}?token=${token}`)).headers.location).toMatch(/^\/(?!\/)/);
    }
  });

  test('the file is made for its owner only, kept, and refused when it holds no token', () => {
    const file = join(directory, 'made', 'token');
    const made = readOrMakeToken(file);
    expect(made.length).toBeGreaterThan(40);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readOrMakeToken(file)).toBe(made);
    writeFileSync(file, 'short\n');
    expect(() => readOrMakeToken(file)).toThrow(/16 printable characters/);
    expect(() => readOrMakeToken(join(file, 'token'))).toThrow(/cannot make the token file/);
  });
});

test('every answer has its protecting headers, and none lets other sites in', async () => {
  for (const path of ['/', '/api/v1/status', '/nothing', '/api/v1/flows?limit=x']) {
    const { headers } = await get(open, path, { origin: 'http://example.org' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*/);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['permissions-policy']).toMatch(/camera=\(\)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
  expect((await get(open, '/api/v1/status')).headers['cache-control']).toBe('no-store');
});

function cursor(text: string): string {
  return Buffer.from(text).toString('base64url');
}

test.each([
  ['/api/v1/flows?filter=src%20hostt%20x', /column 5/, 5],
  ['/api/v1/records?filter=(', /column/, 2],
  ['/api/v1/groups?by=src&filter=octets%20%3E', /column/, 9],
  ['/api/v1/series?filter=%C3', /column 1/, 1],
  ['/api/v1/flows?limit=0', /limit must be >= 1/, undefined],
  ['/api/v1/flows?order=best', /order must be equal/, undefined],
  ['/api/v1/flows?columns=srcport,bogus', /there is no column "bogus"/, undefined],
  ['/api/v1/flows?after=bogus', /after: is not what `next` of an earlier answer said/, undefined],
  [`/api/v1/flows?after=${cursor('newest -9223372036854775808 1')}`, /after: is not what/, undefined],
  [`/api/v1/flows?after=${cursor('newest 1 18446744073709551616')}`, /after: is not what/, undefined],
  [`/api/v1/flows?after=${cursor('largest 1 1')}`, /after: is of a list that is ordered by largest/, undefined],
  ['/api/v1/session', /required property 'id'/, undefined],
  ['/api/v1/session?id=12-x', /id: "12-x" is no id of a Flow/, undefined],
  ['/api/v1/flows?from=yesterday', /from: "yesterday" is no time/, undefined],
  ['/api/v1/flows?from=now&to=-5m', /from: must be before to/, undefined],
  ['/api/v1/groups?by=nonsense', /cannot group by "nonsense"/, undefined],
  ['/api/v1/export?format=parquet&filter=octets%20%3E', /column/, 9],
  ['/api/v1/export?format=ipfix&filter=(', /column/, 2],
  ['/api/v1/export?format=xls', /format must be equal/, undefined],
  ['/api/v1/groups', /required property 'by'/, undefined],
  ['/api/v1/series?towards=office', /towards: "office" is no network/, undefined],
  ['/api/v1/series/by?by=dst&towards=10.0.0.0%2F33', /towards: .* is no network/, undefined],
  ['/api/v1/series?from=-20y&step=1', /more than 20000 buckets/, undefined],
])('%s is answered with what is wrong', async (path, message, column) => {
  const { status, body } = await get(open, path);
  expect(status).toBe(400);
  const answer = JSON.parse(body);
  expect(answer.error).toMatch(message);
  expect(answer.column).toBe(column);
});

describe('the files of the pages', () => {
  test('come compressed as the reader can read them, and say that this depends on the reader', async () => {
    const plain = await get(open, '/');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toMatch(/<title>Weir/);
    for (const encoding of ['br', 'gzip']) {
      const { status, headers } = await get(open, '/', { 'accept-encoding': encoding });
      expect([status, headers['content-encoding'], headers.vary]).toEqual([200, encoding, 'accept-encoding']);
      expect(headers['content-type']).toMatch(/^text\/html/);
      expect(Number(headers['content-length'])).toBeLessThan(plain.body.length);
    }
  });

  test('are asked for again each time, but for those whose names change with them', async () => {
    const { headers, body } = await get(open, '/');
    expect(headers['cache-control']).toBe('no-cache');
    expect((await get(open, '/', { 'if-none-match': String(headers.etag) })).status).toBe(304);
    const assets = [...body.matchAll(/"\.(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) {
      const { status, headers } = await get(open, asset);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    }
  });
});

test('nothing but the pages is served from the file system', async () => {
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/.env',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/',
    '/docs/../../package.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/how-to/',
  ]) {
    expect([403, 404], path).toContain((await get(open, path)).status);
  }
});

test('the description lists every route of the API', async () => {
  const { paths, openapi } = JSON.parse((await get(open, '/api/v1/openapi.json')).body);
  expect(openapi).toMatch(/^3\./);
  const names = [
    'alerts',
    'alerts/acknowledged',
    'alerts/acknowledged/{id}',
    'alerts/mutes',
    'alerts/mutes/{id}',
    'alerts/test',
    'audit',
    'billing/bills',
    'billing/bills.csv',
    'billing/entries',
    'bottlenecks',
    'complete',
    'events',
    'export',
    'exporters',
    'flows',
    'groups',
    'import',
    'interfaces',
    'live',
    'login',
    'logout',
    'me',
    'mesh',
    'mesh/changes',
    'mesh/coverage',
    'mesh/export/geojson',
    'mesh/export/meshviewer.json',
    'mesh/export/netjson',
    'mesh/history',
    'mesh/image',
    'mesh/loads',
    'mesh/state',
    'mesh/tiles',
    'names',
    'openapi.json',
    'probe',
    'probe/{name}/apply',
    'probe/{name}/check',
    'probe/{name}/findings',
    'probe/{name}/mend',
    'probe/{name}/restart',
    'probe/{name}/setup',
    'probe/{name}/undo',
    'quality',
    'quality/series',
    'records',
    'report',
    'report.json',
    'reports',
    'series',
    'series/by',
    'session',
    'sessions/statistics',
    'status',
    'summary',
    'watched',
    'watched/parameters',
    'watched/preview',
  ];
  expect(Object.keys(paths).sort()).toEqual(names.map(name => `/api/v1/${name}`));
  expect(paths['/api/v1/flows'].get.parameters.map((p: { name: string }) => p.name)).toContain('filter');
});
