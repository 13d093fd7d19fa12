import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { flowRows, groups, records, type Selection, series } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const day: Selection = { from: BASE - 3_600_000, to: BASE + 3_600_000 };

const dns = { sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '10.0.0.53', protocolIdentifier: 17 };
const web = { ...dns, protocolIdentifier: 6 };

/** Exporters that count each Flow from its beginning: the second record of a Flow includes the first. */
const totals: TestRecord[] = [
  {
    ...dns,
    octetTotalCount: 132,
    packetTotalCount: 2,
    reverseOctetTotalCount: 200,
    reversePacketTotalCount: 2,
    flowStartMilliseconds: time(0),
    flowEndMilliseconds: time(1),
  },
  { ...web, octetTotalCount: 1000, packetTotalCount: 10, flowStartMilliseconds: time(2), flowEndMilliseconds: time(5) },
  { ...web, octetTotalCount: 1700, packetTotalCount: 15, flowStartMilliseconds: time(2), flowEndMilliseconds: time(9) },
];

let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  for (const record of totals) await insertRecords(opened.store, [record], { exportTime: BASE / 1000 + 10 });
  const delta = { ...web, octetDeltaCount: 50, packetDeltaCount: 1, flowStartMilliseconds: time(20) };
  await insertRecords(opened.store, [delta, delta], { exportTime: BASE / 1000 + 10 });
});
afterAll(() => opened.end());

test('sums take the last total of a Flow, and add up deltas', async () => {
  expect(await groups(opened.store, day, ['protocolIdentifier'])).toEqual([
    { protocolIdentifier: 6, flows: 2, octets: 1800, packets: 17, reverseOctets: 0, reversePackets: 0 },
    { protocolIdentifier: 17, flows: 1, octets: 132, packets: 2, reverseOctets: 200, reversePackets: 2 },
  ]);
  expect(await groups(opened.store, day, [])).toMatchObject([{ flows: 3, octets: 1932, reverseOctets: 200 }]);
});

test('plots show what a total adds to the one before it, from there on', async () => {
  const second = (octets: number) => expect.closeTo(octets, 3);
  const found = await series(opened.store, { from: BASE, to: BASE + 10_000, filter: 'proto tcp' }, 1, ['10.0.0.0/8']);
  const [third, quarter] = [second(1000 / 3), second(700 / 4)];
  expect(found.outOctets).toEqual([0, 0, third, third, third, quarter, quarter, quarter, quarter, 0]);
  const both = await series(opened.store, { from: BASE, to: BASE + 10_000, filter: 'proto udp' }, 10, ['10.0.0.0/8']);
  expect([both.outOctets, both.inOctets]).toEqual([[13.2], [20]]);
});

test('rows of Flows do so too, and the largest is the largest', async () => {
  const { flows: rows } = await flowRows(opened.store, day, { order: 'largest', limit: 10 });
  expect(
    rows.map(({ octets, packets, reverseOctets, records: count }) => [octets, packets, reverseOctets, count]),
  ).toEqual([
    [1700, 15, undefined, 2],
    [132, 2, 200, 1],
    [100, 2, undefined, 2],
  ]);
});

test('records keep the name of what was counted; the short name is either, the element itself', async () => {
  const named = async (filter: string) => {
    const found = [];
    for await (const { record } of records(opened.store, { ...day, filter })) found.push(record);
    return found as Record<string, unknown>[];
  };
  expect((await named('octets > 60 and proto udp'))[0]).toMatchObject({ octetTotalCount: 132, packetTotalCount: 2 });
  expect(await named('octetDeltaCount > 60')).toEqual([]);
  expect(await named('octetTotalCount >= 1000')).toHaveLength(2);
  expect(await named('answered')).toHaveLength(1);
});
