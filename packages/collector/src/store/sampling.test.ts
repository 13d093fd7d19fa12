import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf } from '../collecting/filled-batch.js';
import { Ingest } from '../collecting/ingest.js';
import { peerOfText } from '../collecting/peer.js';
import { flowRows, groups, records, series } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

const be16 = (n: number) => [n >> 8, n & 255];
const be32 = (n: number) => [...be16(n >>> 16), ...be16(n & 0xffff)];
const SECONDS = 1_700_000_000;
const interval = { from: SECONDS * 1000 - 3_600_000, to: SECONDS * 1000 + 3_600_000 };

/** What is known of the sampling of exporters that do not tell it. */
const byHand = [{ address: '198.51.100.128', length: 25, interval: 9 }];

/** Messages of one exporter each time into the store; what the collector knows of sessions goes on from one to the next. */
async function collect(messages: readonly (readonly number[])[], address: string, saved?: unknown): Promise<unknown> {
  const blocks: { block: Uint8Array; rows: number }[] = [];
  const ingest = new Ingest({ capacity: 100, deliver: batch => blocks.push(copyOf(batch)), sampling: byHand });
  if (saved !== undefined) ingest.restore(JSON.parse(JSON.stringify(saved)));
  const peer = peerOfText(address, 2055);
  for (const message of messages) ingest.datagram(Uint8Array.from(message), peer, SECONDS * 1000);
  ingest.flush();
  for (const { block, rows } of blocks) await opened.store.insert(block, rows);
  return ingest.save(0);
}

async function stored(filter: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { record } of records(opened.store, { ...interval, filter })) found.push(record);
  return found;
}

/** NetFlow v9 with these FlowSets, each with its ID. */
function v9(sequence: number, ...flowSets: (readonly [id: number, ...octets: number[]])[]): number[] {
  const sets = flowSets.flatMap(([id, ...octets]) => [...be16(id), ...be16(octets.length + 4), ...octets]);
  return [0, 9, ...be16(flowSets.length), ...be32(5000), ...be32(SECONDS), ...be32(sequence), ...be32(7), ...sets];
}
const field = (id: number, length: number) => [...be16(id), ...be16(length)];

function v5(sampling: number, octets: number): number[] {
  const flow = [
    ...[10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 2],
    ...[...be32(3), ...be32(octets), ...be32(1000), ...be32(4000), ...new Array<number>(16).fill(0)],
  ];
  return [0, 5, 0, 1, ...be32(5000), ...be32(SECONDS), ...be32(0), ...be32(0), 1, 2, ...be16(sampling), ...flow];
}

test('the header of NetFlow v5 holds for its records', async () => {
  await collect([v5(0x8064, 1500)], '198.51.100.5');
  const filter = 'exporter = 198.51.100.5';
  expect(await stored(filter)).toMatchObject([{ octetDeltaCount: 1500, packetDeltaCount: 3, samplingInterval: 100 }]);
  expect(await groups(opened.store, { ...interval, filter }, [])).toMatchObject([
    { flows: 1, octets: 150_000, packets: 300 },
  ]);
  const { flows } = await flowRows(opened.store, { ...interval, filter }, { order: 'largest', limit: 10 });
  expect(flows).toMatchObject([{ octets: 150_000 }]);
  const plot = await series(opened.store, { ...interval, filter }, 60, ['10.0.0.2/32']);
  expect(Math.round(60 * plot.inOctets.reduce((sum, rate) => sum + rate, 0))).toBe(150_000);
  // A filter means what was sent.
  expect(await stored(`${filter} and octets > 2000`)).toEqual([]);
  expect(await groups(opened.store, { ...interval, filter: `${filter} and octets < 2000` }, [])).toMatchObject([
    { octets: 150_000 },
  ]);
  const filtered = await series(opened.store, { ...interval, filter: `${filter} and octets < 2000` }, 60, []);
  expect(Math.round(60 * filtered.outOctets.reduce((sum, rate) => sum + rate, 0))).toBe(150_000);
});

