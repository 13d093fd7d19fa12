import { expect, test } from 'vitest';
import { type SessionRecord, stepAt, stepsOf } from './steps.js';

const record = (begin: number, end: number, octets: number, reverseOctets: number, more = {}): SessionRecord => ({
  exporter: '192.0.2.1',
  observationDomainId: 1,
  begin,
  end,
  exportTime: end,
  octets,
  reverseOctets,
  duplicate: false,
  ...more,
});

test('the octets of a record are spread over its interval', () => {
  expect(stepsOf([record(0, 1000, 500, 50), record(1000, 3000, 4000, 0)], 0, 3000)).toEqual({
    times: [0, 1000, 3000],
    up: [500, 2000, 0],
    down: [50, 0, 0],
  });
});

test('between records there is nothing, where they overlap their sum', () => {
  const steps = stepsOf([record(0, 1000, 100, 0), record(5000, 7000, 200, 0), record(6000, 8000, 200, 0)], 0, 8000);
  expect(steps.times).toEqual([0, 1000, 5000, 6000, 7000, 8000]);
  expect(steps.up).toEqual([100, 0, 100, 200, 100, 0]);
});

test('a record of a moment is wide enough to be seen, and its octets are all there', () => {
  const { times, up } = stepsOf([record(5000, 5000, 300, 0)], 0, 10_000);
  expect(times).toEqual([5000, 5050]);
  expect((up[0]! * (times[1]! - times[0]!)) / 1000).toBeCloseTo(300, 6);
});

test('what another exporter tells, too, does not count twice', () => {
  const steps = stepsOf([record(0, 1000, 100, 0), record(0, 1000, 100, 0, { duplicate: true })], 0, 1000);
  expect(steps.up).toEqual([100, 0]);
});

test('no fraction is left at the end', () => {
  const records = Array.from({ length: 7 }, (_, i) => record(i * 3, 1000 + i * 7, 1 / 3, 0.1));
  const { up, down } = stepsOf(records, 0, 1100);
  expect(up.at(-1)).toBe(0);
  expect(down.at(-1)).toBe(0);
});

test('without counters there is nothing to draw, and no error', () => {
  const { octets: _, reverseOctets: __, ...bare } = record(0, 1000, 0, 0);
  expect(stepsOf([bare], 0, 1000).up).toEqual([0, 0]);
  expect(stepsOf([], 0, 0)).toEqual({ times: [], up: [], down: [] });
});

test('the step at a time', () => {
  const steps = stepsOf([record(0, 1000, 1, 1), record(1000, 2000, 2, 2)], 0, 2000);
  expect([-1, 0, 999, 1000, 5000].map(time => stepAt(steps, time))).toEqual([-1, 0, 0, 1, 2]);
});
