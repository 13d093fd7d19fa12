import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../collecting/testing/exporter.js';
import { DescribedCollector } from './testing/described.js';
import type { Exporters } from './types.js';

let described: DescribedCollector;
let get: DescribedCollector['get'];
let problems: DescribedCollector['problems'];

beforeAll(async () => {
  described = await DescribedCollector.start();
  ({ get, problems } = described);
}, 60_000);
afterAll(() => described.stop());

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

  test('/api/v1/login, /api/v1/logout, /api/v1/audit', async () => {
    const secret = readFileSync(join(described.directory, 'token'), 'utf8').trim();
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
    expect(
      problems('/api/v1/status', 200, 'application/json', { ...described.collector.status(), unknown: 1 }),
    ).not.toEqual([]);
    expect(
      problems('/api/v1/status', 200, 'application/json', { ...described.collector.status(), now: 'x' }),
    ).not.toEqual([]);
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
    const operations = Object.values(described.description.paths).flatMap(path => Object.values(path));
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
    expect(described.description.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(described.description).matchAll(/"\$ref":"([^"]+)"/g)].map(
      match => match[1]!,
    );
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(Object.keys(described.target(reference)).length).toBeGreaterThan(0);
    expect(Object.keys(described.description.components.schemas)).toContain('ErrorResponse');
  });
});
