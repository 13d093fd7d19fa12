import { describe, expect, test } from 'vitest';
import { type FilledBatch, Ingest } from './ingest.js';
import { peerOfText } from './peer.js';
import { TestExporter } from './testing/exporter.js';

const peer = peerOfText('192.0.2.7', 40_000);
function collect(capacity = 1000, room = () => true) {
  const batches: FilledBatch[] = [];
  const ingest = new Ingest({ capacity, deliver: batch => room() && batches.push(batch) > 0 });
  const feed = (...messages: Uint8Array[]) => {
    for (const message of messages) ingest.datagram(message, peer, 1_700_000_002_000);
  };
  return { batches, ingest, feed, exporter: () => ingest.exporters.list()[0]! };
}

test('records go into batches that are handed over before they are full, and the rest when asked', () => {
  const { batches, ingest, feed, exporter } = collect(1000);
  const sender = new TestExporter();
  feed(sender.templates());
  for (let i = 0; i < 10; i++) feed(sender.flows(200, 1_700_000_000_000 + i));
  expect(batches.map(batch => batch.rows)).toEqual([800, 800]);
  ingest.flush();
  ingest.flush();
  expect(batches.map(batch => batch.rows)).toEqual([800, 800, 400]);
  expect(batches.map(({ from, to }) => [from - 1_700_000_000_000, to - 1_700_000_000_000])).toEqual([
    [0, 3],
    [4, 7],
    [8, 9],
  ]);
  expect(ingest.counters).toMatchObject({ datagrams: 11, flowRecords: 2000, batches: 3, droppedRecords: 0 });
  expect(exporter()).toMatchObject({ address: '192.0.2.7', observationDomainId: 1, records: 2000, templates: 2 });
});

test('a Message with more records than a batch has rows is spread over several', () => {
  const { batches, ingest, feed } = collect(100);
  const sender = new TestExporter();
  feed(sender.templates(), sender.flows(350));
  ingest.flush();
  expect(batches.map(batch => batch.rows)).toEqual([100, 100, 100, 50]);
  expect(ingest.counters.flowRecords).toBe(350);
});

test('without room, records are dropped and counted', () => {
  const { batches, ingest, feed } = collect(100, () => false);
  const sender = new TestExporter();
  feed(sender.templates(), sender.flows(350));
  ingest.flush();
  expect(batches).toEqual([]);
  expect(ingest.counters).toMatchObject({ flowRecords: 350, droppedRecords: 350, batches: 0 });
});

test('a lost Message shows, and the newest statistics are kept and not stored as flows', () => {
  const { batches, ingest, feed, exporter } = collect();
  const sender = new TestExporter();
  feed(sender.templates(), sender.flows(3), sender.statistics(5n, 0n));
  sender.flows(4);
  feed(sender.flows(2), sender.statistics(9n, 2n ** 60n));
  ingest.flush();
  expect(exporter()).toMatchObject({
    lostRecords: 4,
    records: 7,
    statistics: { exportedFlowRecordTotalCount: 9, notSentFlowTotalCount: 2 ** 60 },
  });
  expect(batches.map(batch => batch.rows)).toEqual([5]);
  expect(ingest.counters.optionsRecords).toBe(2);
});

test('a saved session knows its Templates and what should come next', () => {
  const before = collect();
  const sender = new TestExporter();
  before.feed(sender.templates(), sender.flows(3));
  const saved = JSON.parse(JSON.stringify(before.ingest.save(0)));
  sender.flows(10);
  const after = collect();
  after.ingest.restore(saved);
  expect(after.exporter()).toMatchObject({ templates: 2, messages: 0 });
  after.feed(sender.flows(1));
  expect(after.exporter()).toMatchObject({ lostRecords: 10, records: 1, unknownTemplateSets: 0 });
  expect(() => collect().ingest.restore({ version: 2 } as never)).toThrow(/version 2/);
});

describe('hostile datagrams', () => {
  test('what is no IPFIX, is broken or has no Template is counted', () => {
    const { ingest, feed } = collect();
    const sender = new TestExporter();
    feed(new Uint8Array(0), Buffer.from('GET / HTTP/1.1'), new Uint8Array(2000));
    expect(ingest.counters.notIpfix).toBe(3);
    feed(sender.flows(1));
    const broken = sender.flows(1);
    broken[18] = 255;
    feed(broken);
    const listed = ingest.exporters.list();
    expect(listed.reduce((sum, each) => sum + each.unknownTemplateSets, 0)).toBe(1);
    expect(listed.reduce((sum, each) => sum + each.malformedMessages, 0)).toBe(1);
    expect([...ingest.diagnostics.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  test('senders beyond the bound are refused, and those known go on', () => {
    const { ingest } = collect();
    const message = new TestExporter().templates();
    for (let port = 1; port <= 1100; port++) ingest.datagram(message, peerOfText('198.51.100.1', port), 1000);
    expect(ingest.sessionCount).toBe(1024);
    expect(ingest.counters.refusedDatagrams).toBe(76);
    ingest.datagram(message, peerOfText('198.51.100.1', 1), 1000);
    expect(ingest.counters.refusedDatagrams).toBe(76);
    ingest.datagram(message, peerOfText('198.51.100.1', 2000), 1000 + 31 * 60_000);
    expect(ingest.counters.refusedDatagrams).toBe(76);
  });

  test('mutated Messages never throw', () => {
    const { ingest } = collect(512);
    const sender = new TestExporter();
    const originals = [sender.templates(), sender.flows(5), sender.statistics(1n, 2n)];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let i = 0; i < 30_000; i++) {
      const message = originals[random(3)]!.slice();
      for (let n = random(4); n >= 0; n--) message[random(message.length)] = random(256);
      ingest.datagram(message.subarray(0, message.length - random(3)), peer, 1000 + i);
    }
    expect(ingest.counters.datagrams).toBe(30_000);
    expect(ingest.counters.flowRecords).toBeGreaterThan(1000);
  });
});
