import { fieldOfElement } from '@weir/flow';
import { describe, expect, test } from 'vitest';
import type { FlowBatch } from '../flow/batch.js';
import type { FilledBatch } from './filled-batch.js';
import { Ingest } from './ingest.js';
import { peerOfText } from './peer.js';
import { newSession } from './sessions.js';
import { TestExporter } from './testing/exporter.js';

const peer = peerOfText('192.0.2.7', 40_000);
function collect(capacity = 1000) {
  const batches: FilledBatch[] = [];
  const ingest = new Ingest({ capacity, deliver: batch => batches.push(batch) });
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
  expect(ingest.counters).toMatchObject({ datagrams: 11, flowRecords: 2000, batches: 3 });
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

test('an enricher fills the rows of each Data Set once, and what it marks is written', () => {
  const { field, bit } = fieldOfElement('bgpSourceAsNumber')!;
  const ranges: number[][] = [];
  const fill = (batch: FlowBatch, from: number, to: number) => {
    ranges.push([from, to]);
    const numbers = new Uint32Array(batch.column(field.column).data.buffer);
    for (let row = from; row < to; row += 2) {
      numbers[row] = 0x41414141;
      batch.mark(row, bit);
    }
  };
  const blocks: string[] = [];
  const deliver = ({ block }: FilledBatch) => blocks.push(Buffer.concat(block).toString('latin1'));
  const ingest = new Ingest({ capacity: 100, deliver, enrichers: [{ fill }] });
  const sender = new TestExporter();
  for (const message of [sender.templates(), sender.flows(150), sender.flows(5)]) ingest.datagram(message, peer, 0);
  ingest.flush();
  expect(ranges).toEqual([
    [0, 100],
    [0, 50],
    [50, 55],
  ]);
  const column = '\x08sourceAs\x06UInt32';
  const rows = blocks.map(block => block.slice(block.indexOf(column) + column.length).slice(0, 16));
  expect(rows).toEqual(['AAAA\0\0\0\0AAAA\0\0\0\0', 'AAAA\0\0\0\0AAAA\0\0\0\0']);
});

test('what comes over a connection and in datagrams is kept apart, and the Templates of a connection end with it', () => {
  const { ingest, batches } = collect(100);
  const session = newSession(peer, 'tcp', 0);
  const [stream, datagrams] = [new TestExporter(), new TestExporter()];
  ingest.datagram(datagrams.templates(), peer, 0);
  expect(ingest.streamMessage(session, stream.templates(), 0)).toBeUndefined();
  ingest.streamMessage(session, stream.flows(3), 0);
  ingest.datagram(datagrams.flows(150), peer, 0);
  ingest.datagram(datagrams.flows(30), peer, 0);
  expect(batches.map(batch => batch.rows)).toEqual([100, 83]);
  expect(ingest.counters).toMatchObject({ flowRecords: 183, datagrams: 3, streamMessages: 2 });
  const broken = stream.templates();
  broken[18] = 0xff;
  expect(ingest.streamMessage(session, broken, 0)).toMatch(/a Set of /);
  const templates = () => ingest.exporters.list().map(each => [each.transport, each.templates]);
  const before = [
    ['udp', 2],
    ['tcp', 2],
  ];
  expect(templates()).toEqual(before);
  ingest.endOfStream(session);
  expect(templates()).toEqual([before[0], ['tcp', 0]]);
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

test('Data Sets that wait for their Template are saved with their session, and are restored once', () => {
  const before = collect();
  const sender = new TestExporter();
  before.feed(sender.flows(3), sender.flows(4));
  const saved = JSON.parse(JSON.stringify(before.ingest.save(0)));
  const after = collect();
  after.ingest.restore(saved);
  after.ingest.restore(JSON.parse(JSON.stringify(after.ingest.save(0))));
  after.feed(sender.templates());
  after.ingest.flush();
  expect(after.batches.map(batch => batch.rows)).toEqual([7]);
  expect(after.exporter()).toMatchObject({ lateSets: 2, records: 7, lostRecords: 0 });
  expect(after.ingest.save(0).sessions[0]).not.toHaveProperty('unread');
});

describe('NetFlow', () => {
  const be16 = (n: number) => [n >> 8, n & 255];
  const be32 = (n: number) => [...be16(n >>> 16), ...be16(n & 0xffff)];
  const SECONDS = 1_700_000_000;

  test('v5 is stored with absolute times, its sampling is a statistic, its sequence counts flows', () => {
    const { batches, ingest, feed, exporter } = collect();
    const flow = [...new Array<number>(24).fill(1), ...be32(1000), ...be32(4000), ...new Array<number>(16).fill(0)];
    const message = (sequence: number) =>
      Uint8Array.from([
        ...[0, 5, 0, 2, ...be32(5000), ...be32(SECONDS), ...be32(500_000_000), ...be32(sequence), 1, 2, 0x80, 100],
        ...[...flow, ...flow],
      ]);
    feed(message(0), message(4));
    ingest.flush();
    expect(batches.map(batch => batch.rows)).toEqual([4]);
    expect(batches[0]).toMatchObject({ from: SECONDS * 1000 - 500, to: SECONDS * 1000 - 500 });
    expect(exporter()).toMatchObject({
      observationDomainId: 0x0102,
      records: 4,
      lostRecords: 2,
      statistics: { samplingAlgorithm: 2, samplingInterval: 100 },
    });
    expect(ingest.counters).toMatchObject({ notIpfix: 0, flowRecords: 4, optionsRecords: 2 });
  });

  test('v9 likewise, but its sequence counts Messages', () => {
    const { batches, ingest, feed, exporter } = collect();
    const header = (sequence: number) => [0, 9, 0, 1, ...be32(5000), ...be32(SECONDS), ...be32(sequence), ...be32(7)];
    const options = [0, 1, 0, 20, 1, 1, 0, 4, 0, 4, 0, 1, 0, 0, 0, 34, 0, 4, 0, 0, 1, 1, 0, 8, ...be32(64)];
    feed(Uint8Array.from([...header(1), 0, 0, 0, 12, 1, 0, 0, 1, 0, 21, 0, 4, ...options]));
    feed(Uint8Array.from([...header(4), 1, 0, 0, 12, ...be32(4000), ...be32(4500)]));
    ingest.flush();
    expect(batches).toMatchObject([{ rows: 2, from: SECONDS * 1000 - 1000, to: SECONDS * 1000 - 500 }]);
    expect(exporter()).toMatchObject({
      observationDomainId: 7,
      records: 3,
      lostRecords: 0,
      lostMessages: 2,
      statistics: { samplingInterval: 64 },
    });
  });
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

test('the clock of an exporter is compared by the quickest Messages of the last minutes', () => {
  const { ingest, exporter } = collect();
  const message = new TestExporter().templates();
  const exportTime = new DataView(message.buffer).getUint32(4) * 1000;
  const behind = [5200, 5050, 9000].map((delay, i) => {
    ingest.datagram(message, peer, exportTime + delay + i);
    return exporter().clockBehind;
  });
  expect(behind).toEqual([5200, 5051, 5051]);
  // Its clock has been set: the old difference is forgotten after some minutes.
  const later = exportTime + 400_000;
  for (const delay of [0, 160_000, 320_000]) {
    new DataView(message.buffer).setUint32(4, Math.floor((later + delay) / 1000) + 3);
    ingest.datagram(message, peer, later + delay);
  }
  expect(exporter().clockBehind).toBe(-3000);
});

describe('Data Sets that come before their Template', () => {
  test('are read when it comes, and the sequence is not disturbed', () => {
    const { batches, ingest, feed, exporter } = collect();
    const sender = new TestExporter();
    feed(sender.flows(3), sender.statistics(5n, 1n), sender.flows(4));
    expect(exporter()).toMatchObject({ unknownTemplateSets: 3, records: 0 });
    ingest.datagram(sender.templates(), peer, 1_700_000_060_000);
    feed(sender.flows(2));
    ingest.flush();
    expect(batches.map(batch => batch.rows)).toEqual([9]);
    expect(exporter()).toMatchObject({ unknownTemplateSets: 3, lateSets: 3, records: 10, lostRecords: 0 });
    expect(exporter().statistics).toEqual({ exportedFlowRecordTotalCount: 5, notSentFlowTotalCount: 1 });
  });

  test('of another session or after ten minutes are not', () => {
    const { ingest, exporter } = collect();
    const sender = new TestExporter();
    const templates = sender.templates();
    ingest.datagram(sender.flows(3), peer, 1_700_000_000_000);
    ingest.datagram(sender.flows(4), peerOfText('192.0.2.7', 40_001), 1_700_000_001_000);
    ingest.datagram(sender.flows(5), peer, 1_700_000_599_000);
    ingest.datagram(sender.flows(6), peer, 1_700_000_601_000);
    ingest.datagram(templates, peer, 1_700_000_602_000);
    expect(exporter()).toMatchObject({ unknownTemplateSets: 4, lateSets: 2, records: 11 });
  });

  test('are bounded for one session, and what finds no room stays unread', () => {
    const { ingest, feed, exporter } = collect(100_000);
    const sender = new TestExporter();
    const templates = sender.templates();
    for (let i = 0; i < 30; i++) feed(sender.flows(1500));
    feed(templates);
    const { unknownTemplateSets, lateSets, records } = exporter();
    // 1 MiB of Sets of 49,500 octets.
    expect([unknownTemplateSets, lateSets, records]).toEqual([30, 21, 31_500]);
    ingest.flush();
  });
});
