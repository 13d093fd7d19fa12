import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FlowMeasure, flowMeasures } from '../../analysis/events/measures.js';
import type { TestRecord } from '../../flow/testing/records.js';
import { series } from '../queries.js';
import { insertRecords, openTestStore, type TestStore } from '../testing/store.js';
import { minuteValues } from './minute-values.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const localNetworks = ['10.0.0.0/8'];
const at = (milliseconds: number) => new Date(BASE + milliseconds).toISOString();

/** Flows that a local host begins, ending one after the other from a time on; four in five are answered. */
function flows(count: number, after: number, port: number, more: TestRecord = {}): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6 },
    ...{ sourceTransportPort: 1000 + i, destinationTransportPort: port, ingressInterface: 2, egressInterface: 3 },
    ...{ octetDeltaCount: 150, packetDeltaCount: 2, reverseOctetDeltaCount: i % 5 > 0 ? 1500 : 0 },
    ...{ reversePacketDeltaCount: i % 5 > 0 ? 3 : 0, flowEndReason: 1, flowId: after + i },
    ...{ flowStartMilliseconds: at(after + i), flowEndMilliseconds: at(after + i) },
    ...more,
  }));
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, [
    ...flows(20, 0, 443),
    // A handshake of 8 ms.
    ...flows(30, MINUTE, 443, { initiatorRoundTripMicroseconds: 3000, responderRoundTripMicroseconds: 5000 }),
    ...flows(5, 2 * MINUTE, 443),
    ...flows(10, 0, 53),
    // Goes on from the first minute into the third, told once.
    ...flows(1, 2 * MINUTE, 9, { flowStartMilliseconds: at(0), octetDeltaCount: 1200, reverseOctetDeltaCount: 0 }),
  ]);
}, 60_000);
afterAll(() => opened.end());

async function valuesOf(filters: string[], minutes = 3) {
  const asked = { from: BASE, to: BASE + minutes * MINUTE, filters, localNetworks };
  const values = await minuteValues(opened.store, asked);
  return filters.map((_, thing) => (measure: FlowMeasure) => values[thing]![flowMeasures.indexOf(measure)]!);
}

test('things that share records have values of their own', async () => {
  const [web, names, all] = await valuesOf(['dst port 443', 'dst port 53', '']);
  expect(web!('flows')).toEqual([20 / 60, 30 / 60, 5 / 60]);
  expect(names!('flows')).toEqual([10 / 60, 0, 0]);
  expect(all!('flows')).toEqual([30 / 60, 30 / 60, 6 / 60]);
  expect(web!('out')[0]).toBeCloseTo((20 * 150 * 8) / 60, 6);
  expect(web!('in')[0]).toBeCloseTo((16 * 1500 * 8) / 60, 6);
  expect(names!('in')).toEqual([expect.closeTo((8 * 1500 * 8) / 60, 6), 0, 0]);
});

test('octets are spread over the time that they are of, as series have them', async () => {
  const [all] = await valuesOf(['']);
  const { inOctets, outOctets } = await series(opened.store, { from: BASE, to: BASE + 3 * MINUTE }, 60, localNetworks);
  expect(all!('in')).toEqual(inOctets.map(octets => expect.closeTo(8 * octets, 6)));
  expect(all!('out')).toEqual(outOctets.map(octets => expect.closeTo(8 * octets, 6)));
  const [long] = await valuesOf(['dst port 9']);
  expect(long!('out')).toEqual([80, 80, 0].map(rate => expect.closeTo(rate, 3)));
});

test('answers and round trips are known where there are flows enough', async () => {
  const [web, names] = await valuesOf(['dst port 443', 'dst port 53']);
  expect(web!('answered')).toEqual([0.8, 0.8, Number.NaN]);
  expect(names!('answered')).toEqual([0.8, Number.NaN, Number.NaN]);
  expect(web!('roundTrip')).toEqual([Number.NaN, expect.closeTo(8, 6), Number.NaN]);
});

test('nothing is zero, not unknown', async () => {
  const [none] = await valuesOf(['dst port 1']);
  for (const measure of ['in', 'out', 'flows'] as const) expect(none!(measure)).toEqual([0, 0, 0]);
});

test('sixty-four things at a time', async () => {
  const filters = Array.from({ length: 64 }, (_, i) => (i === 63 ? 'in if 2 or out if 2' : `dst port ${i + 1}`));
  const values = await valuesOf(filters, 1);
  expect(values[63]!('flows')).toEqual([30 / 60]);
  expect(values[52]!('flows')).toEqual([10 / 60]);
});

test('only what is asked for', async () => {
  const asked = { from: BASE, to: BASE + 2 * MINUTE, filters: ['dst port 443'], localNetworks };
  const [all] = await minuteValues(opened.store, asked);
  const [some] = await minuteValues(opened.store, { ...asked, measures: ['flows', 'out'] });
  expect(some).toEqual([all![flowMeasures.indexOf('flows')], all![flowMeasures.indexOf('out')]]);
});
