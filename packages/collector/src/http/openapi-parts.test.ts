import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestExporter } from '../collecting/testing/exporter.js';
import { DescribedCollector } from './testing/described.js';
import type { FlowsResponse } from './types.js';

let described: DescribedCollector;
let get: DescribedCollector['get'];
let problems: DescribedCollector['problems'];

beforeAll(async () => {
  described = await DescribedCollector.start();
  ({ get, problems } = described);
}, 60_000);
afterAll(() => described.stop());

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

describe('what comes in parts, lines, files and events is as the description says', () => {
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

  test('entries of accounts, and the file of a bill', async () => {
    const month = `${new Date().getUTCFullYear() - 1}-12`;
    const token = readFileSync(join(described.directory, 'token'), 'utf8').trim();
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
    expect(Object.keys(described.description.paths['/api/v1/export']!.get!.responses[200]!.content)).toContain(type);
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toMatch(content);
  });

  test('/api/v1/import', async () => {
    const post = (body: Uint8Array | string) =>
      new Promise<{ status: number; value: unknown }>((resolve, reject) => {
        const headers = { 'content-type': 'application/octet-stream' };
        const options = {
          socketPath: join(described.directory, 'collector.sock'),
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

  test('events of /api/v1/live', async () => {
    const events = await someEvents('/api/v1/live', 3);
    expect(events).toHaveLength(3);
    for (const event of events) expect(problems('/api/v1/live', 200, 'text/event-stream', event)).toEqual([]);
  });
});
