import { describe, expect, test } from 'vitest';
import { Ingest } from './ingest.js';
import { peerOfText } from './peer.js';
import { SessionTable } from './sessions.js';
import { TestExporter } from './testing/exporter.js';

const NOW = 1_700_000_000_000;
const ROOM = 1024;

function peer(n: number) {
  return peerOfText(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 4739);
}

describe('a full table', () => {
  test('lets strangers go for the sake of others, the first first', () => {
    const table = new SessionTable();
    const [first, second] = [table.of(peer(0), NOW), table.of(peer(1), NOW)];
    for (let n = 2; n < ROOM; n++) table.of(peer(n), NOW);
    table.introduced(first!);
    expect(table.of(peer(ROOM), NOW)).toBeDefined();
    expect(table.size).toBe(ROOM);
    expect(table.of(peer(0), NOW)).toBe(first);
    expect(table.of(peer(1), NOW)).not.toBe(second);
  });

  test('refuses new senders while all in it are known and lively', () => {
    const table = new SessionTable();
    for (let n = 0; n < ROOM; n++) table.introduced(table.of(peer(n), NOW)!);
    expect(table.of(peer(ROOM), NOW)).toBeUndefined();
    expect(table.of(peer(ROOM), NOW + 31 * 60_000)).toBeDefined();
  });
});

test('a flood of forged senders costs no exporter its Templates, and shuts out no new one', () => {
  const ingest = new Ingest({ capacity: 1000, deliver: () => {} });
  const exporter = new TestExporter();
  ingest.datagram(exporter.templates(), peer(0), NOW);
  for (let n = 1; n < 3000; n++) ingest.datagram(Uint8Array.of(0, 10, ...new Array<number>(14).fill(0)), peer(n), NOW);
  ingest.datagram(exporter.flows(3), peer(0), NOW);
  const late = new TestExporter();
  ingest.datagram(late.templates(), peer(5000), NOW);
  ingest.datagram(late.flows(4), peer(5000), NOW);
  expect(ingest.counters).toMatchObject({ flowRecords: 7, refusedDatagrams: 0 });
});

test('one sender with ever new Observation Domains does not fill the list of exporters', () => {
  const ingest = new Ingest({ capacity: 1000, deliver: () => {} });
  const message = Buffer.from(new TestExporter().templates());
  for (let domain = 1; domain <= 200; domain++) {
    message.writeUInt32BE(domain, 12);
    ingest.datagram(message, peer(1), NOW);
  }
  expect(ingest.exporters.list().length).toBe(64);
  expect(ingest.exporters.unlisted).toBeGreaterThan(0);
});
