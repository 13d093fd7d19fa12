import { expect, test } from 'vitest';
import { sumOf } from '../exporting/collector-counters.js';
import type { LoopStatistics } from './loop-statistics.js';
import { StatusLine } from './status-line.js';

const status = (name: string, ended: number | undefined) => ({
  name,
  domain: 1,
  disappearances: 0,
  collectors: [{ url: 'udp://h', totals: { ...sumOf([]), away: ended === undefined } }],
  statistics:
    ended === undefined
      ? undefined
      : ({
          observedFlowTotalCount: ended,
          conntrackEntryCount: 5,
          exportedFlowRecordTotalCount: 2 * ended,
          notSentFlowTotalCount: 1,
        } as LoopStatistics),
});

test('rates are of the time since the line before, sums of all namespaces', () => {
  const line = new StatusLine();
  expect(line.text([status('a', 100), status('b', 100)], 1000)).toBe(
    '0 flows/s, 10 live, 400 records exported, 2 lost',
  );
  expect(line.text([status('a', 150), status('b', 110)], 3000)).toMatch(/^30 flows\/s, /);
  expect(line.text([status('a', 150), status('b', undefined)], 4000)).toBe(
    '0 flows/s, 5 live, 300 records exported, 1 lost, 1 of 2 collectors away, 1 of 2 namespaces absent',
  );
});
