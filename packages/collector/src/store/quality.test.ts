import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { qualityBy, qualitySeries, type Selection, summary } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const all: Selection = { from: BASE, to: BASE + 600_000 };

let id = 0;
/** A TCP connection as a whole that was answered, and ends at a second. */
function connection(end: number, more: TestRecord = {}): TestRecord {
  return {
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6, flowId: ++id },
    ...{ octetDeltaCount: 1000, packetDeltaCount: 10, reverseOctetDeltaCount: 9000, reversePacketDeltaCount: 10 },
    ...{ flowStartMilliseconds: time(end), flowEndMilliseconds: time(end), flowEndReason: 3 },
    ...more,
  };
}
const silent = { octetDeltaCount: 120, packetDeltaCount: 2, reverseOctetDeltaCount: 0, reversePacketDeltaCount: 0 };
const refused = { octetDeltaCount: 60, packetDeltaCount: 1, reverseOctetDeltaCount: 40, reversePacketDeltaCount: 1 };
const trip = (microseconds: number) => ({
  initiatorRoundTripMicroseconds: microseconds / 4,
  responderRoundTripMicroseconds: (microseconds * 3) / 4,
});
const other = { destinationIPv4Address: '192.0.2.2' };
/** States that connection tracking saw, a bit each. */
const CLOSED = 0b1111_1110;
const RESET = 0b1_0000_1110;

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(
    opened.store,
    [
      ...Array.from({ length: 10 }, (_, i) => connection(i, { ...trip(8000), tcpStateHistory: CLOSED })),
      connection(20, { ...trip(40_000), tcpStateHistory: RESET }),
      connection(20, { tcpControlBits: 0x16 }),
      // Closed by both, and a reset behind it.
      connection(20, { tcpControlBits: 0x17 }),
      connection(70, { ...other, ...silent }),
      connection(70, { ...other, ...refused }),
      connection(70, { ...other, ...trip(1000) }),
      // One connection in two reports: of its first nothing had come back.
      ...[silent, { ...trip(2000), monitoringIntervalStartMilliSeconds: time(75) }].map((more, report) =>
        connection(75 + 5 * report, {
          ...other,
          flowStartMilliseconds: time(70),
          ...more,
          flowId: 1000,
          flowEndReason: 2 - report,
        }),
      ),
      connection(100, { destinationIPv4Address: '192.0.2.3', protocolIdentifier: 17, ...silent }),
    ],
    { exportTime: BASE / 1000 + 200 },
  );
}, 60_000);
afterAll(() => opened.end());

test('answers, handshakes and resets of each target, and its round trips', async () => {
  const lines = await qualityBy(opened.store, all, ['dst'], 10);
  expect(lines).toEqual([
    {
      ...{ dst: '192.0.2.1', flows: 13, answered: 13, unanswered: 0, tcp: 13, unopened: 0, resets: 2 },
      roundTrip: { flows: 11, p50: expect.closeTo(8, 1), p90: expect.closeTo(8, 0), p99: expect.any(Number) },
    },
    {
      ...{ dst: '192.0.2.2', flows: 4, answered: 3, unanswered: 1, tcp: 4, unopened: 2, resets: 0 },
      roundTrip: { flows: 2, p50: expect.any(Number), p90: expect.any(Number), p99: expect.any(Number) },
    },
    { dst: '192.0.2.3', flows: 1, answered: 0, unanswered: 1, tcp: 0, unopened: 0, resets: 0 },
  ]);
  expect(await qualityBy(opened.store, all, ['dst'], 1)).toHaveLength(1);
});

test('groups add up to the whole', async () => {
  const lines = await qualityBy(opened.store, all, ['proto', 'dst'], 10);
  const { flows, answered, unanswered } = await summary(opened.store, all);
  const sum = (name: 'flows' | 'answered' | 'unanswered') => lines.reduce((total, line) => total + line[name], 0);
  expect([sum('flows'), sum('answered'), sum('unanswered')]).toEqual([flows, answered, unanswered]);
});

test('over time', async () => {
  const { times, flows, answered, unopened, resets, p50, p90, p99 } = await qualitySeries(opened.store, all, 60);
  expect(times).toHaveLength(10);
  expect(flows.slice(0, 3)).toEqual([13, 5, 0]);
  expect(answered.slice(0, 3)).toEqual([1, 0.6, null]);
  expect(unopened.slice(0, 3)).toEqual([0, 0.5, null]);
  expect(resets.slice(0, 3)).toEqual([2 / 13, 0, null]);
  expect(p50.slice(0, 3)).toEqual([expect.closeTo(8, 1), expect.any(Number), null]);
  expect([p90[2], p99[2]]).toEqual([null, null]);
  expect(p99[0]!).toBeGreaterThan(30);
});

test('a field that there is not is refused', async () => {
  await expect(qualityBy(opened.store, all, ['dts'], 10)).rejects.toThrow(/cannot group by "dts"/);
});
