import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseChannel } from './address.js';
import { Alerting, type AlertingOptions } from './alerting.js';
import { BEGIN, scanOf } from './testing/events.js';
import { HttpReceiver } from './testing/receivers.js';

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const telling = { group: 30 * SECOND, limit: 20, remind: 4 * HOUR };
let directory: string;
let receiver: HttpReceiver;
let logged: string[];
let alerting: Alerting;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-alerting-'));
  receiver = await HttpReceiver.start();
  logged = [];
  alerting = open();
});
afterEach(async () => {
  await alerting.stop();
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

function open(more: Partial<AlertingOptions> = {}): Alerting {
  const channels = [parseChannel(`hook=http://127.0.0.1:${receiver.port}/secret`)];
  const common = {
    channels,
    mutes: [],
    routes: [],
    telling,
    pages: 'http://localhost:4780/',
    log: (line: string) => logged.push(line),
  };
  return new Alerting({ ...common, file: join(directory, 'alerts.json'), patience: 500, ...more });
}

const begin = (address: string, at = BEGIN) =>
  alerting.tell({ what: 'begun', event: scanOf(address, { start: at }) }, at);
const end = (address: string, at: number) => alerting.tell({ what: 'ended', event: scanOf(address, { end: at }) }, at);
const worse = (address: string, size: number, at: number) =>
  alerting.tell({ what: 'worse', event: scanOf(address, { size }) }, at);
/** What each message told, such as ["begun 192.0.2.1"]. */
const told = () =>
  receiver.bodies.map(({ events }) => events.map(({ change, id }) => `${change} ${String(id).slice(5)}`));
const counters = (now = BEGIN) => alerting.channels(now)[0]!.counters;

/** Looks every ten seconds, as the clock of a test goes. */
async function pass(from: number, to: number): Promise<void> {
  for (let now = from; now <= to; now += 10 * SECOND) await alerting.look(now);
}

test('what begins within half a minute is one message', async () => {
  begin('192.0.2.1');
  begin('192.0.2.2', BEGIN + 20 * SECOND);
  await alerting.look(BEGIN + 29 * SECOND);
  expect(told()).toEqual([]);
  await alerting.look(BEGIN + 30 * SECOND);
  await pass(BEGIN + 31 * SECOND, BEGIN + 10 * MINUTE);
  expect(told()).toEqual([['begun 192.0.2.1', 'begun 192.0.2.2']]);
  expect(counters()).toEqual({ sent: 1, failed: 0, dropped: 0, muted: 0 });
});

test('what comes and goes is told as over, and a subject at most every five minutes', async () => {
  for (let i = 0; i < 20; i++) {
    const event = scanOf('192.0.2.1', { id: `scan-${i}`, start: BEGIN + i * MINUTE });
    alerting.tell({ what: 'begun', event }, BEGIN + i * MINUTE);
    await pass(BEGIN + i * MINUTE, BEGIN + (i + 1) * MINUTE - 10 * SECOND);
    alerting.tell({ what: 'ended', event: { ...event, end: BEGIN + (i + 1) * MINUTE } }, BEGIN + (i + 1) * MINUTE);
  }
  await pass(BEGIN + 20 * MINUTE, BEGIN + 30 * MINUTE);
  expect(receiver.posted.length).toBeLessThanOrEqual(6);
  const over = receiver.bodies.flatMap(({ events }) => events).filter(({ change }) => change === 'ended');
  expect(over).toHaveLength(20);
  expect(alerting.channels(BEGIN + 30 * MINUTE)[0]!.waiting).toBe(0);
});

test('worse is told when it is twice as far from what is usual', async () => {
  begin('192.0.2.1');
  await pass(BEGIN, BEGIN + MINUTE);
  for (let i = 1; i <= 30; i++) worse('192.0.2.1', 1204 + i * 30, BEGIN + i * MINUTE);
  await pass(BEGIN + 30 * MINUTE, BEGIN + 31 * MINUTE);
  expect(told()).toHaveLength(1);
  worse('192.0.2.1', 3000, BEGIN + 32 * MINUTE);
  await pass(BEGIN + 32 * MINUTE, BEGIN + 33 * MINUTE);
  expect(told()[1]).toEqual(['worse 192.0.2.1']);
});

test('people are reminded, until somebody acknowledges it, and told that it is over', async () => {
  begin('192.0.2.1');
  await alerting.look(BEGIN + MINUTE);
  await alerting.look(BEGIN + 4 * HOUR);
  expect(told()).toHaveLength(1);
  await alerting.look(BEGIN + 4 * HOUR + MINUTE);
  expect(told()[1]).toEqual(['reminder 192.0.2.1']);
  const at = BEGIN + 5 * HOUR;
  expect(alerting.acknowledge('scan-192.0.2.1', { by: 'otto', at, comment: 'it is me' }, at)).toBeDefined();
  expect(alerting.acknowledge('scan-192.0.2.9', { by: 'otto', at }, at)).toBeUndefined();
  expect(alerting.acknowledged()).toMatchObject([{ acknowledged: { by: 'otto', comment: 'it is me' } }]);
  await alerting.look(BEGIN + 20 * HOUR);
  expect(told()).toHaveLength(2);
  end('192.0.2.1', BEGIN + 21 * HOUR);
  await alerting.look(BEGIN + 21 * HOUR + MINUTE);
  expect(told()[2]).toEqual(['ended 192.0.2.1']);
  expect(alerting.acknowledged()).toEqual([]);
});

test('what is muted is not told; what still goes on then is; what was told is over for all', async () => {
  begin('192.0.2.1');
  await alerting.look(BEGIN + MINUTE);
  alerting.mute({ filter: 'net 192.0.2.0/24', until: BEGIN + HOUR, by: 'otto' }, BEGIN + MINUTE);
  begin('192.0.2.2', BEGIN + 2 * MINUTE);
  begin('192.0.2.3', BEGIN + 2 * MINUTE);
  begin('198.51.100.1', BEGIN + 2 * MINUTE);
  end('192.0.2.1', BEGIN + 10 * MINUTE);
  end('192.0.2.2', BEGIN + 10 * MINUTE);
  await alerting.look(BEGIN + 20 * MINUTE);
  expect(told().slice(1)).toEqual([['begun 198.51.100.1', 'ended 192.0.2.1']]);
  expect(counters().muted).toBe(1);
  await alerting.look(BEGIN + HOUR);
  expect(told()[2]).toEqual(['begun 192.0.2.3']);
});

test('what goes to others is not told here, unless it gets worse; nothing waits for it', async () => {
  await alerting.stop();
  const routes = [
    { kinds: ['scan' as const], atLeast: [{ size: 3000, unit: 'targets' as const }], channels: ['hook'] },
    { kinds: ['scan' as const], channels: [] },
  ];
  alerting = open({ routes });
  begin('192.0.2.1');
  begin('192.0.2.2');
  await pass(BEGIN, BEGIN + MINUTE);
  expect([told(), alerting.channels(BEGIN)[0]!.waiting]).toEqual([[], 0]);
  worse('192.0.2.1', 4000, BEGIN + MINUTE);
  await pass(BEGIN + MINUTE, BEGIN + 2 * MINUTE);
  expect(told()).toEqual([['begun 192.0.2.1']]);
  end('192.0.2.1', BEGIN + 10 * MINUTE);
  end('192.0.2.2', BEGIN + 10 * MINUTE);
  await pass(BEGIN + 10 * MINUTE, BEGIN + 20 * MINUTE);
  expect(told()[1]).toEqual(['ended 192.0.2.1']);
  expect(alerting.events(BEGIN)).toEqual([]);
  expect(counters().muted).toBe(0);
});

test('of a quota that is used nobody is reminded', async () => {
  const event = scanOf('192.0.2.1', { kind: 'quota', size: 0.8, unit: 'share' });
  alerting.tell({ what: 'begun', event }, BEGIN);
  await pass(BEGIN, BEGIN + MINUTE);
  await alerting.look(BEGIN + 20 * HOUR);
  expect(told()).toHaveLength(1);
});

test('beyond the limit all is held back, and summed up', async () => {
  await alerting.stop();
  alerting = open({ telling: { ...telling, limit: 3 } });
  for (let i = 0; i < 50; i++) {
    begin(`192.0.2.${i}`, BEGIN + i * MINUTE);
    await pass(BEGIN + i * MINUTE, BEGIN + (i + 1) * MINUTE - 10 * SECOND);
  }
  expect(told()).toHaveLength(3);
  expect(receiver.bodies[2]!.notes).toEqual([expect.stringMatching(/^That is message 3 of this hour/)]);
  expect(alerting.channels(BEGIN + 50 * MINUTE)[0]!.waiting).toBe(47);
  await pass(BEGIN + HOUR, BEGIN + HOUR + MINUTE);
  expect(receiver.bodies[3]!.events).toHaveLength(20);
  expect(receiver.bodies[3]!.notes.slice(0, 2)).toEqual([
    'And 27 more that are not listed: 27 scans.',
    expect.stringMatching(/^This sums up what was held back since .*: a channel gets 3 messages an hour/),
  ]);
  expect(alerting.channels(BEGIN + HOUR)[0]!.waiting).toBe(0);
});

test('a receiver that is away gets all when it is back, once', async () => {
  const { port } = receiver;
  await receiver.stop();
  begin('192.0.2.1');
  await pass(BEGIN, BEGIN + 20 * MINUTE);
  begin('192.0.2.2', BEGIN + 20 * MINUTE);
  end('192.0.2.1', BEGIN + 21 * MINUTE);
  await pass(BEGIN + 20 * MINUTE, BEGIN + 22 * MINUTE);
  // 5 s, doubling to five minutes.
  expect(counters().failed).toBe(10);
  const [status] = alerting.channels(BEGIN + 22 * MINUTE);
  expect(status).toMatchObject({ waiting: 2, problem: expect.stringMatching(/^nobody listens there/) });
  expect(status!.where).not.toContain('secret');
  receiver = await HttpReceiver.start(port);
  await pass(BEGIN + 22 * MINUTE, BEGIN + 30 * MINUTE);
  expect(told()).toEqual([['begun 192.0.2.2', 'ended 192.0.2.1']]);
  expect(counters()).toMatchObject({ sent: 1, failed: 10 });
  // All attempts at what was told in the end are one message.
  expect(alerting.channels(BEGIN)[0]!.messages).toMatchObject([{ events: 2, ok: true }]);
  expect(alerting.channels(BEGIN)[0]!.problem).toBeUndefined();
  expect(logged).toEqual([
    expect.stringMatching(/^alerts do not go to hook, webhook of http:\/\/127.0.0.1:\d+, trying on: nobody listens/),
    'alerts go to hook again',
  ]);
});

test('many mutes cost little', async () => {
  for (let i = 0; i < 900; i++)
    alerting.mute({ filter: `net 10.${i >> 8}.${i & 255}.0/24`, until: BEGIN + HOUR, by: 'otto' }, BEGIN);
  for (let i = 0; i < 1000; i++) begin(`10.3.${i >> 8}.${i & 255}`);
  await alerting.look(BEGIN + MINUTE);
  expect(receiver.posted).toHaveLength(0);
  const begun = process.cpuUsage();
  for (let i = 0; i < 20; i++) await alerting.look(BEGIN + MINUTE + i * SECOND);
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1e6 / 20).toBeLessThan(0.05);
});

test('a slow receiver holds up nobody', async () => {
  await alerting.stop();
  const quick = await HttpReceiver.start();
  const channels = [receiver, quick].map(({ port }, i) => parseChannel(`hook${i}=http://127.0.0.1:${port}/`));
  alerting = open({ channels });
  receiver.status = 0;
  begin('192.0.2.1');
  const begun = Date.now();
  const looked = alerting.look(BEGIN + MINUTE);
  while (quick.posted.length === 0 && Date.now() < begun + 400) await new Promise(resolve => setTimeout(resolve, 5));
  expect(quick.posted).toHaveLength(1);
  const kept = () => readFileSync(join(directory, 'alerts.json'), 'utf8');
  while (!kept().includes('"hook1":{') && Date.now() < begun + 400)
    await new Promise(resolve => setTimeout(resolve, 5));
  expect(kept()).toContain('"hook1":{');
  await looked;
  expect(Date.now() - begun).toBeLessThan(3000);
  expect(alerting.channels(BEGIN).map(({ problem }) => problem)).toEqual([
    'the receiver has not answered in time',
    undefined,
  ]);
  await quick.stop();
});

test('a flood of events is one message, and costs little', async () => {
  for (let i = 0; i < 5000; i++) begin(`10.0.${i >> 8}.${i & 255}`);
  const begun = process.cpuUsage();
  await alerting.look(BEGIN + MINUTE);
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1e6).toBeLessThan(2);
  const [body] = receiver.bodies;
  expect(body!.events).toHaveLength(20);
  expect(body!.notes).toEqual([
    'And 980 more that are not listed: 980 scans.',
    'There were 4000 more events than can be kept in mind: the pages have them all.',
  ]);
  expect(body!.text.length).toBeLessThan(10_000);
  expect(counters().dropped).toBe(4000);
  for (let i = 0; i < 5000; i++) end(`10.0.${i >> 8}.${i & 255}`, BEGIN + HOUR);
  await alerting.look(BEGIN + 2 * HOUR);
  begin('192.0.2.1', BEGIN + 2 * HOUR);
  await alerting.look(BEGIN + 2 * HOUR + MINUTE);
  expect(receiver.bodies.map(({ events }) => events[0]!.change)).toEqual(['begun', 'ended', 'begun']);
  expect(receiver.bodies[2]!.notes).toEqual([]);
});

