import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Ingest } from '../ingest.js';
import { peerOfText } from '../peer.js';
import { intervalOf, Sampling } from './sampling.js';

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
  [{ selectorIDTotalFlowsSelected: 5 }, undefined],
])('%o', (record, interval) => expect(intervalOf(record)).toBe(interval));

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