test('a sampler table of NetFlow v9 holds for the records that name a sampler, also after a restart', async () => {
  // Options Template: scope System; FLOW_SAMPLER_ID, FLOW_SAMPLER_MODE, FLOW_SAMPLER_RANDOM_INTERVAL. Padding.
  const options = [
    ...be16(256),
    ...be16(4),
    ...be16(12),
    ...field(1, 4),
    ...field(48, 1),
    ...field(49, 1),
    ...field(50, 4),
  ];
  const data = [...be16(257), ...be16(3), ...field(1, 4), ...field(7, 2), ...field(48, 1)];
  const saved = await collect(
    [
      v9(1, [1, ...options, 0, 0], [0, ...data]),
      v9(2, [256, ...be32(0), 5, 2, ...be32(20), ...be32(0), 6, 2, ...be32(30)]),
    ],
    '198.51.100.9',
  );
  const record = (port: number, sampler: number) => [...be32(1000), ...be16(port), sampler];
  await collect(
    [v9(3, [257, ...record(1, 5), ...record(2, 6), ...record(3, 0), ...record(4, 9)])],
    '198.51.100.9',
    saved,
  );
  const sums = await groups(opened.store, { ...interval, filter: 'exporter = 198.51.100.9' }, ['srcport']);
  expect(sums.map(each => [each.srcport, each.octets])).toEqual([
    [2, 30_000],
    [1, 20_000],
    [3, 1000],
    [4, 1000],
  ]);
  const found = await stored('exporter = 198.51.100.9');
  expect(found.map(each => [each.samplerId, each.samplingInterval])).toEqual([
    [5, 20],
    [6, 30],
    [0, undefined],
    [9, undefined],
  ]);
});

test('an interface, and the records themselves, say their own sampling', async () => {
  const options = [...be16(256), ...be16(4), ...be16(4), ...field(2, 4), ...field(34, 4)];
  const byInterface = [...be16(257), ...be16(2), ...field(1, 4), ...field(10, 4)];
  const itself = [...be16(258), ...be16(3), ...field(1, 4), ...field(305, 4), ...field(306, 4)];
  const ones = [...be16(259), ...be16(2), ...field(1, 4), ...field(34, 4)];
  await collect(
    [
      v9(1, [1, ...options, 0, 0], [0, ...byInterface, ...itself, ...ones]),
      v9(2, [256, ...be32(3), ...be32(50)]),
      v9(3, [257, ...be32(100), ...be32(3), ...be32(100), ...be32(4)], [258, ...be32(100), ...be32(1), ...be32(9)]),
      v9(4, [259, ...be32(100), ...be32(2), ...be32(100), ...be32(0)]),
    ],
    '198.51.100.10',
  );
  const found = await stored('exporter = 198.51.100.10');
  expect(
    found
      .map(each => each.samplingInterval ?? 'none')
      .map(String)
      .sort(),
  ).toEqual(['0', '10', '2', '50', 'none']);
  const [sum] = await groups(opened.store, { ...interval, filter: 'exporter = 198.51.100.10' }, []);
  expect(sum!.octets).toBe(100 * (50 + 1 + 10 + 2 + 1));
});

test('what is set by hand holds where the exporter says nothing, or 0, and nowhere else', async () => {
  const filter = 'exporter = 198.51.100.200';
  const template = [...be16(259), ...be16(2), ...field(1, 4), ...field(34, 4)];
  const records = [
    [0, 1],
    [5, 10],
    [1, 100],
  ].flatMap(([n, octets]) => [...be32(octets!), ...be32(n!)]);
  await collect([v5(0, 1000), v5(0x8004, 10_000), v9(1, [0, ...template], [259, ...records])], '198.51.100.200');
  const found = await stored(filter);
  expect(found.map(each => `${each.octetDeltaCount} ${each.samplingInterval}`).sort()).toEqual([
    '1 9',
    '10 5',
    '100 1',
    '1000 9',
    '10000 4',
  ]);
  const [sum] = await groups(opened.store, { ...interval, filter }, []);
  expect(sum!.octets).toBe(9 + 50 + 100 + 9000 + 40_000);
});

test('a hostile interval makes no sum overflow', async () => {
  const most = { octetDeltaCount: 2n ** 64n - 1n, samplingInterval: 2 ** 32 - 1 };
  await insertRecords(
    opened.store,
    Array.from({ length: 5000 }, () => most),
    { exportTime: SECONDS, domain: 99 },
  );
  const [sum] = await groups(opened.store, { ...interval, filter: 'domain = 99' }, []);
  expect(sum!.octets).toBe(String(5000n * (2n ** 64n - 1n)));
  const plot = await series(opened.store, { ...interval, filter: 'domain = 99' }, 60, []);
  expect(Math.max(...plot.outOctets)).toBeGreaterThan(2 ** 70);
  expect(Math.min(...plot.outOctets)).toBe(0);
});