test('a clock that is set back holds up nothing', async () => {
  await alerting.stop();
  alerting = open({ telling: { ...telling, limit: 1 } });
  begin('192.0.2.1');
  await alerting.look(BEGIN + MINUTE);
  begin('192.0.2.2', BEGIN + 2 * MINUTE);
  await alerting.look(BEGIN - 24 * HOUR);
  expect(told().flat()).toEqual(['begun 192.0.2.1', 'begun 192.0.2.2', 'reminder 192.0.2.1']);
  receiver.status = 500;
  begin('192.0.2.3', BEGIN);
  await alerting.look(BEGIN + MINUTE);
  expect(counters().failed).toBe(1);
  receiver.status = 204;
  await alerting.look(BEGIN - 48 * HOUR);
  expect(told()).toHaveLength(4);
  expect(alerting.channels(BEGIN)[0]!.problem).toBeUndefined();
});

test('a restart repeats nothing and forgets nothing', async () => {
  begin('192.0.2.1');
  await alerting.look(BEGIN + MINUTE);
  begin('192.0.2.2', BEGIN + 2 * MINUTE);
  alerting.mute({ kind: 'flood', until: BEGIN + HOUR, by: 'otto' }, BEGIN);
  alerting.acknowledge('scan-192.0.2.1', { by: 'otto', at: BEGIN }, BEGIN);
  await alerting.stop();
  expect(statSync(join(directory, 'alerts.json')).mode & 0o777).toBe(0o600);
  alerting = open();
  begin('192.0.2.1', BEGIN + 3 * MINUTE);
  await alerting.look(BEGIN + 5 * MINUTE);
  expect(told()).toEqual([['begun 192.0.2.1'], ['begun 192.0.2.2']]);
  expect(alerting.mutes(BEGIN)).toMatchObject([{ kind: 'flood', by: 'otto' }]);
  expect(alerting.acknowledged()).toHaveLength(1);
});

