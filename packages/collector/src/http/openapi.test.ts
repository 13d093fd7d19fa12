import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sender, TestExporter, until } from '../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { writeMeshFeed } from './testing/mesh-feed.js';
import type { Exporters, FlowsResponse, MeshChanges } from './types.js';

interface Answer {
  description: string;
  content: Record<string, { schema: Schema }>;
}
interface Operation {
  operationId: string;
  description: string;
  parameters?: { name: string; in: string; description?: string; schema: Schema }[];
  responses: Record<string, Answer>;
}
interface Description {
  openapi: string;
  paths: Record<string, { get?: Operation; post?: Operation }>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
}
type Schema = { [key: string]: unknown };

const directory = mkdtempSync(join(tmpdir(), 'weir-openapi-'));
let collector: Collector;
let description: Description;

beforeAll(async () => {
  writeMeshFeed(join(directory, 'mesh.json'), 7, 255);
  collector = await startCollector({
    ...noDatabases,
    topology: [`city=${join(directory, 'mesh.json')}`],
    alerts: ['log=syslog+udp://127.0.0.1:9'],
    'alert-routes': [{ kinds: ['scan'], 'at-least': ['50 targets'], times: 2, channels: ['log'] }],
    'alert-mute': ['scan=net 192.0.2.0/24 until 2999-01-01T00:00:00Z'],
    reports: [{ name: 'board', network: '10.0.0.0/8', filter: 'proto tcp' }],
    accounts: [{ name: 'office', networks: ['10.0.0.0/8'], quota: '1G' }],
    data: directory,
    http: '127.0.0.1:0',
    listen: ['udp://127.0.0.1:0'],
  });
  const exporter = new TestExporter();
  const { send, close } = sender(Number(new URL(collector.listening[0]!).port));
  await send(exporter.templates());
  for (let i = 0; i < 5; i++) await send(exporter.flows(10));
  await send(exporter.statistics(50n, 0n), exporter.interfaceName(7, 'wan'));
  close();
  await until(() => collector.status().exporters[0]?.statistics !== undefined);
  await until(async () => (await (await get('/api/v1/records')).text()).split('\n').length > 50);
  const changes = async () => (await (await get('/api/v1/mesh/changes?from=-1h')).json()) as MeshChanges;
  await until(async () => (await changes()).changes.length > 0);
  description = (await (await get('/api/v1/openapi.json')).json()) as Description;
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(directory, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(new URL(path, collector.http), init);

/** The schema with its references put in; nothing that it does not name may be in an object, unless it says so. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as Schema;
  if (typeof $ref === 'string') return strict(target($ref));
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, strict(value)]));
  return 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
}

function target(reference: string): Schema {
  const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
  const found = description.components.schemas[name];
  if (found === undefined) throw new Error(`${reference} leads nowhere`);
  return found;
}

function problems(path: string, status: number, type: string, value: unknown): string[] {
  const { get: read, post } = description.paths[path]!;
  const answer = (read ?? post)!.responses[status]!;
  const schema = strict(answer.content[type]!.schema) as never;
  return Value.Errors(schema, value).map(error => `${error.instancePath}: ${error.message}`);
}

/** The first `count` server-sent events. */
async function someEvents(path: string, count: number): Promise<unknown[]> {
  const abort = new AbortController();
  const response = await get(path, { signal: abort.signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    if (text.split('\n\n').length > count) break;
  }
  abort.abort();
  return text
    .split('\n\n')
    .slice(0, count)
    .map(block => ({ event: /event: (\w+)/.exec(block)![1], data: JSON.parse(/data: (.*)/.exec(block)![1]!) }));
}

describe('answers are as the description says', () => {
  test.each([
    ['/api/v1/status', ''],
    ['/api/v1/alerts', ''],
    ['/api/v1/alerts/mutes', ''],
    ['/api/v1/alerts/acknowledged', ''],
    ['/api/v1/flows', ''],
    ['/api/v1/flows', '?order=largest&limit=3'],
    ['/api/v1/flows', '?limit=3&columns=octetDeltaCount,inif,tcpflags'],
    ['/api/v1/series', '?from=-1m&step=5'],
    ['/api/v1/series/by', '?by=src&top=3&from=-1m&step=5'],
    ['/api/v1/series/by', '?by=reason'],
    ['/api/v1/summary', ''],
    ['/api/v1/complete', ''],
    ['/api/v1/complete', '?filter=proto%20tc%20and&cursor=8'],
    ['/api/v1/billing/bills', ''],
    ['/api/v1/names', '?as=64512,13335'],
    ['/api/v1/mesh/loads', '?topology=none'],
    ['/api/v1/openapi.json', ''],
    ['/api/v1/me', ''],
    ['/api/v1/mesh', ''],
    ['/api/v1/mesh/state', ''],
    ['/api/v1/mesh/state', '?at=-1s'],
    ['/api/v1/mesh/changes', '?from=-1h'],
    ['/api/v1/mesh/coverage', ''],
    ['/api/v1/mesh/history', '?node=aa0000000001&from=-1h'],
    ['/api/v1/mesh/history', '?link=aa0000000001~aa0000000002&from=-1h'],
    ['/api/v1/mesh/export/netjson', ''],
    ['/api/v1/mesh/export/geojson', ''],
    ['/api/v1/mesh/export/meshviewer.json', ''],
  ])('%s%s', async (path, query) => {
    const response = await get(path + query);
    expect(response.status).toBe(200);
    expect(problems(path, 200, 'application/json', await response.json())).toEqual([]);
  });

  test('entries of accounts, and the file of a bill', async () => {
    const month = `${new Date().getUTCFullYear() - 1}-12`;
    const token = readFileSync(join(directory, 'token'), 'utf8').trim();
    const enter = (query: string) =>
      get(`/api/v1/billing/entries?${query}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const entered = await enter(`account=office&month=${month}`);
    expect(entered.status).toBe(200);
    expect(await entered.json()).toMatchObject({ number: 1, statement: { account: 'office', month } });
    expect((await enter(`account=office&month=${month}`)).status).toBe(400);
    const list = await (await get('/api/v1/billing/entries?account=office')).json();
    expect(problems('/api/v1/billing/entries', 200, 'application/json', list)).toEqual([]);
    expect(list).toMatchObject({ entries: [{ account: 'office', month, number: 1, by: 'token' }] });
    const bills = await (await get(`/api/v1/billing/bills?account=office&month=${month}`)).json();
    expect(problems('/api/v1/billing/bills', 200, 'application/json', bills)).toEqual([]);
    expect(bills).toMatchObject({ bills: [{ state: 'closed', entry: { number: 1 }, late: { in: 0 } }] });
    const file = await get(`/api/v1/billing/bills.csv?account=office&month=${month}&days=true`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await file.text()).trim().split('\r\n');
    expect(lines).toHaveLength(32);
    expect(lines[0]).toBe('account,month,state,entry,day,inOctets,outOctets,withinOctets');
    expect((await get('/api/v1/billing/bills?account=nobody')).status).toBe(400);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toMatch(/^weir_collector_billing_steps_total [1-9]/m);
  });

  test.each(['newest', 'largest'])('the %s Flows, page by page, and the session of each', async order => {
    const seen: string[] = [];
    let after = '';
    do {
      const response = await get(`/api/v1/flows?order=${order}&limit=20&columns=octetDeltaCount${after}`);
      const answer = (await response.json()) as FlowsResponse;
      expect(problems('/api/v1/flows', 200, 'application/json', answer)).toEqual([]);
      for (const { id, octets, columns } of answer.flows) {
        seen.push(id);
        expect(columns).toEqual({ octetDeltaCount: octets });
      }
      after = answer.next === undefined ? '' : `&after=${answer.next}`;
    } while (after !== '');
    expect([seen.length, new Set(seen).size]).toEqual([50, 50]);
    const session = await (await get(`/api/v1/session?id=${seen[7]}`)).json();
    expect(problems('/api/v1/session', 200, 'application/json', session)).toEqual([]);
    expect(session).toMatchObject({ flow: { id: seen[7] }, records: [{ duplicate: false }], more: false });
    for (const absent of ['closedBy', 'states', 'roundTrip']) expect(session).not.toHaveProperty(absent);
  });

  test('a session that is not there', async () => {
    for (const [query, message] of [
      ['id=17', /^no record of the Flow 17 ended in the last 24 hours; name an earlier time with from$/],
      ['id=17&from=-2d&to=-1d', /^no record of the Flow 17 ended between from and to; name an earlier time/],
    ] as const) {
      const response = await get(`/api/v1/session?${query}`);
      const answer = (await response.json()) as { error: string };
      expect([response.status, answer.error]).toEqual([404, expect.stringMatching(message)]);
      expect(problems('/api/v1/session', 404, 'application/json', answer)).toEqual([]);
    }
  });

  test('names of interfaces are there once the store has kept them', async () => {
    const named = async () =>
      ((await (await get('/api/v1/interfaces')).json()) as { interfaces: unknown[] }).interfaces;
    await until(async () => (await named()).length > 0);
    const answer = { interfaces: await named() };
    expect(answer.interfaces).toEqual([
      { exporter: '127.0.0.1', observationDomainId: 1, interface: 7, name: 'wan', description: '' },
    ]);
    expect(problems('/api/v1/interfaces', 200, 'application/json', answer)).toEqual([]);
  });

  test('exporters, with the Templates that they have told, and the names of their interfaces', async () => {
    const ask = async () => (await (await get('/api/v1/exporters')).json()) as Exporters;
    await until(async () => (await ask()).exporters[0]?.templateList.length === 3);
    await until(async () => (await ask()).exporters[0]!.interfaces.length > 0);
    const answer = await ask();
    expect(problems('/api/v1/exporters', 200, 'application/json', answer)).toEqual([]);
    const [exporter] = answer.exporters;
    expect(exporter).toMatchObject({ address: '127.0.0.1', observationDomainId: 1, transport: 'udp', templates: 3 });
    expect(exporter!.interfaces).toEqual([{ interface: 7, name: 'wan', description: '' }]);
    expect(exporter!.templateList[2]).toEqual({
      templateId: 258,
      fields: ['ingressInterface', 'interfaceName'],
      options: true,
    });
    expect(exporter!.templateList.map(({ options }) => options)).toEqual([false, true, true]);
    expect(exporter!.fields).toContainEqual({ name: 'sourceIPv4Address', templates: 1 });
  });

  test.each([
    ['/api/v1/records', '?limit=7', 7],
    ['/api/v1/groups', '?by=src,proto&top=3', 3],
    ['/api/v1/groups', '?by=', 1],
  ])('each line of %s%s', async (path, query, count) => {
    const response = await get(path + query);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).trim().split('\n');
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      expect(problems(path, 200, 'application/x-ndjson', JSON.parse(line))).toEqual([]);
    }
  });

  test.each([
    ['ipfix', 'application/ipfix', /^\0\n/],
    ['parquet', 'application/vnd.apache.parquet', /^PAR1.*PAR1$/s],
    ['ndjson', 'application/x-ndjson', /^\{"exportTime"/],
  ])('a file of /api/v1/export?format=%s', async (format, type, content) => {
    const response = await get(`/api/v1/export?format=${format}`);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="flows.${format}"`);
    expect(Object.keys(description.paths['/api/v1/export']!.get!.responses[200]!.content)).toContain(type);
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toMatch(content);
  });

  test('/api/v1/import', async () => {
    const post = (body: Uint8Array | string) =>
      new Promise<{ status: number; value: unknown }>((resolve, reject) => {
        const headers = { 'content-type': 'application/octet-stream' };
        const options = {
          socketPath: join(directory, 'collector.sock'),
          path: '/api/v1/import',
          method: 'POST',
          headers,
        };
        const asked = request(options, response => {
          let text = '';
          response.on('data', chunk => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode!, value: JSON.parse(text) }));
        });
        asked.once('error', reject).end(body);
      });
    for (const body of ['no flow', new TestExporter().templates()]) {
      const { status, value } = await post(body);
      expect(status).toBe(200);
      expect(problems('/api/v1/import', 200, 'application/json', value)).toEqual([]);
    }
  });

  test('/api/v1/login, /api/v1/logout, /api/v1/audit', async () => {
    const secret = readFileSync(join(directory, 'token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    for (const [path, body] of [
      ['/api/v1/login', JSON.stringify({ secret })],
      ['/api/v1/logout', '{}'],
      ['/api/v1/audit', undefined],
    ] as const) {
      const response = await get(path, body === undefined ? { headers } : { method: 'POST', headers, body });
      expect(response.status, path).toBe(200);
      expect(problems(path, 200, 'application/json', await response.json())).toEqual([]);
    }
  });

  test('events of /api/v1/live', async () => {
    const events = await someEvents('/api/v1/live', 3);
    expect(events).toHaveLength(3);
    for (const event of events) expect(problems('/api/v1/live', 200, 'text/event-stream', event)).toEqual([]);
  });

  test.each([
    ['/api/v1/flows', '?filter=nonsense', 400],
    ['/api/v1/groups', '', 400],
    ['/api/v1/series', '?step=0', 400],
    ['/api/v1/series/by', '', 400],
    ['/api/v1/series/by', '?by=nonsense', 400],
    ['/api/v1/summary', '?filter=nonsense', 400],
  ])('errors: %s%s', async (path, query, status) => {
    const response = await get(path + query);
    expect(response.status).toBe(status);
    expect(problems(path, status, 'application/json', await response.json())).toEqual([]);
  });

  test('a value that is not as described is found', () => {
    expect(problems('/api/v1/status', 200, 'application/json', { ...collector.status(), unknown: 1 })).not.toEqual([]);
    expect(problems('/api/v1/status', 200, 'application/json', { ...collector.status(), now: 'x' })).not.toEqual([]);
  });
});

test('a filter is completed at its cursor', async () => {
  const answer = await (await get('/api/v1/complete?filter=proto%20tc%20and&cursor=8')).json();
  expect(answer).toMatchObject({ from: 6, to: 8 });
  expect((answer as { suggestions: object[] }).suggestions).toContainEqual({
    text: 'tcp',
    kind: 'value',
    detail: 'protocol 6',
  });
});

describe('the description', () => {
  test('has for every route a name of its own, what it does, its answer and its errors', () => {
    const operations = Object.values(description.paths).flatMap(path => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, description: told, responses, parameters } of operations) {
      expect(operationId).toMatch(/^[a-z]\w*$/);
      expect(told).toMatch(/\w/);
      const statuses = ['200', '400', '401', '403', '500', '503'];
      expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(statuses));
      for (const answer of Object.values(responses)) {
        expect(answer.description).toMatch(/\w/);
        expect(Object.values(answer.content)[0]!.schema).toBeTypeOf('object');
      }
      for (const parameter of parameters ?? []) {
        expect(parameter).toMatchObject({ in: expect.stringMatching(/^(query|path)$/), schema: expect.any(Object) });
      }
    }
  });

  test('is of OpenAPI 3.1, and every reference in it leads to a schema', () => {
    expect(description.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(match => match[1]!);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(Object.keys(target(reference)).length).toBeGreaterThan(0);
    expect(Object.keys(description.components.schemas)).toContain('ErrorResponse');
  });
});
