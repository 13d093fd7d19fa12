import { expect, test } from 'vitest';
import type { Summary } from '../api/types.js';
import { answeredShare, columnsOf, formatRoundTrip } from './summary.js';

const SUMMARY: Summary = {
  ...{ flows: 10, octets: 1000, packets: 20, reverseOctets: 500, reversePackets: 10, answered: 6, unanswered: 2 },
};
const roundTrip = {
  ...{ flows: 6, p50: 3, p90: 9, p99: 40 },
  histogram: [0, 2, 0, 4, 0].map((flows, i) => ({ upTo: 2 ** i, flows })),
};

test('Flows whose records cannot tell do not count as unanswered', () => {
  expect(answeredShare(SUMMARY)).toBe(0.75);
  expect(answeredShare({ ...SUMMARY, answered: 0, unanswered: 0 })).toBeUndefined();
});

test('the histogram has all of its columns, the highest of height 1', () => {
  expect(columnsOf(roundTrip.histogram).map(({ height }) => height)).toEqual([0, 0.5, 0, 1, 0]);
  expect(columnsOf([])).toEqual([]);
  expect(columnsOf([{ upTo: null, flows: 0 }])).toEqual([]);
});

test('round trips may be short', () => {
  expect(formatRoundTrip(0.0424)).toBe('42 µs');
  expect(formatRoundTrip(12)).toBe('12 ms');
  expect(formatRoundTrip(1500)).toBe('1.5 s');
});
