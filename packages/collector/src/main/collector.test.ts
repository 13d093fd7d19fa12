import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sender, TestExporter, until } from '../collecting/testing/exporter.js';
import type { Status, StoredEvent } from '../http/types.js';
import { type Collector, startCollector } from './start.js';
import { noDatabases } from './testing/options.js';

let directory: string;
let running: Collector[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-'));
});
afterEach(async () => {
  for (const collector of running) await collector.stop();
  running = [];
  rmSync(directory, { recursive: true });
});

async function start(options: object = {}): Promise<Collector> {
  const collector = await startCollector({
    ...noDatabases,
    data: directory,
    http: '127.0.0.1:0',
    listen: ['udp://127.0.0.1:0'],
    ...options,
  });
  running.push(collector);
  return collector;
}

async function stop(collector: Collector): Promise<void> {
  running = running.filter(each => each !== collector);
  await collector.stop();
}

const portOf = (collector: Collector) => Number(new URL(collector.listening[0]!).port);
const exporterOf = (collector: Collector) => collector.status().exporters[0];

async function lines(collector: Collector, path: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(new URL(path, collector.http));
  expect(response.status).toBe(200);
  const text = await response.text();
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

function overSocket(path: string): Promise<string> {
  const socketPath = join(directory, 'collector.sock');
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, response => {
      let text = '';
      response.on('data', chunk => (text += chunk));
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

/** Collects server-sent events until `enough` of them are there. */
async function events(collector: Collector, enough: (events: Map<string, unknown[]>) => boolean) {
  const abort = new AbortController();
  const response = await fetch(new URL('/api/v1/live', collector.http), { signal: abort.signal });
  const got = new Map<string, unknown[]>();
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, name, data] = /event: (\w+)\ndata: (.*)$/s.exec(block)!;
      got.set(name!, [...(got.get(name!) ?? []), JSON.parse(data!)]);
    }
    if (enough(got)) break;
  }
  abort.abort();
  return got;
}

test('flows come out of every door with the sums that went in', async () => {
  const collector = await start();
  const exporter = new TestExporter();
  const { send, close } = sender(portOf(collector));
  const storedIn = (got: Map<string, unknown[]>) =>
    (got.get('stored') as StoredEvent[] | undefined)?.reduce((sum, event) => sum + event.records, 0) ?? 0;
  const live = events(collector, got => storedIn(got) >= 800 && (got.get('status')?.length ?? 0) > 1);
  const before = Date.now();
  await send(exporter.templates());
  for (let i = 0; i < 20; i++) await send(exporter.flows(40));
  await send(exporter.statistics(800n, 3n));
  const seen = await live;
  close();
  const stored = seen.get('stored') as StoredEvent[];
  expect(stored.reduce((sum, event) => sum + event.records, 0)).toBe(800);
  expect(stored[0]!.from).toBeGreaterThanOrEqual(before);
  expect(stored[0]!.to).toBeLessThanOrEqual(Date.now());
  expect((seen.get('status') as Status[])[0]!.listening).toEqual(collector.listening);

  const [sum] = await lines(collector, '/api/v1/groups?by=proto');
  expect(sum).toMatchObject({ proto: 17, flows: 800, octets: exporter.octets });
  expect(await lines(collector, '/api/v1/groups?by=src&top=1')).toMatchObject([{ src: '10.0.3.32', octets: 800 }]);
  const records = await lines(collector, '/api/v1/records?filter=octets%20%3E%20790');
  expect(records).toHaveLength(10);
  expect(records[0]).toMatchObject({ observationDomainId: 1, templateId: 256, record: { protocolIdentifier: 17 } });
  expect(JSON.parse(await overSocket('/api/v1/groups?by=proto'))).toMatchObject({ octets: exporter.octets });
  const flows = await (await fetch(new URL('/api/v1/flows?order=largest&limit=2', collector.http))).json();
  expect(flows).toMatchObject({ flows: [{ octets: 800, source: '10.0.3.32' }, { octets: 799 }] });
  const series = (await (await fetch(new URL('/api/v1/series?from=-1m&step=5', collector.http))).json()) as {
    outOctets: number[];
    inOctets: number[];
  };
  const total = [...series.inOctets, ...series.outOctets].reduce((a, b) => a + b, 0) * 5;
  expect(Math.round(total)).toBe(exporter.octets);

  await until(() => exporterOf(collector)?.statistics !== undefined);
  expect(exporterOf(collector)).toMatchObject({
    address: '127.0.0.1',
    transport: 'udp',
    records: 801,
    messages: 22,
    lostRecords: 0,
    templates: 2,
    statistics: { exportedFlowRecordTotalCount: 800, notSentFlowTotalCount: 3 },
  });
  const metrics = await (await fetch(new URL('/metrics', collector.http))).text();
  expect(metrics).toContain('weir_collector_stored_records_total 800\n');
  expect(metrics).toContain(
    'weir_collector_exporter_records_total{exporter="127.0.0.1",domain="1",transport="udp"} 801\n',
  );
});

