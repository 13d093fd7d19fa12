import { expect, test } from 'vitest';
import type { SeriesResponse } from '../api/types.js';
import type { Band } from '../split/split.js';
import { plotData } from './data.js';

const series: SeriesResponse = {
  step: 1,
  times: [1000, 2000],
  inOctets: [1, 2],
  outOctets: [3, 4],
  inPackets: [],
  outPackets: [],
};
const band = (inOctets: number[], outOctets: number[]): Band => ({
  ...{ value: 1, label: 'a', colour: '--group-1' },
  inOctets,
  outOctets,
});

test('in is above zero, out below, in bit/s; what was not asked for is not drawn', () => {
  expect(plotData(series, undefined, undefined)).toEqual([
    [1, 2],
    [8, 16],
    [-24, -32],
    [null, null],
    [null, null],
  ]);
});

test('groups stand on each other at both sides, the outermost first', () => {
  const bands = [band([1, 1], [2, 2]), band([10, 10], [0, 1])];
  expect(plotData(series, bands, series)).toEqual([
    [1, 2],
    [88, 88],
    [8, 8],
    [-16, -24],
    [-16, -16],
    [8, 16],
    [-24, -32],
  ]);
});

test('without an answer there is nothing', () => {
  expect(plotData(undefined, undefined, undefined)).toEqual([[], [], [], [], []]);
});
