import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecords, MessageSplitter, TransportSession } from '@weir/ipfix';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sender, TestExporter, until } from '../collecting/testing/exporter.js';
import type { TestRecord } from '../flow/testing/records.js';
import { startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { insertRecords, openTestStore, type TestStore } from '../store/testing/store.js';
import { Forwarder, type ForwarderOptions } from './forwarder.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-forward-'));
let opened: TestStore;
let forwarders: Forwarder[] = [];
let files = 0;

beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterEach(async () => {
  for (const forwarder of forwarders) await forwarder.stop();
  forwarders = [];
});
afterAll(async () => {
  await opened.end();
  rmSync(directory, { recursive: true });
}, 30_000);

const exportTime = Math.floor(Date.now() / 1000);
/** Flow n has n octets. */
const flows = (first: number, count: number, protocol = 6): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    sourceIPv4Address: '10.0.0.1',
    destinationIPv4Address: '10.0.0.2',
    protocolIdentifier: protocol,
    octetDeltaCount: first + i,
    reverseOctetDeltaCount: 1,
    ...(i % 2 === 0 ? { samplingPacketInterval: 10 } : {}),
  }));
const store = (records: TestRecord[], domain = 42) => insertRecords(opened.store, records, { exportTime, domain });

async function forwarderTo(scheme: 'udp' | 'tcp', port: number, options: Partial<ForwarderOptions> = {}) {
  const forwarder = new Forwarder(opened.store, {
    to: { scheme, host: '127.0.0.1', port, url: `${scheme}://127.0.0.1:${port}` },
    filter: '',
    domain: 7,
    file: join(directory, `position-${files++}`),
    log: () => {},
    ...options,
  });
  await forwarder.start();
  forwarders.push(forwarder);
  return forwarder;
}

/** What a Collecting Process makes of the Messages. */
class Collected {
  readonly records: Record<string, unknown>[] = [];
  readonly messages: Uint8Array[] = [];
  readonly problems: string[] = [];
  session = new TransportSession();

  get lost(): number {
    return this.session.counters.lostRecords;
  }

  take(message: Uint8Array): void {
    this.messages.push(message.slice());
    this.session.decode(message, {
      dataSet: set => {
        for (const { record } of decodeRecords(set)) {
          this.records.push({ ...record, domain: set.header.observationDomainId });
        }
      },
      unknownTemplate: (_, id) => this.problems.push(`no Template ${id}`),
      diagnostic: ({ detail }) => this.problems.push(detail),
    });
  }
}

async function udpCollector() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const collected = new Collected();
  collected.session = new TransportSession(undefined, undefined, { datagrams: true });
  socket.on('message', message => collected.take(message));
  return { port: socket.address().port, collected, close: () => socket.close() };
}

