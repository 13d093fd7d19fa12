import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../../main/start.js';
import { noDatabases } from '../../main/testing/options.js';
import { ask, errorIn, type Question } from '../testing/ask.js';
import { writeMeshFeed } from '../testing/mesh-feed.js';
import type { MeshChanges, MeshCoverage, MeshEvent, MeshHistory, MeshState, Topologies } from '../types.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-mesh-'));
const feed = join(directory, 'meshviewer.json');
const tiles = join(directory, 'city.pmtiles');
const plan = join(directory, 'plan.png');
/** Anybody may see the map of this one, and who has the token all. */
let open: Collector;
/** Who has no token sees nothing. */
let closed: Collector;
let token: string;

const writeFeed = (clients: number, tq: number) => writeMeshFeed(feed, clients, tq);

beforeAll(async () => {
  writeFeed(7, 255);
  writeFileSync(tiles, 'PMTiles0123456789');
  writeFileSync(plan, 'a picture');
  const common = { ...noDatabases, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'], topology: [`city=${feed}`] };
  for (const name of ['open', 'closed']) mkdirSync(join(directory, name));
  open = await startCollector({
    ...{ ...common, data: join(directory, 'open'), 'token-file': join(directory, 'token') },
    ...{ 'topology-interval': 5, 'public-map': true },
    ...{ 'map-tiles': tiles, 'map-attribution': 'somebody', 'map-image': `${plan}=53.2,8.8,53.1,8.9` },
  });
  closed = await startCollector({
    ...{ ...common, data: join(directory, 'closed'), 'token-file': join(directory, 'token') },
    'map-tiles': 'https://tile.example.org/a/{z}/{x}/{y}.png',
  });
  token = readFileSync(join(directory, 'token'), 'utf8').trim();
  await until(async () => (await answer<Topologies>('/api/v1/mesh')).topologies[0]?.state === 'fresh');
}, 60_000);
afterAll(async () => {
  await open.stop();
  await closed.stop();
  rmSync(directory, { recursive: true });
});

const asOperator = (): Question => ({ headers: { authorization: `Bearer ${token}` } });

async function answer<T>(path: string, question: Question = asOperator()): Promise<T> {
  const { status, body } = await ask(open.http, path, question);
  expect(status, body).toBe(200);
  return JSON.parse(body) as T;
}

test('the topologies, and the base map', async () => {
  const { topologies, public: isPublic, map } = await answer<Topologies>('/api/v1/mesh');
  expect(isPublic).toBe(false);
  expect(topologies).toMatchObject([{ name: 'city', nodes: 2, links: 1, gateways: 1, unplaced: 0, state: 'fresh' }]);
  expect(map).toEqual({
    ...{ tiles: { kind: 'pmtiles', url: 'api/v1/mesh/tiles' }, attribution: 'somebody' },
    image: { url: 'api/v1/mesh/image', north: 53.2, west: 8.8, south: 53.1, east: 8.9 },
  });
});

test('the state of now and of then, and what changed between', async () => {
  const first = await answer<MeshState>('/api/v1/mesh/state?topology=city');
  expect(first.nodes[0]).toMatchObject({ name: 'node-aa0000000001', clients: 7, leavesBy: 'aa0000000002' });
  expect(first.nodes[0]!.addresses).toContain('fd00::a');
  expect(first.links).toMatchObject([{ kind: 'wireless', quality: 1, reverseQuality: 0.5 }]);
  writeFeed(9, 127);
  await until(async () => (await answer<MeshState>('/api/v1/mesh/state')).nodes[0]!.clients === 9);
  const second = await answer<MeshState>('/api/v1/mesh/state');
  expect(second.at).toBeGreaterThan(first.at);
  const asked = `/api/v1/mesh/changes?from=${first.at}&to=${second.at + 1000}`;
  await until(async () => (await answer<MeshChanges>(asked)).changes.length > 0);
  const { changes, more } = await answer<MeshChanges>(asked);
  expect(more).toBe(false);
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ nodes: [{ clients: 9 }], links: [{ quality: 127 / 255 }], goneNodes: [] });
  const then = await answer<MeshState>(`/api/v1/mesh/state?at=${second.at - 1}`);
  expect(then.nodes[0]!.clients).toBe(7);
}, 60_000);

