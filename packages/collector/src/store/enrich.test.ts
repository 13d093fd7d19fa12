import { afterAll, beforeAll, expect, test } from 'vitest';
import { AddressEnricher } from '../collecting/enrich/address-enricher.js';
import { addNetworks } from '../collecting/enrich/networks.js';
import { pointOf } from '../collecting/enrich/points.js';
import { noSegments } from '../collecting/enrich/segments.js';
import { makeTable } from '../collecting/enrich/table.js';
import { copyOf } from '../collecting/filled-batch.js';
import { Ingest } from '../collecting/ingest.js';
import { peerOfText } from '../collecting/peer.js';
import { messagesOf, type TestRecord } from '../flow/testing/records.js';
import { ipfixFile } from './export/ipfix-file.js';
import { parquetFile } from './export/parquet.js';
import { groups, records } from './queries.js';
import { openTestStore, type TestStore } from './testing/store.js';

const SECONDS = 1_700_000_000;
const interval = { from: SECONDS * 1000 - 3_600_000, to: SECONDS * 1000 + 3_600_000 };
let opened: TestStore;

function table() {
  const names = ['', 'DE', 'FR', 'guest wifi', 'office'];
  const sources = { as: noSegments(), country: noSegments(), network: noSegments() };
  const v4 = (text: string) => pointOf(text) as number;
  const v6 = (text: string) => pointOf(text) as bigint;
  sources.as.v4.add(v4('198.51.100.0'), v4('198.51.101.0'), 64_512);
  sources.as.v6.add(v6('2001:db8::'), v6('2001:db8:1::'), 64_513);
  sources.country.v4.add(v4('198.51.100.0'), v4('198.51.100.128'), 1);
  sources.country.v6.add(v6('2001:db8::'), v6('2001:db8:2::'), 2);
  const networks = [
    { name: 'office', start: v4('10.0.0.0'), end: v4('11.0.0.0') },
    { name: 'guest wifi', start: v4('10.2.0.0'), end: v4('10.3.0.0') },
  ];
  addNetworks(networks, sources.network, name => names.indexOf(name));
  return makeTable(sources, names);
}

const sent: TestRecord[] = [
  { sourceIPv4Address: '10.1.0.1', destinationIPv4Address: '198.51.100.1', octetDeltaCount: 1 },
  { sourceIPv4Address: '10.2.0.1', destinationIPv4Address: '198.51.100.200', octetDeltaCount: 2 },
  { sourceIPv6Address: '2001:db8::1', destinationIPv6Address: '2001:db8:1::1', octetDeltaCount: 4 },
  // What the exporter says holds, but for its 0.
  {
    ...{ sourceIPv4Address: '198.51.100.2', destinationIPv4Address: '198.51.100.3', octetDeltaCount: 8 },
    ...{ bgpSourceAsNumber: 65_000, bgpDestinationAsNumber: 0 },
  },
  { sourceIPv4Address: '192.0.2.1', destinationIPv4Address: '192.0.2.2', octetDeltaCount: 16, bgpSourceAsNumber: 0 },
  { octetDeltaCount: 32 },
];

beforeAll(async () => {
  opened = await openTestStore();
  const blocks: { block: Uint8Array; rows: number }[] = [];
  const ingest = new Ingest({
    capacity: 100,
    deliver: batch => blocks.push(copyOf(batch)),
    enrichers: [new AddressEnricher(table())],
  });
  for (const message of messagesOf(sent, SECONDS)) {
    ingest.datagram(message, peerOfText('192.0.2.9', 4739), SECONDS * 1000);
  }
  ingest.flush();
  for (const { block, rows } of blocks) await opened.store.insert(block, rows);
}, 30_000);
afterAll(() => opened.end(), 30_000);

async function octetsOf(filter: string): Promise<number> {
  const [sum] = await groups(opened.store, { ...interval, filter }, []);
  return Number(sum?.octets ?? 0);
}

test.each([
  ['country DE', 1 + 8],
  ['dst country de', 1 + 8],
  ['src country DE', 8],
  ['country in (DE, FR)', 1 + 4 + 8],
  ['sourceCountry != DE', 4],
  ['not country DE', 2 + 4 + 16 + 32],
  ['as 64512', 1 + 2 + 8],
  ['src as AS64512', 0],
  ['as 65000 or dst as 64513', 8],
  ['sourceas = 64513', 4],
  ['bgpSourceAsNumber = 0', 16],
  ['bgpDestinationAsNumber = 0', 0],
  ['destinationAsByAddress = 64512', 1 + 2 + 8],
  ['network office', 1],
  ['src network "guest wifi"', 2],
  ['dst network office', 0],
  ['src net 10.0.0.0/8 and not network "guest wifi"', 1],
])('the filter %s', async (filter, octets) => {
  expect(await octetsOf(filter)).toBe(octets);
});

test('sums by what was added', async () => {
  const by = async (...names: string[]) =>
    (await groups(opened.store, interval, names)).map(group => [...names.map(name => group[name]), group.octets]);
  expect(await by('sourceCountry', 'destinationCountry')).toEqual([
    [null, null, 2 + 16 + 32],
    ['DE', 'DE', 8],
    ['FR', 'FR', 4],
    [null, 'DE', 1],
  ]);
  expect(await by('sourceNetwork')).toEqual([
    [null, 4 + 8 + 16 + 32],
    ['guest wifi', 2],
    ['office', 1],
  ]);
  expect(await by('dstas')).toEqual([
    [null, 4 + 16 + 32],
    [64_512, 1 + 2 + 8],
  ]);
});

test('records tell what was sent from what was added', async () => {
  const found: Record<string, unknown>[] = [];
  for await (const { record } of records(opened.store, interval)) found.push(record);
  const of = (octets: number) => found.find(record => record.octetDeltaCount === octets);
  expect(of(1)).toEqual({
    ...{ sourceIPv4Address: '10.1.0.1', destinationIPv4Address: '198.51.100.1', octetDeltaCount: 1 },
    ...{ sourceNetwork: 'office', destinationCountry: 'DE', destinationAsByAddress: 64_512 },
  });
  expect(of(8)).toMatchObject({ bgpSourceAsNumber: 65_000, destinationAsByAddress: 64_512, sourceCountry: 'DE' });
  expect(of(8)).not.toHaveProperty('bgpDestinationAsNumber');
  expect(of(8)).not.toHaveProperty('sourceAsByAddress');
  expect(of(16)).toMatchObject({ bgpSourceAsNumber: 0 });
  expect(of(32)).toEqual({ octetDeltaCount: 32 });
});

async function octets(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

test('a Parquet file has it; an IPFIX File has what exporters sent', async () => {
  const parquet = await octets(parquetFile(opened.store, interval));
  expect(parquet.includes('destinationCountry')).toBe(true);
  expect(parquet.includes('guest wifi')).toBe(true);
  const read = new Ingest({ capacity: 100, deliver: () => {} });
  const whole = await octets(ipfixFile(opened.store, interval));
  let at = 0;
  while (at < whole.length) {
    const end = at + whole.readUInt16BE(at + 2);
    read.datagram(whole.subarray(at, end), peerOfText('192.0.2.9', 4739), 0);
    at = end;
  }
  expect(read.counters.flowRecords).toBe(sent.length);
  expect([...read.diagnostics]).toEqual([]);
});
