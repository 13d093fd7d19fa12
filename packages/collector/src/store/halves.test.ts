import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf } from '../collecting/filled-batch.js';
import { Ingest, type IngestOptions } from '../collecting/ingest.js';
import { peerOfText } from '../collecting/peer.js';
import { messagesOf, type TestRecord } from '../flow/testing/records.js';
import { groups, records } from './queries.js';
import { openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

const vectors = new URL('../../../../../shared/data/vectors/', import.meta.url);
const START = 1_700_000_000_000;
const always = { from: 0, to: 2 ** 41 };

/** Messages of exporters into the store. @returns how many pairs were joined */
async function collect(
  all: readonly { address: string; messages: readonly Uint8Array[] }[],
  halves: IngestOptions['halves'],
): Promise<number> {
  const blocks: { block: Uint8Array; rows: number }[] = [];
  const ingest = new Ingest({ capacity: 10_000, deliver: batch => blocks.push(copyOf(batch)), halves });
  for (const { address, messages } of all) {
    for (const message of messages) ingest.datagram(message, peerOfText(address, 2055), START);
  }
  ingest.release();
  for (const { block, rows } of blocks) await opened.store.insert(block, rows);
  return ingest.halves?.counters.joined ?? 0;
}

/** Templates come first. */
function vectorFiles(): string[] {
  const isTemplate = (name: string) => Number(!/tpl/.test(name));
  return readdirSync(vectors)
    .filter(name => name.endsWith('.dat'))
    .sort((a, b) => isTemplate(a) - isTemplate(b) || (a < b ? -1 : 1));
}

test('what exporters of many vendors sent has the same sums, joined or not', { timeout: 60_000 }, async () => {
  const vendors = new Map<string, Uint8Array[]>();
  for (const name of vectorFiles()) {
    const vendor = name.replace(/_(tpl|opttpl|data).*|\.dat$/, '');
    vendors.set(vendor, [...(vendors.get(vendor) ?? []), readFileSync(new URL(name, vectors))]);
  }
  const sent = (network: string) =>
    Array.from(vendors.values(), (messages, i) => ({ address: `${network}.${i}`, messages }));
  await collect(sent('10.1.1'), undefined);
  expect(await collect(sent('10.1.2'), { wait: 60_000 })).toBeGreaterThan(0);
  const sums = async (network: string) => {
    const rows = await groups(opened.store, { ...always, filter: `exporter in (${network}.0/24)` }, ['exporter']);
    return new Map(
      rows.map(row => [
        String(row.exporter).split('.')[3],
        [row.octets, row.reverseOctets, row.packets, row.reversePackets].map(Number),
      ]),
    );
  };
  const [apart, joined] = [await sums('10.1.1'), await sums('10.1.2')];
  expect(apart.size).toBeGreaterThan(10);
  const both = (all: typeof apart) => [...all].map(([n, [o, ro, p, rp]]) => [n, o! + ro!, p! + rp!]).sort();
  expect(both(joined)).toEqual(both(apart));
});

test('a Flow of halves with interim reports is one Flow, whichever of them are told', async () => {
  const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();
  const report = (isAnswer: boolean, begin: number, end: number): TestRecord => ({
    sourceIPv4Address: isAnswer ? '192.0.2.1' : '192.0.2.9',
    destinationIPv4Address: isAnswer ? '192.0.2.9' : '192.0.2.1',
    sourceTransportPort: isAnswer ? 443 : 40_000,
    destinationTransportPort: isAnswer ? 40_000 : 443,
    protocolIdentifier: 6,
    octetDeltaCount: isAnswer ? 1000 : 10,
    flowId: isAnswer ? 2 : 1,
    flowStartMilliseconds: at(isAnswer ? 5 : 0),
    ...(begin > 0 && { monitoringIntervalStartMilliSeconds: at(begin) }),
    flowEndMilliseconds: at(end),
    flowEndReason: 2,
  });
  const told = [
    [report(true, 0, 60_000), report(false, 0, 60_000)],
    [report(true, 60_000, 120_000)],
    [report(false, 120_000, 180_000)],
    [report(false, 180_000, 240_000), report(true, 180_000, 240_000)],
  ].flat();
  const address = '10.1.3.1';
  expect(await collect([{ address, messages: messagesOf(told, START / 1000) }], { wait: 1000 })).toBe(2);
  const filter = `exporter = ${address}`;
  expect(await groups(opened.store, { ...always, filter }, [])).toMatchObject([
    { flows: 1, octets: 30, reverseOctets: 3000 },
  ]);
  const stored: unknown[] = [];
  for await (const { record } of records(opened.store, { ...always, filter })) stored.push(record);
  expect(stored).toHaveLength(4);
  expect(await groups(opened.store, { ...always, filter: `${filter} and src host 192.0.2.1` }, [])).toMatchObject([
    { flows: 0 },
  ]);
});
