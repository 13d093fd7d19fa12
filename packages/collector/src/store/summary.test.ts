import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { groups, type Selection, summary } from './queries.js';
import { BASE as HOURS, someRecords } from './testing/rollups.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

let lastDomain = 0;
/** Stores records in an Observation Domain of their own and yields it. */
async function stored(records: readonly TestRecord[], duplicates?: (index: number) => boolean): Promise<number> {
  const domain = ++lastDomain;
  const options = { exportTime: BASE / 1000, domain, ...(duplicates !== undefined && { duplicates }) };
  await insertRecords(opened.store, records, options);
  return domain;
}

function of(...domains: number[]): Selection {
  const filter = domains.map(domain => `domain = ${domain}`).join(' or ');
  return { from: BASE - 3_600_000, to: BASE + 3_600_000, filter };
}

const histogramOf = (flows: Record<string, number>) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, null].map(upTo => ({ upTo, flows: flows[String(upTo)] ?? 0 }));

/** A Flow that the exporter numbers, as a whole; interim reports have more in `more`. */
const flow = (flowId: number, more: TestRecord = {}): TestRecord => ({
  sourceIPv4Address: '10.0.0.1',
  destinationIPv4Address: '192.0.2.9',
  flowId,
  flowStartMilliseconds: time(0),
  flowEndMilliseconds: time(10),
  flowEndReason: 3,
  octetDeltaCount: 100,
  packetDeltaCount: 1,
  ...more,
});
const interim = (flowId: number, report: number, more: TestRecord = {}) =>
  flow(flowId, {
    ...(report > 0 && { monitoringIntervalStartMilliSeconds: time(report * 5) }),
    flowEndMilliseconds: time(report * 5 + 5),
    flowEndReason: 2,
    ...more,
  });

/** The same with counters from the Flow's beginning. */
function totals(flowId: number, report: number, more: TestRecord): TestRecord {
  const { octetDeltaCount: _, packetDeltaCount: __, ...others } = interim(flowId, report);
  return { ...others, ...more };
}

test('nothing', async () => {
  expect(await summary(opened.store, { from: 0, to: 1 })).toEqual({
    flows: 0,
    octets: 0,
    packets: 0,
    reverseOctets: 0,
    reversePackets: 0,
    answered: 0,
    unanswered: 0,
  });
});

test('a Flow is answered where any record of it counts reverse packets, and counts once', async () => {
  const domain = await stored([
    flow(1, { reversePacketDeltaCount: 3, reverseOctetDeltaCount: 40 }),
    flow(2, { reversePacketDeltaCount: 0 }),
    // Answered in the second report of three.
    ...[0, 1, 2].map(report => interim(3, report, { reversePacketDeltaCount: report === 1 ? 2 : 0 })),
    ...[0, 1].map(report => interim(4, report, { reversePacketDeltaCount: 0 })),
    // Totals.
    ...[0, 1].map(report =>
      totals(5, report, { octetTotalCount: 50 + report * 20, reversePacketTotalCount: report * 9 }),
    ),
  ]);
  expect(await summary(opened.store, of(domain))).toEqual({
    flows: 5,
    octets: 7 * 100 + 70,
    packets: 7,
    reverseOctets: 40,
    reversePackets: 3 + 2 + 9,
    answered: 3,
    unanswered: 2,
  });
  expect(await summary(opened.store, { ...of(domain), filter: `domain = ${domain} and not answered` })).toMatchObject({
    flows: 4,
    answered: 0,
  });
});

test('exporters that do not count the reverse direction are in neither; those that do may leave it out of a record', async () => {
  const silent = await stored([flow(1), ...[0, 1].map(report => interim(2, report))]);
  expect(await summary(opened.store, of(silent))).toMatchObject({ flows: 2, answered: 0, unanswered: 0 });
  const telling = await stored([flow(1), flow(2, { reversePacketDeltaCount: 1 }), interim(3, 0)]);
  expect(await summary(opened.store, of(telling))).toMatchObject({ flows: 3, answered: 1, unanswered: 2 });
  expect(await summary(opened.store, of(silent, telling))).toMatchObject({ flows: 5, answered: 1, unanswered: 2 });
});

