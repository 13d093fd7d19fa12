import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClosingRecord, closedBy } from '../analysis/closing.js';
import type { TestRecord } from '../flow/testing/records.js';
import { type Selection, sessionStatistics } from './queries.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const STALL = 60_000;
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const exportTime = BASE / 1000 + 3600;
const all: Selection = { from: BASE, to: BASE + HOUR };
const at = (destination: string): Selection => ({ ...all, filter: `dst host ${destination}` });

let id = 0;
/** A TCP connection as a whole. */
function connection(destination: string, more: TestRecord = {}): TestRecord {
  return {
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: destination, protocolIdentifier: 6, flowId: ++id },
    ...{ octetDeltaCount: 1000, packetDeltaCount: 10, reverseOctetDeltaCount: 9000, reversePacketDeltaCount: 10 },
    ...{ flowStartMilliseconds: time(0), flowEndMilliseconds: time(10), flowEndReason: 3 },
    ...more,
  };
}

/** Reports of one connection, each of an interval in seconds and with so many packets; the last is its end. */
function reports(destination: string, intervals: readonly (readonly number[])[], last = 3): TestRecord[] {
  const flowId = ++id;
  return intervals.map(([begin, end, packets], i) =>
    connection(destination, {
      ...{ flowId, flowEndMilliseconds: time(end!), flowEndReason: i === intervals.length - 1 ? last : 2 },
      ...{ octetDeltaCount: packets! * 100, packetDeltaCount: packets! },
      ...{ reverseOctetDeltaCount: packets! * 100, reversePacketDeltaCount: packets! },
      ...(begin! > 0 && { monitoringIntervalStartMilliSeconds: time(begin!) }),
    }),
  );
}

const counts = (octets: number, packets: number, reverseOctets: number, reversePackets: number): TestRecord => ({
  ...{ octetDeltaCount: octets, packetDeltaCount: packets },
  ...{ reverseOctetDeltaCount: reverseOctets, reversePacketDeltaCount: reversePackets },
});
const trips = (microseconds: number): TestRecord => ({
  initiatorRoundTripMicroseconds: microseconds / 4,
  responderRoundTripMicroseconds: (microseconds * 3) / 4,
});

/** Handshakes, and ends of others: see the test of each target. */
const few: TestRecord[] = [
  ...Array.from({ length: 6 }, () => connection('192.0.2.1')),
  ...Array.from({ length: 3 }, () => connection('192.0.2.1', counts(180, 3, 0, 0))),
  ...Array.from({ length: 2 }, () => connection('192.0.2.1', counts(60, 1, 40, 1))),
  connection('192.0.2.1', counts(60, 1, 300, 5)),
  // Its states say that the handshake came about, whatever the counters look like.
  connection('192.0.2.1', { ...counts(60, 1, 40, 1), tcpStateHistory: 0b1000_1110 }),
  connection('192.0.2.1', { protocolIdentifier: 17 }),
  connection('192.0.2.2', { flowEndReason: 1 }),
  connection('192.0.2.2', { tcpStateHistory: 0b1111_1110 }),
  connection('192.0.2.2', { tcpStateHistory: 0b1_0000_1110 }),
  connection('192.0.2.2', { flowEndReason: 4 }),
  connection('192.0.2.2', { tcpControlBits: 0x1b, reverseTcpControlBits: 0x1a }),
  connection('192.0.2.2', { tcpControlBits: 0x1a, reverseTcpControlBits: 0x1b }),
  ...reports('192.0.2.2', [[0, 60, 5]], 2),
];

const measured: TestRecord[] = [
  ...Array.from({ length: 90 }, () =>
    connection('192.0.2.3', { ...counts(100, 2, 150, 2), flowEndMilliseconds: time(0.1), ...trips(8000) }),
  ),
  ...Array.from({ length: 10 }, () =>
    connection('192.0.2.3', { ...counts(1e6, 1000, 1e6, 1000), flowEndMilliseconds: time(100), ...trips(40_000) }),
  ),
  // Neither is counted: it goes on, and it never was.
  ...reports('192.0.2.3', [[0, 60, 5]], 2),
  connection('192.0.2.3', counts(60, 1, 0, 0)),
];

const stalling: TestRecord[] = [
  // Of one record nothing is known.
  connection('192.0.2.4', { flowEndMilliseconds: time(900) }),
  ...reports('192.0.2.4', [
    [0, 60, 5],
    [60, 120, 5],
    [125, 180, 5],
  ]),
  // Two stalls, of 100 and of 240 s.
  ...reports('192.0.2.4', [
    [0, 60, 5],
    [160, 200, 5],
    [440, 500, 5],
  ]),
  // A report says itself that there was nothing, and then the connection goes on.
  ...reports('192.0.2.4', [
    [0, 60, 5],
    [60, 120, 0],
    [120, 180, 5],
  ]),
  // It is alive, and silent until the end of what was reported.
  ...reports(
    '192.0.2.4',
    [
      [0, 60, 5],
      [60, 200, 0],
    ],
    2,
  ),
];

/** Of a router that tells each direction apart. */
const oneSided: TestRecord[] = [1, 2].map(port => ({
  ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.5', protocolIdentifier: 6 },
  ...{ octetDeltaCount: 1000, packetDeltaCount: 10, destinationTransportPort: port },
  ...{ flowStartMilliseconds: time(0), flowEndMilliseconds: time(1) },
}));

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, [...few, ...measured, ...stalling, ...oneSided], { exportTime });
}, 60_000);
afterAll(() => opened.end());

