import { expect, test } from 'vitest';
import { statisticsOf } from './statistics.js';

test('counters of a process are statistics; an interface or a sampler is not', () => {
  const scope = { exportingProcessId: 1 };
  const counts = { exportedFlowRecordTotalCount: 3, notSentFlowTotalCount: '18446744073709551615' };
  expect(statisticsOf({ scope, record: counts })).toEqual({
    exportedFlowRecordTotalCount: 3,
    notSentFlowTotalCount: 2 ** 64,
  });
  expect(statisticsOf({ scope, record: { ingressInterface: 2, interfaceName: 'eth0' } })).toBeUndefined();
  expect(statisticsOf({ scope: { selectorId: 1 }, record: { samplingInterval: 2 } })).toBeUndefined();
  expect(statisticsOf({ scope, record: { interfaceName: 'eth0' } })).toBeUndefined();
});
