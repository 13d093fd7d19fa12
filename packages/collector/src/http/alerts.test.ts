import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { scanOf } from '../alerting/testing/events.js';
import { HttpReceiver } from '../alerting/testing/receivers.js';
import type { EventChange } from '../analysis/events/event.js';
import { until } from '../collecting/testing/exporter.js';
import { Events } from '../main/events/events.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { ask, change, cookieOf, errorIn, type LoggedIn, logIn, meIn } from './testing/ask.js';
import type { Acknowledged, AlertChannels, AlertTest, AuditLines, Mutes } from './types.js';
import { makeUser, writeUsers } from './users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-alerts-'));
let receiver: HttpReceiver;
let collector: Collector;
const listeners: ((change: EventChange) => void)[] = [];
const tell = (change: EventChange) => {
  for (const listener of listeners) listener(change);
};
let operator: LoggedIn;

beforeAll(async () => {
  // Who listens to events of the traffic is told those of the tests.
  vi.spyOn(Events.prototype, 'onChange').mockImplementation(listener => {
    listeners.push(listener);
    return () => {};
  });
  receiver = await HttpReceiver.start();
  mkdirSync(join(directory, 'data'));
  writeFileSync(join(directory, 'token'), 'a secret of the receiver');
  writeUsers(join(directory, 'data/users'), [await makeUser('otto', 'operator', 'an operator has this one')]);
  collector = await startCollector(
    {
      ...noDatabases,
      data: join(directory, 'data'),
      http: '127.0.0.1:0',
      listen: ['udp://127.0.0.1:0'],
      alerts: [
        `hook=http://127.0.0.1:${receiver.port}/path-is-secret#token-file=${directory}/token`,
        'away=http://127.0.0.1:1/path-is-secret',
      ],
      'alert-group': 0,
      'alert-mute': ['flood='],
      'public-url': 'https://weir.example.org/pages',
    },
    { log: () => {} },
  );
  const answer = await logIn(collector.http, 'otto', 'an operator has this one');
  operator = { cookie: cookieOf(answer), csrf: meIn(answer).csrf! };
});
afterAll(async () => {
  await collector.stop();
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

const get = async <T>(path: string): Promise<T> => JSON.parse((await ask(collector.http, path)).body);
const send = (path: string, json?: unknown, method = 'POST') =>
  ask(collector.http, path, { ...change(operator), method, ...(json === undefined ? {} : { json }) });
const titles = () => receiver.bodies.map(({ title }) => title);

test('what begins is told, with a link to the pages as people reach them', async () => {
  const now = Date.now();
  tell({ what: 'begun', event: scanOf('192.0.2.7', { start: now }) });
  await until(() => receiver.posted.length > 0);
  expect(titles()).toEqual(['Weir: new: scan: 192.0.2.7']);
  expect(receiver.posted[0]!.headers.authorization).toBe('Bearer a secret of the receiver');
  expect(receiver.bodies[0]!.text).toContain(
    `https://weir.example.org/pages/?from=${now - 1_800_000}&filter=host+192.0.2.7`,
  );
});

test('the channels, and what is counted of them', async () => {
  await until(async () => (await get<AlertChannels>('/api/v1/alerts')).channels[1]!.failed > 0);
  const { channels } = await get<AlertChannels>('/api/v1/alerts');
  expect(channels).toMatchObject([
    {
      ...{ name: 'hook', kind: 'webhook', sent: 1, failed: 0, waiting: 0, lastSent: expect.any(Number) },
      messages: [{ title: 'Weir: new: scan: 192.0.2.7', events: 1, ok: true, what: 'the receiver answered 204' }],
    },
    {
      ...{ name: 'away', sent: 0, waiting: 1, problem: expect.stringMatching(/^nobody listens there/) },
      messages: [{ events: 1, ok: false, what: expect.stringMatching(/^nobody listens there/) }],
    },
  ]);
  expect((await get<AlertChannels>('/api/v1/alerts')).events).toEqual([
    { id: 'scan-192.0.2.7', told: [{ channel: 'hook', at: expect.any(Number) }], mutes: [] },
  ]);
  const { body } = await ask(collector.http, '/metrics');
  expect(body).toContain('weir_collector_alert_messages_total{channel="hook"} 1\n');
  expect(body).toMatch(/weir_collector_alert_failures_total\{channel="away"\} [1-9]/);
  expect(body).toContain('weir_collector_alert_dropped_events_total{channel="hook"} 0\n');
  expect(body).toContain('weir_collector_alert_working{channel="away"} 0\n');
});

test('a test says what came of it, by one channel or all', async () => {
  const one = await send('/api/v1/alerts/test', { channel: 'hook' });
  const all = JSON.parse((await send('/api/v1/alerts/test', {})).body) as AlertTest;
  expect(one.status).toBe(200);
  expect(titles().slice(1)).toEqual(['Weir: a test of alerts', 'Weir: a test of alerts']);
  expect(all.results).toMatchObject([
    { channel: 'hook', ok: true, what: 'the receiver answered 204' },
    { channel: 'away', ok: false, what: expect.stringMatching(/^nobody listens there/) },
  ]);
  const unknown = await send('/api/v1/alerts/test', { channel: 'hok' });
  expect([unknown.status, errorIn(unknown)]).toEqual([400, 'there is no channel "hok"; there are hook, away']);
});

test('mutes are added and ended; those of the configuration are listed', async () => {
  const ends = Date.now() + 60_000;
  const added = await send('/api/v1/alerts/mutes', { filter: 'net 192.0.2.0/24', until: ends, comment: 'pentest' });
  const { mutes } = JSON.parse(added.body) as Mutes;
  expect(mutes).toEqual([
    { id: 'configured-1', kind: 'flood' },
    { id: expect.any(String), filter: 'net 192.0.2.0/24', until: ends, by: 'otto', comment: 'pentest' },
  ]);
  expect(await get<Mutes>('/api/v1/alerts/mutes')).toEqual({ mutes });
  const [{ mutes: quiet } = {}] = (await get<AlertChannels>('/api/v1/alerts')).events;
  expect(quiet).toEqual([mutes[1]!.id]);
  for (const [body, message] of [
    [{ filter: 'hst 192.0.2.1', until: ends }, /^filter: /],
    [{ kind: 'any', until: Date.now() - 1 }, /^until: give a time in the future/],
    [{ kind: 'any', until: ends * 2 }, /^until: /],
    [{ kind: 'scan' }, /until/],
    [{ kind: 'nap', until: ends }, /kind/],
    [{ subjects: 'x', until: ends }, /^say what is to be quiet/],
  ] as const) {
    const refused = await send('/api/v1/alerts/mutes', body);
    expect(refused.status, JSON.stringify(body)).toBe(400);
    expect(errorIn(refused)).toMatch(message);
  }
  expect((await send('/api/v1/alerts/mutes/configured-1', undefined, 'DELETE')).status).toBe(404);
  const ended = await send(`/api/v1/alerts/mutes/${mutes[1]!.id}`, undefined, 'DELETE');
  expect([ended.status, JSON.parse(ended.body).mutes]).toEqual([200, [mutes[0]]]);
});

test('an event is acknowledged, and no longer', async () => {
  expect((await send('/api/v1/alerts/acknowledged', { id: 'none' })).status).toBe(404);
  const done = await send('/api/v1/alerts/acknowledged', { id: 'scan-192.0.2.7', comment: 'mine' });
  const { acknowledged } = JSON.parse(done.body) as Acknowledged;
  expect(acknowledged).toEqual([
    {
      ...{ id: 'scan-192.0.2.7', kind: 'scan', subject: '192.0.2.7' },
      ...{ by: 'otto', at: expect.any(Number), comment: 'mine' },
    },
  ]);
  expect(await get<Acknowledged>('/api/v1/alerts/acknowledged')).toEqual({ acknowledged });
  const [{ acknowledged: listed } = {}] = (await get<AlertChannels>('/api/v1/alerts')).events;
  expect(listed).toEqual({ by: 'otto', at: expect.any(Number), comment: 'mine' });
  const undone = await send('/api/v1/alerts/acknowledged/scan-192.0.2.7', undefined, 'DELETE');
  expect(JSON.parse(undone.body)).toEqual({ acknowledged: [] });
});

test('changes take an operator and the page, and are in the audit; secrets are nowhere', async () => {
  const anonymous = await ask(collector.http, '/api/v1/alerts/test', { method: 'POST', json: {} });
  expect(anonymous.status).toBe(403);
  const { cookie } = operator;
  const forged = await ask(collector.http, '/api/v1/alerts/test', { method: 'POST', json: {}, headers: { cookie } });
  expect(forged.status).toBe(403);
  const { body } = await ask(collector.http, '/api/v1/audit?limit=50', { headers: { cookie } });
  const lines = (JSON.parse(body) as AuditLines).lines.map(({ who, action, outcome, detail }) => [
    who,
    action,
    outcome,
    detail,
  ]);
  expect(lines).toContainEqual(['otto', 'alertTest', 'done', 'hook']);
  expect(lines).toContainEqual(['otto', 'mute', 'done', expect.stringMatching(/^any=net 192\.0\.2\.0\/24 until 20/)]);
  expect(lines).toContainEqual(['otto', 'acknowledge', 'done', 'scan-192.0.2.7']);
  expect(lines).toContainEqual(['otto', 'unacknowledge', 'done', 'scan-192.0.2.7']);
  const answers = await Promise.all(
    ['/api/v1/alerts', '/metrics', '/api/v1/status'].map(path => ask(collector.http, path)),
  );
  const all = [body, ...answers.map(answer => answer.body), readFileSync(join(directory, 'data/alerts.json'), 'utf8')];
  for (const text of all) expect(text).not.toMatch(/path-is-secret|a secret of/);
});