test('who listens is told that it has become different', async () => {
  const abort = new AbortController();
  const { headers } = asOperator();
  const live = await fetch(new URL('/api/v1/live', open.http), {
    headers: headers as Record<string, string>,
    signal: abort.signal,
  });
  writeFeed(7, 200);
  let text = '';
  for await (const chunk of live.body!) {
    text += Buffer.from(chunk).toString();
    if (/event: mesh\ndata: .*\n\n/.test(text)) break;
  }
  abort.abort();
  const event = JSON.parse(/event: mesh\ndata: (.*)/.exec(text)![1]!) as MeshEvent;
  expect(event).toMatchObject({ topology: 'city', state: true });
  expect(event.at).toBe((await answer<MeshState>('/api/v1/mesh/state')).at);
}, 30_000);

test('a node and a link over time, and when there was something', async () => {
  const node = await answer<MeshHistory>('/api/v1/mesh/history?node=aa0000000001&from=-1m&step=5');
  expect(node.online!.filter(each => each !== null)).toContain(true);
  expect(node.clients).toContain(7);
  expect(node).not.toHaveProperty('quality');
  const link = await answer<MeshHistory>('/api/v1/mesh/history?link=aa0000000001~aa0000000002&from=-1m&step=5');
  expect(link.quality).toContain(1);
  expect(link.times).toHaveLength(link.quality!.length);
  const { sources } = await answer<MeshCoverage>('/api/v1/mesh/coverage?from=-1h');
  expect(sources.map(({ name, kind }) => [name, kind])).toEqual([
    ['city', 'topology'],
    ['flows', 'flows'],
  ]);
  expect(sources[0]!.spans).toHaveLength(1);
  expect(sources[0]!.spans[0]![1]).toBeGreaterThan(Date.now() - 30_000);
});

test.each([
  ['/api/v1/mesh/state?topology=town', 404, /there is no topology "town"; there is city/],
  ['/api/v1/mesh/state?at=2001-01-01', 404, /nothing is known of "city" at that time/],
  ['/api/v1/mesh/state?at=yesterday', 400, /at: "yesterday" is no time/],
  ['/api/v1/mesh/changes?from=now&to=-5m', 400, /from: must be before to/],
  ['/api/v1/mesh/history?from=-1m', 400, /name either a node or a link/],
  ['/api/v1/mesh/history?node=a&link=b', 400, /name either a node or a link/],
])('%s is answered %i', async (path, status, message) => {
  const refused = await ask(open.http, path, asOperator());
  expect([refused.status, errorIn(refused)]).toEqual([status, expect.stringMatching(message)]);
});

describe('the files of the base map', () => {
  test('come whole, and in part', async () => {
    const whole = await ask(open.http, '/api/v1/mesh/tiles', asOperator());
    expect([whole.status, whole.body, whole.headers['accept-ranges']]).toEqual([200, 'PMTiles0123456789', 'bytes']);
    for (const [range, status, body, content] of [
      ['bytes=7-9', 206, '012', 'bytes 7-9/17'],
      ['bytes=15-99', 206, '89', 'bytes 15-16/17'],
      ['bytes=-3', 206, '789', 'bytes 14-16/17'],
      ['bytes=16-', 206, '9', 'bytes 16-16/17'],
      ['bytes=5-4', 200, 'PMTiles0123456789', undefined],
      ['bytes=0-1,3-4', 200, 'PMTiles0123456789', undefined],
      ['lines=1-2', 200, 'PMTiles0123456789', undefined],
    ] as const) {
      const part = await ask(open.http, '/api/v1/mesh/tiles', { headers: { range } });
      expect([part.status, part.body, part.headers['content-range']], range).toEqual([status, body, content]);
    }
    const behind = await ask(open.http, '/api/v1/mesh/tiles', { headers: { range: 'bytes=17-' } });
    expect([behind.status, behind.headers['content-range']]).toEqual([416, 'bytes */17']);
    const image = await ask(open.http, '/api/v1/mesh/image');
    expect([image.status, image.headers['content-type'], image.body]).toEqual([200, 'image/png', 'a picture']);
  });

  test('are not there where none is set; tiles of elsewhere are asked for there, and nobody else', async () => {
    for (const path of ['tiles', 'image'])
      expect((await ask(closed.http, `/api/v1/mesh/${path}`, asOperator())).status).toBe(404);
    const policy = String((await ask(closed.http, '/', asOperator())).headers['content-security-policy']);
    expect(policy).toContain("img-src 'self' https://tile.example.org;");
    expect(policy).toContain("connect-src 'self' https://tile.example.org;");
    expect(policy.match(/https?:/g)).toHaveLength(2);
  });
});

