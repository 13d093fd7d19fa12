import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { interfaceLoads } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const STEP = 300;
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const selection = { from: BASE, to: BASE + 3 * STEP * 1000 };

let id = 0;
/** A flow from interface 2 to interface 3, between two seconds. */
function flow(from: number, to: number, more: TestRecord = {}): TestRecord {
  return {
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6, flowId: ++id },
    ...{ ingressInterface: 2, egressInterface: 3, octetDeltaCount: 3000, packetDeltaCount: 10 },
    ...{ reverseOctetDeltaCount: 60_000, reversePacketDeltaCount: 10, flowEndReason: 3 },
    ...{ flowStartMilliseconds: time(from), flowEndMilliseconds: time(to) },
    ...more,
  };
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(
    opened.store,
    [
      // Half of it in each of two steps.
      flow(150, 450, { initiatorRoundTripMicroseconds: 4000, responderRoundTripMicroseconds: 8000 }),
      // Begun from the other side.
      flow(10, 20, { ingressInterface: 3, egressInterface: 2, octetDeltaCount: 600, reverseOctetDeltaCount: 0 }),
      // Where it came in by is not known.
      flow(610, 620, { ingressInterface: 0, egressInterface: 2 }),
    ],
    { exportTime: BASE / 1000 + 900 },
  );
}, 60_000);
afterAll(() => opened.end());

const bits = (...octets: number[]) => octets.map(each => expect.closeTo((8 * each) / STEP, 3));

test('what comes in and goes out, whoever began, spread over its time', async () => {
  const loads = await interfaceLoads(opened.store, selection, STEP);
  expect(loads.map(({ interface: number, name }) => [number, name])).toEqual([
    [2, undefined],
    [3, undefined],
  ]);
  const [inside, outside] = loads;
  expect(inside!.in).toEqual(bits(1500, 1500, 60_000));
  expect(inside!.out).toEqual(bits(30_600, 30_000, 3000));
  expect(outside!.in).toEqual(bits(30_600, 30_000, 0));
  expect(outside!.out).toEqual(bits(1500, 1500, 0));
  for (const each of loads) expect(each.roundTrips).toEqual([expect.closeTo(12, 3), Number.NaN, Number.NaN]);
});

test('a filter chooses', async () => {
  const [inside] = await interfaceLoads(opened.store, { ...selection, filter: 'in if 3' }, STEP);
  expect(inside!.in).toEqual([0, 0, 0]);
  expect(inside!.out).toEqual(bits(600, 0, 0));
});