async function tcpCollector(port = 0) {
  const collected = new Collected();
  const sockets: Socket[] = [];
  const server: Server = createServer(socket => {
    sockets.push(socket);
    collected.session = new TransportSession();
    const splitter = new MessageSplitter(({ detail }) => collected.problems.push(detail));
    socket.on('error', () => {});
    socket.on('data', chunk => {
      for (const { bytes } of splitter.push(chunk)) collected.take(bytes);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, collected, close };
}

const sumOf = ({ records }: Collected) => records.reduce((sum, record) => sum + Number(record.octetDeltaCount), 0);

test('over UDP: what is stored from then on, with who said it, in our own domain, sequence and Templates', async () => {
  await store(flows(1, 10));
  const { port, collected, close } = await udpCollector();
  const forwarder = await forwarderTo('udp', port);
  await store(flows(1, 500), 42);
  await store(flows(501, 500), 43);
  forwarder.stored();
  await until(() => collected.records.length >= 1000);
  close();
  expect([collected.records.length, sumOf(collected)]).toEqual([1000, 500_500]);
  const one = collected.records.find(({ octetDeltaCount }) => octetDeltaCount === 1);
  expect(one).toEqual({
    originalExporterIPv4Address: '192.0.2.1',
    originalObservationDomainId: 42,
    sourceIPv4Address: '10.0.0.1',
    destinationIPv4Address: '10.0.0.2',
    protocolIdentifier: 6,
    octetDeltaCount: 1,
    reverseOctetDeltaCount: 1,
    samplingPacketInterval: 10,
    domain: 7,
  });
  expect(collected.records.filter(record => record.originalObservationDomainId === 43)).toHaveLength(500);
  expect(collected.problems).toEqual([]);
  expect(collected.lost).toBe(0);
  expect(Math.max(...collected.messages.map(message => message.length))).toBeLessThanOrEqual(1232);
  await until(() => forwarder.counters.records === 1000);
  expect(forwarder.counters).toMatchObject({ droppedRecords: 0, refusedRecords: 0, sessions: 1, connected: true });
  expect(forwarder.counters.messages).toBe(collected.messages.length);
}, 30_000);

test('only what fits the filter; tshark reads it', async context => {
  const { port, collected, close } = await udpCollector();
  const forwarder = await forwarderTo('udp', port, { filter: 'proto udp and octets > 90' });
  await store([...flows(1, 100, 17), ...flows(1, 100, 6)]);
  forwarder.stored();
  await until(() => collected.records.length >= 10);
  await until(() => forwarder.counters.records === 10);
  close();
  expect([collected.records.length, sumOf(collected)]).toEqual([10, 955]);
  context.skip(spawnSync('tshark', ['--version']).status !== 0, 'tshark is not installed (Debian package tshark)');
  const file = join(directory, 'forwarded.ipfix');
  writeFileSync(file, Buffer.concat(collected.messages));
  const fields = ['-T', 'fields', '-e', 'cflow.octets', '-e', 'cflow.original_exporter_ipv4_address'];
  const rows = execFileSync('tshark', ['-r', file, ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split('\n');
  const [octets, exporters] = [0, 1].map(i => rows.flatMap(row => (row.split('\t')[i] ?? '').split(',')));
  expect(exporters!.filter(text => text === '192.0.2.1')).toHaveLength(10);
  // Both directions of a Biflow: 1 octet back in each.
  expect(octets!.filter(text => text !== '').reduce((sum, text) => sum + Number(text), 0)).toBeGreaterThanOrEqual(955);
}, 30_000);

test('a collector that is away holds up nobody; when it is back it gets what was stored meanwhile, and a restart goes on', async () => {
  const first = await tcpCollector();
  const file = join(directory, 'kept');
  const lines: string[] = [];
  const forwarder = await forwarderTo('tcp', first.port, { file, log: line => lines.push(line) });
  await store(flows(1, 100));
  forwarder.stored();
  // What has been sent is not yet what has arrived.
  await until(() => forwarder.counters.records === 100 && first.collected.records.length === 100);
  await first.close();
  await store(flows(101, 100));
  forwarder.stored();
  await until(() => !forwarder.counters.connected);
  expect(lines[0]).toMatch(/^cannot forward to tcp:.*trying on/);
  await store(flows(201, 100));
  const second = await tcpCollector(first.port);
  await until(() => second.collected.records.length >= 200);
  expect([second.collected.records.length, sumOf(second.collected)]).toEqual([200, 40_100]);
  await forwarder.stop();
  await store(flows(301, 100));
  const later = await forwarderTo('tcp', first.port, { file });
  await until(() => later.counters.records === 100);
  await until(() => second.collected.records.length >= 300);
  expect(sumOf(second.collected) + sumOf(first.collected)).toBe((400 * 401) / 2);
  expect(second.collected.problems).toEqual([]);
  await second.close();
}, 60_000);

test('what waits is bounded: beyond it is passed over and counted', async () => {
  const { port, collected, close } = await udpCollector();
  const forwarder = await forwarderTo('udp', port, { maximumWaiting: 50 });
  await store(flows(1, 51));
  forwarder.stored();
  await until(() => forwarder.counters.droppedRecords === 51);
  await store(flows(1, 50));
  forwarder.stored();
  await until(() => collected.records.length === 50);
  close();
  expect(forwarder.counters).toMatchObject({ droppedRecords: 51 });
}, 30_000);

test('from collector to collector, by its options', async () => {
  const common = { ...noDatabases, http: '127.0.0.1:0', 'forward-filter': 'octets > 5' };
  const upper = await startCollector({ ...common, data: join(directory, 'upper'), listen: ['tcp://127.0.0.1:0'] });
  const to = upper.listening[0]!;
  const lower = await startCollector({
    ...common,
    data: join(directory, 'lower'),
    listen: ['udp://127.0.0.1:0'],
    forward: [to],
    'forward-domain': 99,
  });
  const exporter = new TestExporter();
  const { send, close } = sender(Number(new URL(lower.listening[0]!).port));
  await send(exporter.templates());
  await send(exporter.flows(20));
  close();
  await until(async () =>
    (await (await fetch(new URL('/metrics', lower.http))).text()).includes('forward_records_total{'),
  );
  // What comes last is forwarded before the end.
  await lower.stop();
  await until(() => upper.status().store.rows === 15);
  const answer = await fetch(new URL('/api/v1/groups?by=originalExporterIPv4Address,domain', upper.http));
  expect(await answer.json()).toMatchObject({ originalExporterIPv4Address: '127.0.0.1', domain: 99, octets: 195 });
  await upper.stop();
}, 60_000);

test.each([
  [{ forward: ['tls://x'] }, /forward: "tls:\/\/x" is no collector to forward to/],
  [{ 'forward-filter': 'octets >' }, /forward-filter: filter, column 9: expected/],
])('%j is refused', async (options, message) => {
  await expect(startCollector({ data: join(directory, 'refused'), ...options })).rejects.toThrow(message);
});