describe('who is not logged in', () => {
  const routes = [
    '',
    '/state',
    '/changes',
    '/coverage',
    '/history?node=aa0000000001',
    '/export/netjson',
    '/tiles',
    '/image',
  ];
  const pages = { accept: 'text/html' };

  test('sees nothing where the map is not public', async () => {
    for (const route of routes) expect((await ask(closed.http, `/api/v1/mesh${route}`)).status, route).toBe(401);
    for (const page of ['/?page=map', '/?page=map&embed=1']) {
      const { status, headers } = await ask(closed.http, page, { headers: pages });
      expect([status, String(headers.location)]).toEqual([303, expect.stringMatching(/^\.\/login\.html/)]);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    }
  });

  test('sees the map where it is, and nothing else', async () => {
    for (const route of routes) expect((await ask(open.http, `/api/v1/mesh${route}`)).status, route).toBe(200);
    expect((await ask(open.http, '/?page=map', { headers: pages })).status).toBe(200);
    for (const path of [
      '/',
      '/?page=flows',
      '//?page=map',
      '/metrics?page=map',
      '/api/v1/flows?page=map',
      '/api/v1/live',
    ])
      expect([303, 401, 404], path).toContain((await ask(open.http, path, { headers: pages })).status);
  });

  test('sees no addresses, no people, and no small numbers', async () => {
    const bodies = await Promise.all(
      ['', '/state', '/changes?from=-1h', '/export/netjson', '/export/geojson', '/export/meshviewer.json'].map(
        async path => (await ask(open.http, `/api/v1/mesh${path}`)).body,
      ),
    );
    for (const body of bodies) expect(body).not.toMatch(/fd00::a|10\.1\.0\.1|example\.org|"clients":[79]\b/);
    const { nodes } = JSON.parse(bodies[1]!) as MeshState;
    expect(nodes[0]).toMatchObject({ clients: 5, addresses: [], details: { model: 'M' } });
    expect((JSON.parse(bodies[0]!) as Topologies).public).toBe(true);
    const history = await answer<MeshHistory>('/api/v1/mesh/history?node=aa0000000001&from=-1h&step=5', {});
    expect(history.times[1]! - history.times[0]!).toBe(300_000);
    expect(history.clients).not.toContain(7);
  });

  test('may have the map in a frame of another page, and read exports from there; nothing else', async () => {
    const framed = await ask(open.http, '/?page=map&embed=1', { headers: pages });
    expect(framed.headers['content-security-policy']).toMatch(/frame-ancestors \*;/);
    for (const path of ['/?page=map', '/?page=flows&embed=1', '/login.html?page=map&embed=1', '/api/v1/mesh?embed=1']) {
      const { headers } = await ask(open.http, path, { headers: pages });
      expect(headers['content-security-policy'], path).toMatch(/frame-ancestors 'none'/);
    }
    const exported = '/api/v1/mesh/export/meshviewer.json';
    expect((await ask(open.http, exported)).headers['access-control-allow-origin']).toBe('*');
    expect((await ask(open.http, '/api/v1/mesh')).headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask(open.http, exported, asOperator())).headers['access-control-allow-origin']).toBeUndefined();
  });

  // The last: nothing is answered for a while then.
  test('is not answered without end', async () => {
    let [answered, refused] = [0, 0];
    for (let i = 0; i < 130; i++) {
      const { status, headers } = await ask(open.http, '/api/v1/mesh');
      if (status === 200) answered++;
      else {
        expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
        refused++;
      }
    }
    expect(answered).toBeLessThanOrEqual(120);
    expect(refused).toBeGreaterThanOrEqual(10);
    // Files of tiles are many small parts.
    expect((await ask(open.http, '/api/v1/mesh/tiles')).status).toBe(200);
    expect((await ask(open.http, '/api/v1/mesh', asOperator())).status).toBe(200);
    const metrics = (await ask(open.http, '/metrics', asOperator())).body;
    expect(metrics).toMatch(/^weir_collector_refused_public_requests_total [1-9]/m);
    expect(metrics).toMatch(/^weir_collector_topology_reads_total\{topology="city"\} [1-9]/m);
    expect(metrics).toMatch(/^weir_collector_mesh_history_looks_total [1-9]/m);
  });
});
