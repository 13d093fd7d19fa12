import { expect, test } from 'vitest';
import { newCounters, type SessionCounters } from './counters.js';
import { SequenceTracker } from './sequence.js';

type Step = readonly [sequence: number, records: number | undefined, exportTime?: number];

/** Counters after Messages with those sequence numbers, numbers of records and export times. */
function after(...steps: readonly Step[]): SessionCounters {
  const counters = newCounters();
  const tracker = new SequenceTracker();
  for (const [sequence, records, exportTime = 100] of steps) tracker.observe(sequence, records, exportTime, counters);
  return counters;
}

test('a sequence without gaps is whole, wherever it begins, and across 2^32', () => {
  const counters = after([2 ** 32 - 20, 10], [2 ** 32 - 10, 30], [20, 0], [20, 5], [25, 1]);
  expect(counters).toMatchObject({ lostRecords: 0, outOfOrder: 0, restarts: 0 });
});

test('a gap is loss, once', () => {
  expect(after([0, 10], [25, 10], [35, 10])).toMatchObject({ lostRecords: 15, outOfOrder: 0, restarts: 0 });
});

test('a gap across 2^32', () => {
  expect(after([2 ** 32 - 10, 5], [10, 1])).toMatchObject({ lostRecords: 15, restarts: 0 });
});

test('a late Message is taken off the loss', () => {
  const counters = after([0, 10], [20, 10], [10, 10], [30, 10]);
  expect(counters).toMatchObject({ lostRecords: 0, outOfOrder: 1, restarts: 0 });
});

test('late Messages fill a gap piece by piece, and what is missing stays lost', () => {
  const counters = after([0, 10], [50, 10], [30, 10], [10, 10], [40, 10], [60, 1]);
  expect(counters).toMatchObject({ lostRecords: 10, outOfOrder: 3 });
});

test('a Message that comes twice is out of order and changes nothing else', () => {
  expect(after([0, 10], [10, 10], [0, 10], [20, 10])).toMatchObject({ lostRecords: 0, outOfOrder: 1, restarts: 0 });
});

test('the double of a late Message is not taken off twice', () => {
  expect(after([0, 10], [30, 10], [10, 10], [10, 10])).toMatchObject({ lostRecords: 10, outOfOrder: 2 });
});

test('a late Message whose export time is newer still fills its gap', () => {
  expect(after([0, 10, 100], [20, 10, 100], [10, 10, 101])).toMatchObject({
    lostRecords: 0,
    outOfOrder: 1,
    restarts: 0,
  });
});

test('an exporter that starts again at 0 is not loss', () => {
  const counters = after([5000, 10, 100], [0, 10, 103], [10, 10, 103], [25, 1, 104]);
  expect(counters).toMatchObject({ restarts: 1, lostRecords: 5, outOfOrder: 0 });
});

test('a number far behind is a new start even within the same second', () => {
  expect(after([1_000_000, 10], [0, 10], [10, 10])).toMatchObject({ restarts: 1, lostRecords: 0, outOfOrder: 0 });
});

test('a jump that no loss explains is a new start', () => {
  expect(after([0, 10], [2 ** 30, 10], [2 ** 30 + 10, 1])).toMatchObject({ restarts: 1, lostRecords: 0 });
});

test('what cannot be counted is not called lost', () => {
  expect(after([0, 10], [10, undefined], [30, 10], [45, 1])).toMatchObject({ lostRecords: 5, restarts: 0 });
});

test('many gaps are remembered up to a bound', () => {
  const steps = Array.from({ length: 100 }, (_, i): Step => [i * 20, 10]);
  const late: Step[] = [
    [10, 10],
    [98 * 20 + 10, 10],
  ];
  // The newest gap is filled, the oldest is forgotten; both Messages are out of order.
  expect(after(...steps, ...late)).toMatchObject({ lostRecords: 98 * 10, outOfOrder: 2 });
});
