import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, change, type Question } from './testing/ask.js';
import { PeopledCollector } from './testing/peopled.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-roles-'));
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
  'POST /api/v1/watched/parameters': 'operator',
  'GET /api/v1/quality': 'viewer',
  'GET /api/v1/quality/series': 'viewer',
  'GET /api/v1/report': 'viewer',
  'GET /api/v1/report.json': 'viewer',
  'GET /api/v1/reports': 'viewer',
  'GET /api/v1/records': 'viewer',
  'GET /api/v1/series': 'viewer',
  'GET /api/v1/sessions/statistics': 'viewer',
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
  'POST /api/v1/probe/{name}/restart': 'operator',
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

  const askers: { at: PeopledCollector; role: keyof typeof rank; headers?: Question['headers'] }[] = [
    { at: guarded, role: 'none', headers: {} },
    { at: guarded, role: 'none', headers: { authorization: 'Bearer wrong' } },
    { at: guarded, role: 'none', headers: { cookie: 'weir-session=wrong' } },
    { at: guarded, role: 'viewer', ...change(await guarded.session('vera')) },
    { at: guarded, role: 'operator', ...change(await guarded.session('otto')) },
    { at: guarded, role: 'operator', ...change(await guarded.session()) },
    { at: guarded, role: 'operator', headers: { authorization: `Bearer ${guarded.token}` } },
    { at: open, role: 'viewer', headers: {} },
    { at: open, role: 'viewer', ...change(await open.session('vera')) },
    { at: open, role: 'operator', ...change(await open.session('otto')) },
    { at: open, role: 'operator', headers: { authorization: `Bearer ${open.token}` } },
    { at: open, role: 'viewer', headers: { authorization: `Bearer ${guarded.token}` } },
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
