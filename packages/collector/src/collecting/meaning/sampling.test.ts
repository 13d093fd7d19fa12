import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Ingest } from '../ingest.js';
import { peerOfText } from '../peer.js';
import { intervalOf, Sampling } from './sampling.js';
import { SamplingByHand } from './sampling-by-hand.js';

test.each([
  [{ samplingInterval: 100 }, 100],
  [{ samplerRandomInterval: 50, samplerMode: 2 }, 50],
  [{ samplingPacketInterval: 1, samplingPacketSpace: 999 }, 1000],
  [{ samplingPacketInterval: 10, samplingPacketSpace: 30 }, 4],
  [{ samplingPacketInterval: 512 }, 512],
  [{ samplingPacketInterval: 5, samplingPacketSpace: 0 }, 5],
  [{ samplingSize: 2, samplingPopulation: 64 }, 32],
  [{ samplingProbability: 0.01 }, 100],
  [{ samplingProbability: 1e-30 }, 2 ** 32 - 1],
  [{ samplingProbability: 7 }, 1],
  [{ samplingInterval: 0 }, undefined],
  [{ samplingProbability: Number.NaN }, undefined],
  [{ samplingInterval: 'x' }, undefined],
  [{ samplingTimeInterval: 100, samplingTimeSpace: 900 }, 10],
  [{ flowSelectorAlgorithm: 1, samplingFlowInterval: 100, samplingFlowSpacing: 300 }, 4],
  [{ samplingFlowInterval: 100 }, undefined],
  [{ flowSelectorAlgorithm: 2, flowSamplingTimeInterval: '1000000', flowSamplingTimeSpacing: 4_000_000 }, 5],
  [{ flowSelectorAlgorithm: 3, samplingSize: 10, samplingPopulation: 30 }, 3],
  // As the probe tells it: of 2^32 hash values every tenth.
  [hash(0, 429_496_728, 0, 2 ** 32 - 1), 10],
  [hash(0, '4611686018427387903', '0', '18446744073709551615'), 4],
  [hash(9, 7, 0, 255), undefined],
  [hash(0, undefined, 0, 255), undefined],
  [{ flowSelectorAlgorithm: 5 }, undefined],
  [{ selectorIDTotalFlowsObserved: 50, selectorIDTotalFlowsSelected: 5 }, undefined],
])('%o', (record, interval) => expect(intervalOf(record)).toBe(interval));

function hash(selectedMin: unknown, selectedMax: unknown, outputMin: unknown, outputMax: unknown) {
  return {
    ...{ flowSelectorAlgorithm: 6, hashSelectedRangeMin: selectedMin, hashSelectedRangeMax: selectedMax },
    ...{ hashOutputRangeMin: outputMin, hashOutputRangeMax: outputMax },
  };
}

test('by hand: the longest prefix of an exporter, IPv4 through whatever socket', () => {
  const byHand = new SamplingByHand([
    { address: '192.0.2.0', length: 24, interval: 10 },
    { address: '192.0.2.1', length: 32, interval: 1 },
    { address: '2001:db8::', length: 32, interval: 7 },
  ]);
  const of = (address: string) => byHand.of(peerOfText(address, 2055));
  expect(['192.0.2.2', '::ffff:192.0.2.2', '192.0.2.1', '192.0.3.2'].map(of)).toEqual([10, 10, 1, 1]);
  expect(['2001:db8::1', '2001:db9::1'].map(of)).toEqual([7, 1]);
});

describe('Options Data', () => {
  test('of a router: its Observation Domain', () => {
    const ingest = new Ingest({ capacity: 10, deliver: () => {} });
    for (const part of ['opttpl512', 'data512']) {
      const file = `ipfix_test_juniper_mx240_junos151r6s3_${part}.dat`;
      const octets = readFileSync(new URL(`../../../../../../shared/data/vectors/${file}`, import.meta.url));
      ingest.datagram(octets, peerOfText('192.0.2.1', 4739), 0);
    }
    expect(ingest.save(0).sessions.map(({ sampling }) => sampling)).toEqual([[[524288, 'domain', '', 1000]]]);
  });

  test('of a domain, of its Selectors, Templates and interfaces are kept apart', () => {
    const sampling = new Sampling();
    sampling.learn(1, { scope: { exportingProcessId: null }, record: { samplingInterval: 100 } });
    sampling.learn(1, { scope: { exportingProcessId: null }, record: { samplerId: 5, samplerRandomInterval: 20 } });
    sampling.learn(1, { scope: { selectorId: '18446744073709551615' }, record: { samplingProbability: 0.5 } });
    sampling.learn(1, { scope: { templateId: 260 }, record: { samplingInterval: 9 } });
    sampling.learn(1, { scope: { ingressInterface: 3 }, record: { samplingInterval: 7 } });
    sampling.learn(1, { scope: { ingressInterface: 4 }, record: { interfaceName: 'eth0' } });
    const restored = new Sampling();
    restored.restore(JSON.parse(JSON.stringify(sampling.save())));
    for (const { of } of [sampling, restored].map(each => ({ of: each.of(1)! }))) {
      expect([of.ofTemplate(256), of.ofTemplate(260)]).toEqual([100, 9]);
      expect([of.ofInterface(3), of.ofInterface(4)]).toEqual([7, undefined]);
      expect(['5', '18446744073709551615', '6', '0'].map(id => of.ofSelector(id))).toEqual([20, 2, undefined, 1]);
    }
    expect(sampling.of(2)).toBeUndefined();
  });

  test('an only Selector is meant without being named, one of several is not', () => {
    const sampling = new Sampling();
    sampling.learn(1, { scope: { selectorId: 1 }, record: { samplingPacketInterval: 1, samplingPacketSpace: 9 } });
    expect(sampling.of(1)!.ofTemplate(256)).toBe(10);
    sampling.learn(1, { scope: { selectorId: 2 }, record: { samplingPacketInterval: 1, samplingPacketSpace: 99 } });
    expect(sampling.of(1)!.ofTemplate(256)).toBeUndefined();
  });

  test('the newest holds, and what is kept is bounded', () => {
    const sampling = new Sampling();
    for (let i = 0; i < 5000; i++) sampling.learn(i, { scope: { selectorId: i }, record: { samplingInterval: 2 } });
    expect(sampling.save()).toHaveLength(1024);
    sampling.learn(1, { scope: { selectorId: 1 }, record: { samplingInterval: 3 } });
    expect(sampling.of(1)!.ofSelector('1')).toBe(3);
    expect(sampling.of(4000)).toBeUndefined();
  });
});