test('a second start finds data and Templates, and what was lost meanwhile shows', async () => {
  const exporter = new TestExporter();
  const first = await start();
  const port = portOf(first);
  const { send, close } = sender(port);
  await send(exporter.templates(), exporter.flows(10));
  await stop(first);
  expect(readdirSync(directory).sort()).toEqual(['engine', 'raw', 'sessions.json', 'spool', 'store.json', 'token']);
  await send(exporter.flows(7)).catch(() => {}); // nobody listens
  const kept = exporter.octets;
  const second = await start({ listen: [`udp://127.0.0.1:${port}`] });
  const metrics = async () => (await fetch(new URL('/metrics', second.http))).text();
  await until(async () => (await metrics()).includes('weir_collector_exporter_templates{'));
  expect(await metrics()).not.toContain('weir_collector_exporter_clock_behind_seconds{');
  await send(exporter.flows(5));
  close();
  await until(async () => (await lines(second, '/api/v1/groups?by='))[0]?.flows === 15);
  await until(() => exporterOf(second)?.records === 5);
  expect(await metrics()).toContain('weir_collector_exporter_clock_behind_seconds{');
  expect(exporterOf(second)).toMatchObject({ lostRecords: 7, unknownTemplateSets: 0, templates: 2 });
  const lost = 11 + 12 + 13 + 14 + 15 + 16 + 17;
  const [sum] = await lines(second, '/api/v1/groups?by=');
  expect(sum!.octets).toBe(kept - lost + 18 + 19 + 20 + 21 + 22);
});

test('TCP and UDP side by side, and all that was sent is stored', async () => {
  const collector = await start({ listen: ['tcp://127.0.0.1:0', 'udp://127.0.0.1:0', 'tcp://[::1]:0'] });
  expect(collector.listening.map(url => url.replace(/\d+$/, ''))).toEqual([
    'tcp://127.0.0.1:',
    'udp://127.0.0.1:',
    'tcp://[::1]:',
  ]);
  const [overUdp, overTcp] = [new TestExporter(), new TestExporter()];
  const { send, close } = sender(Number(new URL(collector.listening[1]!).port));
  await send(overUdp.templates(), overUdp.flows(30));
  close();
  const socket = connect(portOf(collector), '127.0.0.1');
  socket.write(overTcp.templates());
  await until(() => collector.status().exporters.length === 2);
  expect(collector.status().exporters.map(({ transport, templates }) => [transport, templates])).toEqual([
    ['udp', 2],
    ['tcp', 2],
  ]);
  let metrics = '';
  await until(async () => {
    metrics = await (await fetch(new URL('/metrics', collector.http))).text();
    return metrics.includes('weir_collector_connections 1\n');
  });
  expect(metrics).toContain('weir_collector_exporter_templates{exporter="127.0.0.1",domain="1",transport="tcp"} 2\n');
  for (let i = 0; i < 500; i++) socket.write(overTcp.flows(1000));
  await stop(collector);
  const again = await start();
  // A stop decodes for some seconds; what a slow machine has left then is taken in by the next start.
  const sum = async () => (await lines(again, '/api/v1/groups?by='))[0] as { flows: number };
  await until(async () => (await sum()).flows >= 500_030);
  expect(await sum()).toMatchObject({ flows: 500_030, octets: overUdp.octets + overTcp.octets });
  // The Templates of a connection end with it.
  await until(() => again.status().exporters.length > 0);
  await until(() =>
    again.status().exporters.every(({ transport, templates }) => transport === 'udp' || templates === 0),
  );
});

test('hostile datagrams are counted and harm nothing', async () => {
  const collector = await start();
  const exporter = new TestExporter();
  const { send, close } = sender(portOf(collector));
  const broken = exporter.templates();
  broken[18] = 0xff;
  await send(new Uint8Array(0), Buffer.from('no IPFIX at all'), broken, new Uint8Array(65_507).fill(10));
  await send(exporter.templates(), exporter.flows(3));
  close();
  await until(async () => (await lines(collector, '/api/v1/groups?by='))[0]?.flows === 3);
  await until(async () => {
    const metrics = await (await fetch(new URL('/metrics', collector.http))).text();
    return metrics.includes('not_ipfix_datagrams_total 3\n') && metrics.includes('malformed_messages_total{');
  });
  await until(() => collector.status().exporters.some(each => each.malformedMessages === 1));
});

describe('where it cannot start, it says so in one line and leaves nothing behind', () => {
  test('UDP port, HTTP port and store that another has', async () => {
    const other = await start();
    const elsewhere = join(directory, 'elsewhere');
    const taken = { data: elsewhere, listen: other.listening };
    await expect(start(taken)).rejects.toThrow(
      /cannot listen on udp:\/\/127\.0\.0\.1:\d+: EADDRINUSE: another program/,
    );
    const http = { data: elsewhere, http: new URL(other.http).host };
    await expect(start(http)).rejects.toThrow(/cannot serve HTTP on 127\.0\.0\.1:\d+: EADDRINUSE: another program/);
    expect(existsSync(elsewhere)).toBe(false);
    await start({ data: elsewhere });
  });

  test('a data directory that is a file', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(start({ data: join(file, 'data') })).rejects.toThrow(
      /cannot make the data directory .*; name another/,
    );
    await expect(start({ data: file })).rejects.toThrow(/cannot write to the data directory/);
  });

  test.skipIf(process.platform !== 'linux')('a data directory in a file system that takes none', async () => {
    await expect(start({ data: '/proc/weir/data' })).rejects.toThrow(/cannot make the data directory/);
  });

  test('a path too long for a socket', async () => {
    const long = join(directory, 'x'.repeat(100));
    await expect(start({ data: long })).rejects.toThrow(/too long for a socket/);
  });
});

test('the socket and the directory are for their owner only, and a dead socket is no obstacle', async () => {
  const first = await start();
  expect(statSync(join(directory, 'collector.sock')).mode & 0o777).toBe(0o600);
  await stop(first);
  writeFileSync(join(directory, 'collector.sock'), '');
  await start();
  expect(await overSocket('/healthz')).toBe('ok\n');
});

test('a file of sessions that cannot be used is told of and left out', async () => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'sessions.json'), '{"version":1,"sessions":[{}]}');
  const told: string[] = [];
  const collector = await startCollector(
    { ...noDatabases, data: directory, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
    { log: line => told.push(line) },
  );
  running.push(collector);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/sessions\.json cannot be used and is left out/);
});
