import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { series } from './queries.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (milliseconds: number) => new Date(BASE + milliseconds).toISOString();
const local = ['10.0.0.0/8', 'fd00::/8'];

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

let lastDomain = 0;
/** Stores records in an Observation Domain of their own and yields the filter for them. */
async function stored(records: readonly TestRecord[]): Promise<string> {
  const domain = ++lastDomain;
  await insertRecords(opened.store, records, { exportTime: BASE / 1000, domain });
  return `domain = ${domain}`;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const outward = { sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.9' };

test('a steady transfer reported every five seconds has no spike, and its sum is kept', async () => {
  // 1,000 octets a millisecond for 60 s, the reports off the buckets' edges.
  const reports = Array.from(
    { length: 13 },
    (_, i) => [Math.max(0, i * 5000 - 1234), Math.min(60_000, (i + 1) * 5000 - 1234)] as const,
  );
  const filter = await stored(
    reports.map(([from, to]) => ({
      ...outward,
      flowStartMilliseconds: time(0),
      monitoringIntervalStartMilliSeconds: time(from),
      flowEndMilliseconds: time(to),
      octetDeltaCount: (to - from) * 1000,
      reverseOctetDeltaCount: to - from,
    })),
  );
  for (const step of [1, 2, 5, 10]) {
    const found = await series(opened.store, { from: BASE, to: BASE + 60_000, filter }, step, local);
    expect(found.times).toEqual(Array.from({ length: 60 / step }, (_, i) => BASE + i * step * 1000));
    expect(Math.max(...found.outOctets) / Math.min(...found.outOctets)).toBeLessThan(1.000001);
    expect(sum(found.outOctets) * step).toBeCloseTo(60_000_000, 3);
    expect(sum(found.inOctets) * step).toBeCloseTo(60_000, 3);
  }
});

test('the same as sharing each record out by hand', async () => {
  const random = seeded(6183);
  const list = Array.from({ length: 500 }, () => {
    const from = random(600_000);
    const to = from + (random(3) === 0 ? 0 : random(random(2) === 0 ? 900 : 400_000));
    return { from, to, octets: random(1_000_000), packets: random(1000) };
  });
  const filter = await stored(
    list.map(({ from, to, octets, packets }, i) => ({
      ...outward,
      flowId: i,
      flowStartMilliseconds: time(from),
      flowEndMilliseconds: time(to),
      octetDeltaCount: octets,
      reversePacketDeltaCount: packets,
    })),
  );
  const [begin, step, buckets] = [120_000, 7000, 40];
  const first = Math.floor((BASE + begin) / step) * step - BASE;
  const expected = { octets: Array<number>(buckets).fill(0), packets: Array<number>(buckets).fill(0) };
  for (const { from, to, octets, packets } of list) {
    for (let i = 0; i < buckets; i++) {
      const [low, high] = [first + i * step, first + (i + 1) * step];
      const share =
        from === to
          ? Number(low <= to && to < high)
          : Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
      expected.octets[i]! += octets * share;
      expected.packets[i]! += packets * share;
    }
  }
  const found = await series(
    opened.store,
    { from: BASE + begin, to: BASE + first + buckets * step, filter },
    step / 1000,
    local,
  );
  expect(found.times[0]).toBe(BASE + first);
  expect(found.outOctets).toHaveLength(buckets);
  expected.octets.forEach((octets, i) => {
    expect((found.outOctets[i]! * step) / 1000 / octets).toBeCloseTo(1, 6);
    expect((found.inPackets[i]! * step) / 1000 / expected.packets[i]!).toBeCloseTo(1, 6);
  });
  expect(sum(found.inOctets)).toBe(0);
});

test('whose octets are in and whose are out', async () => {
  const count = { octetDeltaCount: 100, reverseOctetDeltaCount: 1, flowEndMilliseconds: time(500) };
  const cases: [string, string, number, number][] = [
    ['10.0.0.1', '192.0.2.1', 1, 100],
    ['192.0.2.1', '10.0.0.1', 100, 1],
    ['10.0.0.1', '10.0.0.2', 1, 100],
    ['192.0.2.1', '192.0.2.2', 1, 100],
    ['fd00::1', '2001:db8::1', 1, 100],
    ['2001:db8::1', 'fd00::1', 100, 1],
  ];
  for (const [source, destination, inwards, outwards] of cases) {
    const version = source.includes(':') ? 6 : 4;
    const filter = await stored([
      { [`sourceIPv${version}Address`]: source, [`destinationIPv${version}Address`]: destination, ...count },
    ]);
    const found = await series(opened.store, { from: BASE, to: BASE + 1000, filter }, 1, local);
    expect([found.inOctets, found.outOctets], `${source} to ${destination}`).toEqual([[inwards], [outwards]]);
  }
});

test('a record much longer than what is looked at gives its share', async () => {
  const year = 365 * 86_400_000;
  const filter = await stored([
    {
      ...outward,
      flowStartMilliseconds: time(-year),
      flowEndMilliseconds: time(year),
      octetDeltaCount: (2 * year) / 1000,
    },
  ]);
  const found = await series(opened.store, { from: BASE, to: BASE + 60_000, filter }, 1, local);
  for (const rate of found.outOctets) expect(rate).toBeCloseTo(1, 5);
});

test('counters of 64 bits do not overflow, and leave nothing behind', async () => {
  const filter = await stored([
    { ...outward, flowStartMilliseconds: time(0), flowEndMilliseconds: time(30_000), octetDeltaCount: 2n ** 64n - 1n },
  ]);
  const found = await series(opened.store, { from: BASE, to: BASE + 60_000, filter }, 1, local);
  expect((found.outOctets[3]! * 30) / 2 ** 64).toBeCloseTo(1, 9);
  expect(found.outOctets.slice(30)).toEqual(Array(30).fill(0));
});

test('what cannot be', async () => {
  const hour = { from: BASE, to: BASE + 3_600_000 };
  await expect(series(opened.store, hour, 0, local)).rejects.toThrow(/at least one second/);
  await expect(series(opened.store, { from: 0, to: BASE }, 1, local)).rejects.toThrow(/more than 20000/);
  await expect(series(opened.store, hour, 60, ['10.0.0.0/40'])).rejects.toThrow(/"10.0.0.0\/40" is no network/);
});
