import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { watchedPreviewSchema, watchedSchema } from './answers/watched.js';
import { ask, change, cookieOf, errorIn, type LoggedIn, logIn, meIn } from './testing/ask.js';
import type { AuditLines, Watched, WatchedPreview } from './types.js';
import { makeUser, writeUsers } from './users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-watched-'));
let collector: Collector;
let operator: LoggedIn;

beforeAll(async () => {
  writeUsers(join(directory, 'users'), [await makeUser('otto', 'operator', 'an operator has this one')]);
  collector = await startCollector(
    { ...noDatabases, data: directory, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'], watch: ['total'] },
    { log: () => {} },
  );
  const answer = await logIn(collector.http, 'otto', 'an operator has this one');
  operator = { cookie: cookieOf(answer), csrf: meIn(answer).csrf! };
  await until(async () => (await watched()).series.length > 0);
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(directory, { recursive: true });
});

const get = (path: string) => ask(collector.http, path);
const watched = async (): Promise<Watched> => JSON.parse((await get('/api/v1/watched')).body);
const fix = (json: unknown) =>
  ask(collector.http, '/api/v1/watched/parameters', { ...change(operator), method: 'POST', json });

test('what is watched, with its parameters', async () => {
  const answer = await watched();
  expect([...Value.Errors(watchedSchema, answer)]).toEqual([]);
  expect(answer.series.map(({ measure }) => measure)).toEqual(['in', 'out', 'flows', 'answered', 'roundTrip']);
  expect(answer.series[0]).toMatchObject({ judged: false, fixed: {}, parameters: { scale: 'root', width: 3.25 } });
});

test('parameters are fixed by hand, and the audit says so', async () => {
  expect((await fix({ filter: '', measure: 'out', fixed: { width: 5 } })).status).toBe(200);
  expect((await watched()).series.find(({ measure }) => measure === 'out')?.fixed).toEqual({ width: 5 });
  const headers = { cookie: operator.cookie };
  const { body } = await ask(collector.http, '/api/v1/audit?limit=50', { headers });
  const { lines } = JSON.parse(body) as AuditLines;
  expect(lines.map(({ detail }) => detail)).toContain('out of total: {"width":5}');
  const strange = await fix({ filter: 'dst port 9', measure: 'out', fixed: {} });
  expect([strange.status, errorIn(strange)]).toEqual([404, 'that is not watched; choose what is by "watch"']);
  expect((await fix({ filter: '', measure: 'out', fixed: { width: 0 } })).status).toBe(400);
});

test('a preview of anything, with what is tried', async () => {
  const answer = await get('/api/v1/watched/preview?filter=dst+port+443&measure=flows&tried=true&width=8&weekly=false');
  const preview = JSON.parse(answer.body) as WatchedPreview;
  expect([...Value.Errors(watchedPreviewSchema, preview)]).toEqual([]);
  expect(preview).toMatchObject({
    unit: 'flows/s',
    judged: false,
    events: [],
    parameters: { width: 8, weekly: false },
  });
  // Of what is watched: what is fixed of it holds, though it is not yet learnt with it.
  const total = await get('/api/v1/watched/preview?measure=out&from=-1h');
  expect(JSON.parse(total.body)).toMatchObject({ unit: 'bit/s', parameters: { width: 5 } });
  const link = '/api/v1/watched/preview?topology=mesh&link=a~b&measure=';
  expect(JSON.parse((await get(`${link}load`)).body)).toMatchObject({ unit: 'bit/s', times: [] });
});

test.each([
  ['filter=dst+prt+443', /column 5/],
  ['topology=mesh', /give a link or a node/],
  ['topology=mesh&node=a&measure=flows', /gateways "in" and "out"/],
  ['measure=load', /filters all but "load"/],
])('a preview of %s is refused', async (query, message) => {
  const answer = await get(`/api/v1/watched/preview?${query}`);
  expect([answer.status, errorIn(answer)]).toEqual([400, expect.stringMatching(message)]);
});
