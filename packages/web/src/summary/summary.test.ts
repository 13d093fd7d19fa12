import { expect, test } from 'vitest';
import type { Summary } from '../api/types.js';
import { answeredShare, columnsOf } from './summary.js';

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

test('the histogram is of what there is, and an empty column between stays', () => {
  expect(columnsOf({ ...SUMMARY, roundTrip })).toEqual([
    { upTo: 2, flows: 2, height: 0.5 },
    { upTo: 4, flows: 0, height: 0 },
    { upTo: 8, flows: 4, height: 1 },
  ]);
  expect(columnsOf(SUMMARY)).toEqual([]);
  expect(columnsOf({ ...SUMMARY, roundTrip: { ...roundTrip, histogram: [{ upTo: 1, flows: 0 }] } })).toEqual([]);
});