test('a stop while a message is on its way', async () => {
  receiver.status = 0;
  begin('192.0.2.1');
  const looked = alerting.look(BEGIN + MINUTE);
  await alerting.stop();
  await looked;
  alerting = open();
  receiver.status = 204;
  receiver.posted.length = 0;
  await alerting.look(BEGIN + 2 * MINUTE);
  expect(told()).toEqual([['begun 192.0.2.1']]);
});

test('a file that is broken is told of, and one that cannot be written, too', async () => {
  await alerting.stop();
  for (const text of ['{', '{"mutes":[],"events":[{}]}']) {
    writeFileSync(join(directory, 'alerts.json'), text);
    alerting = open();
    expect(logged.pop()).toMatch(/alerts\.json (?:cannot be read|holds 1 mutes and events that are none)/);
    expect(readFileSync(join(directory, 'alerts.json'), 'utf8')).toBe(text);
  }
  alerting = open({ file: join(directory, 'absent', 'alerts.json') });
  begin('192.0.2.1');
  await pass(BEGIN, BEGIN + 50 * SECOND);
  expect(logged.filter(line => /are not kept over a restart/.test(line))).toHaveLength(1);
});

test('without channels events are kept for who acknowledges them, and go when they are over', async () => {
  await alerting.stop();
  alerting = open({ channels: [] });
  begin('192.0.2.1');
  expect(alerting.acknowledge('scan-192.0.2.1', { by: 'otto', at: BEGIN }, BEGIN)).toBeDefined();
  end('192.0.2.1', BEGIN);
  expect(alerting.acknowledge('scan-192.0.2.1', undefined, BEGIN)).toBeUndefined();
  expect(() => alerting.test(undefined, BEGIN)).toThrow(/no channel is configured: name one in weir.yaml/);
});

test('a test of one channel', async () => {
  expect(await alerting.test('hook', BEGIN)).toEqual([
    { channel: 'hook', where: expect.stringMatching(/^webhook/), ok: true, what: 'the receiver answered 204' },
  ]);
  expect(receiver.bodies[0]).toMatchObject({ title: 'Weir: a test of alerts', events: [] });
  expect(() => alerting.test('hok', BEGIN)).toThrow('there is no channel "hok"; there are hook');
  receiver.status = 500;
  expect(await alerting.test(undefined, BEGIN)).toMatchObject([
    { ok: false, what: expect.stringMatching(/in trouble/) },
  ]);
});

test('a file that a channel needs is missed at the start', () => {
  const channels = [parseChannel('hook=http://127.0.0.1/#token-file=/nonexistent')];
  expect(() => open({ channels })).toThrow(
    /^alerts: channel "hook": the file \/nonexistent \(secret\) cannot be read: ENOENT/,
  );
});
