import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mmsgAvailable } from './mmsg-receiver.js';
import { type CollectingHandlers, type CollectingOptions, CollectingProcess } from './process.js';
import type { SavedSessions } from './sessions.js';
import type { BlockFile } from './spool/directory.js';
import { sender, TestExporter, until } from './testing/exporter.js';

let directory: string;
let blocks: BlockFile[];
let sessions: SavedSessions | undefined;
let release: (() => void)[];
let isFull: boolean;
let told: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-collecting-'));
  [blocks, sessions, release, isFull, told] = [[], undefined, [], false, []];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const handlers: CollectingHandlers = {
  block(block) {
    unlinkSync(block.path);
    blocks.push(block);
    return isFull ? new Promise(resolve => release.push(resolve)) : Promise.resolve();
  },
  sessions(saved) {
    sessions = saved;
    return true;
  },
  told: told => expect.fail(JSON.stringify(told)),
  log: line => told.push(line),
  died: error => expect.fail(String(error)),
};

function start(more: Partial<CollectingOptions> = {}): Promise<CollectingProcess> {
  const listen = [{ scheme: 'udp', host: '127.0.0.1', port: 0 }] as const;
  const options = { listen, receiveBuffer: 1 << 20, directory, rawSpoolSize: 1 << 28, receivers: 1, ...more };
  return CollectingProcess.start(options, handlers);
}

const portOf = (collecting: CollectingProcess) => Number(new URL(collecting.listening[0]!).port);
const rows = () => blocks.reduce((sum, block) => sum + block.rows, 0);

describe('several receivers', () => {
  beforeEach(({ skip }) => skip(!mmsgAvailable(), 'no recvmmsg here'));

  test('share a port, each exporter stays with one, and the next start knows them all, whatever their number', async () => {
    const first = await start({ receivers: 3 });
    expect(first.listening).toHaveLength(1);
    const exporters = Array.from({ length: 40 }, () => ({ exporter: new TestExporter(), ...sender(portOf(first)) }));
    for (const { exporter, send } of exporters) await send(exporter.templates());
    for (let i = 0; i < 5; i++) for (const { exporter, send } of exporters) await send(exporter.flows(10));
    // With 40 exporters each of three has some, but for three times in ten million.
    await until(() => readdirSync(directory).every(name => readdirSync(join(directory, name)).length > 0));
    const identity = { address: '127.0.0.1', observationDomainId: 1, transport: 'udp' };
    await until(() => first.templatesOf(identity).length > 0);
    expect(first.templatesOf(identity).map(({ templateId }) => templateId)).toEqual([256, 257]);
    expect(first.templatesOf({ ...identity, observationDomainId: 2 })).toEqual([]);
    const listen = [{ scheme: 'udp', host: '127.0.0.1', port: portOf(first) }] as const;
    const elsewhere = { listen, directory: join(directory, 'other') };
    await expect(start(elsewhere)).rejects.toThrow(/EADDRINUSE/);
    await expect(start({ ...elsewhere, receivers: 2 })).rejects.toThrow(/EADDRINUSE/);
    rmSync(elsewhere.directory, { recursive: true });
    await first.stop();
    expect(first.status.counters).toMatchObject({ datagrams: 40 * 6, flowRecords: 40 * 50 });
    expect(first.status.exporters).toMatchObject([{ records: 40 * 50, lostRecords: 0, unknownTemplateSets: 0 }]);
    expect(rows()).toBe(40 * 50);

    const second = await start({ listen, receivers: 2 });
    await until(() => sessions?.sessions.length === 40);
    for (const { exporter, send, close } of exporters) {
      await send(exporter.flows(10));
      close();
    }
    await second.stop();
    expect(second.status.exporters).toMatchObject([{ records: 40 * 10, lostRecords: 0, unknownTemplateSets: 0 }]);
    expect(rows()).toBe(40 * 60);
    expect(second.status.recovered).toEqual({ messages: 0, tornOctets: 0 });
  });
});

test('who may not export is dropped and counted, over UDP and TCP; the others are taken', async () => {
  const on = (scheme: 'udp' | 'tcp') => ({ scheme, host: '127.0.0.1', port: 0 }) as const;
  const collecting = await start({ listen: [on('udp'), on('tcp')], allowExporters: ['127.0.0.2/32'] });
  for (const from of ['127.0.0.1', '127.0.0.2']) {
    const exporter = new TestExporter();
    const { send, close } = sender(portOf(collecting), from);
    await send(exporter.templates(), exporter.flows(10));
    close();
  }
  const stranger = connect({ port: Number(new URL(collecting.listening[1]!).port), host: '127.0.0.1' });
  await once(stranger, 'close');
  await collecting.stop();
  const { notAllowed, streams, counters } = collecting.status;
  expect({ notAllowed, refused: streams.refused, ...counters }).toMatchObject({
    notAllowed: 2,
    refused: 1,
    datagrams: 2,
    flowRecords: 10,
  });
  expect(rows()).toBe(10);
  expect(told).toEqual([
    ...Array(2).fill('127.0.0.1 is not of --allow-exporters: what it sends is dropped'),
    expect.stringMatching(/^127\.0\.0\.1:\d+ is turned away: it is not of --allow-exporters$/),
  ]);
});