test('what became of handshakes', async () => {
  const { flows, oneSided, handshakes } = await sessionStatistics(opened.store, at('192.0.2.1'), STALL);
  expect(handshakes).toEqual({ established: 7, unanswered: 3, rejected: 2, halfOpen: 1 });
  expect([flows, oneSided]).toEqual([13, 0]);
});

test('who closed what was established', async () => {
  const { ends } = await sessionStatistics(opened.store, at('192.0.2.2'), STALL);
  expect(ends).toEqual({ initiator: 1, responder: 1, both: 1, reset: 1, timeout: 1, unknown: 1, ongoing: 1 });
});

test('how long and how large those were that have ended, and how long handshakes took', async () => {
  const { duration, size, roundTrip } = await sessionStatistics(opened.store, at('192.0.2.3'), STALL);
  const near = (value: number) => expect.closeTo(value, -Math.log10(value * 0.008));
  expect(duration).toMatchObject({ flows: 100, p50: near(100), p90: expect.any(Number), p99: near(100_000) });
  expect(size).toMatchObject({ flows: 100, p50: near(250), p99: near(2e6) });
  expect(roundTrip).toEqual({ flows: 100, p50: near(8), p90: expect.any(Number), p99: near(40) });
  const filled = (of: typeof duration) => of!.histogram.filter(({ flows }) => flows > 0);
  expect(filled(duration)).toEqual([
    { upTo: 100, flows: 90 },
    { upTo: 180_000, flows: 10 },
  ]);
  expect(filled(size)).toEqual([
    { upTo: 256, flows: 90 },
    { upTo: 4_194_304, flows: 10 },
  ]);
});

test('how many stalled, how often and how long', async () => {
  const { stalls, flows } = await sessionStatistics(opened.store, at('192.0.2.4'), STALL);
  expect(flows).toBe(5);
  expect(stalls).toMatchObject({ watched: 4, flows: 3, count: 4, longest: 240_000 });
  expect(stalls.p50).toBeGreaterThan(138_900);
  expect(stalls.p50).toBeLessThan(141_000);
  const short = await sessionStatistics(opened.store, at('192.0.2.4'), 5000);
  expect(short.stalls).toMatchObject({ watched: 4, flows: 4, count: 5 });
});

test('of directions told apart there are no connections, only their number', async () => {
  const found = await sessionStatistics(opened.store, at('192.0.2.5'), STALL);
  expect(found).toMatchObject({ flows: 0, oneSided: 2, stalls: { watched: 0, flows: 0, count: 0 } });
  for (const name of ['duration', 'size', 'roundTrip']) expect(found).not.toHaveProperty(name);
});

test('where there is nothing: zeros', async () => {
  const { flows, ends } = await sessionStatistics(opened.store, { ...all, filter: 'dst port 9' }, STALL);
  expect([flows, Object.values(ends)]).toEqual([0, [0, 0, 0, 0, 0, 0, 0]]);
});

test('a connection is closed by whoever closed it on its own page', async () => {
  const random = seeded(9293);
  const pick = <T>(...values: readonly T[]): T => values[random(values.length)]!;
  const told = (): ClosingRecord => ({
    ...(random(3) > 0 && { tcpControlBits: pick(0x1a, 0x1b, 0x1e, 0x1f) }),
    ...(random(3) > 0 && { reverseTcpControlBits: pick(0x1a, 0x1b, 0x1e, 0x1f) }),
    ...(random(2) > 0 && { tcpState: pick(3, 4, 7, 8), tcpStateHistory: 2 * random(512) }),
    ...(random(2) > 0 && { biflowDirection: pick(0, 1, 2, 3) }),
    ...(random(8) === 0 && { samplingInterval: 10 }),
  });
  const [expected, records]: [Record<string, number>, TestRecord[]] = [{}, []];
  for (let i = 0; i < 600; i++) {
    const parts = Array.from({ length: pick(1, 1, 2, 3) }, told).map(part =>
      part.tcpControlBits === undefined ? { ...part, reverseTcpControlBits: undefined } : part,
    );
    const reason = pick(1, 2, 3, 4);
    const intervals = parts.map((_, n) => [10 * n, 10 * n + 10, 50]);
    reports('192.0.2.6', intervals, reason).forEach((record, n) => {
      const defined = Object.entries(parts[n]!).filter(([, value]) => value !== undefined);
      records.push({ ...record, ...Object.fromEntries(defined) } as TestRecord);
    });
    const end = closedBy(parts as ClosingRecord[], 6, reason) ?? (reason === 2 ? 'ongoing' : 'unknown');
    expected[end] = (expected[end] ?? 0) + 1;
  }
  await insertRecords(opened.store, records, { exportTime });
  const { ends, flows } = await sessionStatistics(opened.store, at('192.0.2.6'), STALL);
  expect(flows).toBe(600);
  // Where flags or states say that it is over although no record of its end has come, that is not going on.
  const undecided = (of: Record<string, number>) => of.unknown! + of.ongoing!;
  expect({ ...ends, unknown: undecided(ends), ongoing: 0 }).toEqual({
    ...expected,
    unknown: undecided(expected),
    ongoing: 0,
  });
});