test('one packet of N metered stands for N; what another exporter told is left out, unless exporters are asked for', async () => {
  const of9 = { sourceIPv4Address: '10.9.9.9', reversePacketDeltaCount: 2 };
  const domain = await stored(
    [flow(1, { ...of9, samplingInterval: 100, ...roundTrip(1000, 500) }), flow(2, { ...of9, ...roundTrip(1000, 700) })],
    index => index === 1,
  );
  const all = { flows: 2, octets: 10_100, reversePackets: 202, answered: 2, roundTrip: { flows: 2 } };
  expect(await summary(opened.store, of(domain))).toMatchObject(all);
  const once = { flows: 1, octets: 10_000, reversePackets: 200, answered: 1, roundTrip: { flows: 1, p50: 1.5 } };
  expect(await summary(opened.store, { ...of(domain), filter: 'src host 10.9.9.9' })).toMatchObject(once);
});

function roundTrip(initiator: number, responder: number): TestRecord {
  return { initiatorRoundTripMicroseconds: initiator, responderRoundTripMicroseconds: responder };
}

test('round trips: both parts, each Flow once however often it is reported', async () => {
  const times = [300, 1000, 1500, 30_000, 30_000, 80_000, 999_999, 2_500_000];
  const domain = await stored([
    ...times.map((both, i) => flow(i, roundTrip(100, both - 100))),
    ...Array.from({ length: 50 }, (_, report) => interim(100, report, roundTrip(6000, 4000))),
    // One part says nothing.
    flow(200, { initiatorRoundTripMicroseconds: 5 }),
    flow(201),
  ]);
  const { roundTrip: found } = await summary(opened.store, of(domain));
  expect(found).toMatchObject({
    flows: 9,
    histogram: histogramOf({ 1: 2, 2: 1, 10: 1, 50: 2, 100: 1, 1000: 1, null: 1 }),
  });
  expect(found!.p50).toBeCloseTo(30, 0);
  expect(found!.p90).toBeGreaterThan(900);
  expect(found!.p99).toBeGreaterThanOrEqual(found!.p90);
  expect(found!.p99).toBeLessThanOrEqual(2500);
});

test('percentiles of many Flows', async () => {
  const random = seeded(5);
  const times = Array.from({ length: 20_000 }, () => 100 + random(100_000));
  const domain = await stored(times.map((both, i) => flow(i, roundTrip(50, both - 50))));
  const { roundTrip: found } = await summary(opened.store, of(domain));
  const sorted = [...times].sort((a, b) => a - b);
  for (const [name, level] of [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p99', 0.99],
  ] as const) {
    expect(found![name] / (sorted[Math.floor(level * sorted.length)]! / 1000), name).toBeCloseTo(1, 1.7);
  }
  const expected = (low: number, high: number) => times.filter(each => each > low * 1000 && each <= high * 1000).length;
  expect(found!.histogram.map(({ flows }) => flows)).toEqual(
    [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((low, i, bounds) =>
      expected(low, bounds[i + 1] ?? Number.POSITIVE_INFINITY),
    ),
  );
});

test('sums are those of groups, whatever exporters send', async () => {
  const random = seeded(77);
  const records = someRecords(random, 2000).map((record): TestRecord => {
    if (random(2) === 0) return record;
    return { ...record, reversePacketDeltaCount: random(3), ...roundTrip(random(5000), random(50_000)) };
  });
  await insertRecords(opened.store, records, {
    exportTime: HOURS / 1000 + 7 * 3600,
    domain: 9000,
    duplicates: () => random(5) === 0,
  });
  for (const filter of ['', 'not duplicate', 'proto tcp or inif = 1', 'domain = 9000', 'net 192.0.2.0/24']) {
    const selection = { from: HOURS - 3_600_000, to: HOURS + 40 * 86_400_000, filter };
    const found = await summary(opened.store, selection);
    const [all] = await groups(opened.store, selection, []);
    expect(found).toMatchObject({ ...all, reverseOctets: Number(all!.reverseOctets) });
    const [answered] = await groups(
      opened.store,
      { ...selection, filter: `(${filter || 'octets >= 0 or not octets >= 0'}) and answered` },
      [],
    );
    expect(found.answered).toBe(answered!.flows);
    expect(found.answered).toBeGreaterThan(100);
    expect(found.answered + found.unanswered).toBe(found.flows);
  }
});