test('while no block is taken no more is decoded; what arrives waits in the raw spool, over a stop and a start', async () => {
  isFull = true;
  const first = await start();
  const exporter = new TestExporter();
  const { send, close } = sender(portOf(first));
  await send(exporter.templates());
  for (let i = 1; i <= 2; i++) {
    await send(exporter.flows(100));
    await until(() => blocks.length === i);
  }
  for (let i = 0; i < 10; i++) await send(exporter.flows(100));
  close();
  await until(() => first.status.spool.octets > 10 * 3000);
  expect(blocks).toHaveLength(2);
  await first.stop();
  expect(rows()).toBe(200);
  expect(told).toEqual([expect.stringMatching(/^\d+ octets that have arrived stay in the raw spool/)]);

  isFull = false;
  const second = await start();
  await until(() => rows() === 1200);
  // What is saved first may be from before the spool is read.
  await until(() => sessions?.sessions.length === 1);
  expect(sessions!.sessions).toMatchObject([{ state: { domains: [{ nextSequence: 1200 }] } }]);
  await second.stop();
  expect(second.status.recovered).toEqual({ messages: 10, tornOctets: 0 });
});

test('a raw spool that is full drops UDP by count and says so; a connection waits, and nothing of it is lost', async () => {
  isFull = true;
  const listen = [
    { scheme: 'udp', host: '127.0.0.1', port: 0 },
    { scheme: 'tcp', host: '127.0.0.1', port: 0 },
  ] as const;
  const collecting = await start({ listen, rawSpoolSize: 1 << 20 });
  const [udp, tcp] = [new TestExporter(1), new TestExporter(2)];
  const { send, close } = sender(portOf(collecting));
  const socket = connect(Number(new URL(collecting.listening[1]!).port), '127.0.0.1');
  socket.write(tcp.templates());
  await send(udp.templates());
  for (let i = 1; i <= 2; i++) {
    await send(udp.flows(1));
    await until(() => blocks.length === i);
  }
  for (let i = 0; i < 40; i++) socket.write(tcp.flows(1900));
  await until(() => collecting.status.spool.octets > 900_000);
  for (let i = 0; i < 50; i++) await send(udp.flows(1000));
  await until(() => collecting.status.spool.drops.full > 40);
  await until(() =>
    told.some(line => /^the raw spool is full \(1048576 octets\): \d+ datagrams were dropped/.test(line)),
  );
  expect(collecting.status.spool.octets).toBeLessThanOrEqual(1 << 20);
  isFull = false;
  for (const each of release.splice(0)) each();
  await until(() => rows() >= 76_000);
  close();
  socket.end();
  await collecting.stop();
  expect(collecting.status.exporters.find(({ transport }) => transport === 'tcp')).toMatchObject({
    records: 76_000,
    lostRecords: 0,
  });
  const { drops } = collecting.status.spool;
  const dropped = new Map(collecting.status.exporters.map(each => [each.transport, each.droppedDatagrams]));
  expect([dropped.get('udp'), dropped.get('tcp')]).toEqual([drops.full, undefined]);
  expect(rows()).toBe(76_000 + 2 + (50 - drops.full) * 1000);
});

test('what had waited for its Template and fills more than a batch is in blocks whole', async () => {
  const collecting = await start();
  const { send, close } = sender(portOf(collecting));
  const buffer = new Uint8Array(65_507);
  const writer = new MessageWriter(buffer);
  const message = (fill: () => void, sequence: number) => {
    writer.begin(1);
    fill();
    return buffer.slice(0, writer.finish(1_700_000_000, sequence));
  };
  // Records of an octet each.
  const template = { id: 300, scopeFieldCount: 0, fields: fieldsOf(['protocolIdentifier']) };
  const flows = () => {
    for (let i = 0; i < 60_000; i++) writer.reserve(300, 1);
  };
  for (let i = 0; i < 10; i++) await send(message(flows, i * 60_000));
  await until(() => collecting.status.counters.datagrams === 10);
  expect(rows()).toBe(0);
  await send(message(() => writer.addTemplate(template), 600_000));
  close();
  await until(() => rows() > 0);
  await collecting.stop();
  expect(blocks.length).toBeGreaterThan(2);
  expect(rows()).toBe(600_000);
  expect(collecting.status.counters.flowRecords).toBe(600_000);
});

test('an exporter whose Messages make no sense three times in a row is shut off, by what decoding tells', async () => {
  const collecting = await start({ listen: [{ scheme: 'tcp', host: '127.0.0.1', port: 0 }] });
  const exporter = new TestExporter();
  const socket = connect(portOf(collecting), '127.0.0.1');
  const ended = once(socket, 'close');
  const bad = exporter.flows(1);
  // A Set that goes past the end of its Message.
  new DataView(bad.buffer).setUint16(18, 9999);
  socket.write(Buffer.concat([exporter.templates(), bad, bad, exporter.flows(10), bad, bad]));
  // Each thread tells its part by itself.
  await until(() => collecting.status.counters.flowRecords === 10 && collecting.status.streams.open === 1);
  expect(collecting.status.streams.shutDown).toBe(0);
  socket.write(bad);
  await ended;
  await until(() => collecting.status.streams.shutDown === 1);
  expect(told).toEqual([
    expect.stringMatching(/^tcp:.*3 Messages in a row were malformed, the last: .*; the connection is shut down$/),
  ]);
  await collecting.stop();
  expect(rows()).toBe(10);
});

test('a raw spool with a state that cannot be read is put aside, and said', async () => {
  const spool = join(directory, '000000000001-000');
  mkdirSync(spool);
  writeFileSync(join(spool, 'state.json'), '');
  const collecting = await start();
  expect(told).toEqual([
    expect.stringMatching(
      /000000000001-000 cannot be used: .*; what it holds is not stored, and left in .*unreadable$/,
    ),
  ]);
  await until(() => sessions !== undefined);
  await collecting.stop();
  expect(readdirSync(join(directory, 'unreadable'))).toEqual(['state.json']);
});
