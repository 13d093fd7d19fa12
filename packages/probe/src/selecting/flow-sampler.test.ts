import { describe, expect, test } from 'vitest';
import { DESTINATION, FlowRecord, SOURCE } from '../metering/flow-record.js';
import { ACTIVE_TIMEOUT, END_DETECTED } from '../metering/observation.js';
import { setAddress } from '../metering/testing/records.js';
import { bobHash } from './bob-hash.js';
import { FlowSampler, samplingTemplate } from './flow-sampler.js';
import { randomObservation, recordOf, seeded } from './testing/flows.js';
import { received } from './testing/messages.js';

function flow(number: number, reason = END_DETECTED): FlowRecord {
  const record = new FlowRecord();
  record.protocol = 17;
  record.flowId = Math.imul(number, 0x9e37_79b1) >>> 0;
  record.sourcePort = 1024 + (number % 60_000);
  record.destinationPort = 53;
  setAddress(record, SOURCE, [10, 0, number >> 8, number]);
  record.flowEndReason = reason;
  return record;
}

describe('one of N', () => {
  test.each([2, 10, 1000])('%i', oneOf => {
    const sampler = new FlowSampler(oneOf);
    const count = 200_000;
    for (let i = 0; i < count; i++) sampler.accepts(flow(i));
    expect(sampler.flowsObserved).toBe(count);
    // Five standard deviations of a binomial distribution around its mean.
    const mean = count / oneOf;
    expect(Math.abs(sampler.flowsSelected - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });
});

test('all records of a Flow share its fate, and the Flow counts once', () => {
  const sampler = new FlowSampler(3);
  for (let i = 0; i < 300; i++) {
    const fates = [ACTIVE_TIMEOUT, ACTIVE_TIMEOUT, END_DETECTED].map(reason => sampler.accepts(flow(i, reason)));
    expect(new Set(fates).size).toBe(1);
  }
  expect(sampler.flowsObserved).toBe(300);
  // Another run decides the same.
  const again = new FlowSampler(3);
  for (let i = 0; i < 300; i++) again.accepts(flow(i));
  expect(again.flowsSelected).toBe(sampler.flowsSelected);
});

test('the fate hangs on every part of the Flow Key and on the id', () => {
  const random = seeded(7014);
  const sampler = new FlowSampler(2);
  let changed = 0;
  for (let i = 0; i < 400; i++) {
    const record = recordOf(randomObservation(random), random);
    const before = sampler.accepts(record);
    const octets = record.family === 6 ? 16 : 4;
    const change = [
      () => (record.octets[record.place(SOURCE) + octets - 1]! ^= 1),
      () => (record.octets[record.place(DESTINATION)]! ^= 0x80),
      () => (record.sourcePort ^= 0x100),
      () => (record.destinationPort ^= 1),
      () => (record.protocol ^= 1),
      () => (record.flowId = (record.flowId ^ 0x8000_0000) >>> 0),
    ];
    change[i % change.length]!();
    if (sampler.accepts(record) !== before) changed++;
  }
  expect(changed).toBeGreaterThan(150);
  expect(changed).toBeLessThan(250);
});

test('what a collector is told', () => {
  const sampler = new FlowSampler(4);
  for (let i = 0; i < 1000; i++) sampler.accepts(flow(i));
  const [report] = received([sampler.options(samplingTemplate(600))]);
  expect(report).toMatchObject({
    scope: { selectorId: 1 },
    record: {
      flowSelectorAlgorithm: 6,
      selectorIDTotalFlowsObserved: 1000,
      selectorIDTotalFlowsSelected: sampler.flowsSelected,
      hashInitialiserValue: 0,
      hashFlowDomain: [8, 12, 27, 28, 7, 11, 4, 148],
      hashSelectedRangeMin: 0,
      hashSelectedRangeMax: 2 ** 30 - 1,
      hashOutputRangeMin: 0,
      hashOutputRangeMax: 2 ** 32 - 1,
    },
  });
});

test('BOB mixes each octet into each bit', () => {
  const octets = Uint8Array.from({ length: 41 }, (_, i) => i * 7);
  const before = bobHash(octets, octets.length, 0);
  for (let i = 0; i < octets.length * 8; i++) {
    octets[i >> 3]! ^= 1 << (i & 7);
    const flipped = (bobHash(octets, octets.length, 0) ^ before) >>> 0;
    octets[i >> 3]! ^= 1 << (i & 7);
    const bits = flipped.toString(2).replaceAll('0', '').length;
    expect(bits).toBeGreaterThan(4);
    expect(bits).toBeLessThan(28);
  }
  expect(bobHash(octets, 12, 0)).not.toBe(bobHash(octets, 13, 0));
  expect(bobHash(octets, 12, 1)).not.toBe(bobHash(octets, 12, 0));
});
