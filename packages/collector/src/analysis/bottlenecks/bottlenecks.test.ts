import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge, type Load, ranked } from './bottlenecks.js';

const M = 1e6;
/** A day in samples of five minutes: much in the evening, little at night, as much noise as somebody wants. */
function day(most: number, noise = 0.3): number[] {
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return Array.from(
    { length: 288 },
    (_, i) => (most / 2) * (1 + Math.sin((2 * Math.PI * (i - 120)) / 288)) * (1 - noise * random()),
  );
}
const none = day(1).map(() => Number.NaN);
const load = (rates: number[], more: Partial<Load> = {}): Load => ({
  rates,
  roundTrips: none,
  capacity: undefined,
  ...more,
});

test('a link that has room', () => {
  const { verdict, used, learned, peak } = judge(load(day(40 * M), { capacity: 100 * M }));
  expect([verdict, learned]).toEqual(['fine', false]);
  expect(used!).toBeLessThan(0.4);
  expect(peak).toBeLessThanOrEqual(40 * M);
});

test('a link that is full again and again, whether its capacity is given or not', () => {
  const clipped = day(160 * M).map(rate => Math.min(rate, 100 * M * (1 - (rate % 7) / 500)));
  expect(judge(load(clipped, { capacity: 100 * M }))).toMatchObject({
    verdict: 'full',
    capacity: 100 * M,
    learned: false,
  });
  const found = judge(load(clipped));
  expect(found).toMatchObject({ verdict: 'full', learned: true });
  expect(found.capacity! / (100 * M)).toBeCloseTo(1, 1);
});

test('of what was never full no capacity is known', () => {
  expect(judge(load(day(40 * M)))).toMatchObject({ verdict: 'unknown', learned: false });
  // Always the same: a stream, not a limit.
  expect(judge(load(day(1).map(() => 5 * M)))).toMatchObject({ verdict: 'unknown', learned: false });
  expect(
    judge(
      load(
        day(200 * M)
          .slice(0, 50)
          .map(rate => Math.min(rate, M)),
      ),
    ),
  ).toMatchObject({ verdict: 'unknown' });
});

test('near its capacity for part of the time', () => {
  expect(judge(load(day(100 * M, 0.1), { capacity: 105 * M }))).toMatchObject({ verdict: 'busy' });
});

test('round trips that grow with the load are a queue; those that are long anyway are none', () => {
  const rates = day(60 * M);
  const growing = rates.map(rate => (rate > 40 * M ? 60 : 12));
  expect(judge(load(rates, { roundTrips: growing }))).toMatchObject({
    ...{ verdict: 'queueing', calmRoundTrip: 12, busyRoundTrip: 60 },
  });
  expect(judge(load(rates, { roundTrips: rates.map(() => 300) }))).toMatchObject({ verdict: 'unknown' });
  // Twice as long, but nobody would notice.
  expect(judge(load(rates, { roundTrips: growing.map(trip => trip / 100) }))).toMatchObject({ verdict: 'unknown' });
});

test('nothing', () => {
  expect(judge(load([]))).toEqual({ verdict: 'unknown', learned: false, mean: 0, p95: 0, peak: 0 });
  expect(
    judge(
      load(
        day(1).map(() => 0),
        { capacity: M },
      ),
    ),
  ).toMatchObject({ verdict: 'fine', used: 0 });
});

test('the worst comes first', () => {
  const loads = [load(day(M), { capacity: 9 * M }), load(day(9 * M), { capacity: 5 * M }), load(day(M))];
  expect(ranked(loads.map(judge)).map(({ verdict }) => verdict)).toEqual(['full', 'unknown', 'fine']);
});

test('whatever the samples, numbers are numbers and shares are shares', () => {
  const rate = fc.double({ min: 0, max: 1e12, noNaN: true });
  const trip = fc.oneof(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(rate, trip), { maxLength: 400 }),
      fc.option(fc.double({ min: 1, max: 1e12, noNaN: true })),
      (samples, capacity) => {
        const {
          mean,
          p95,
          peak,
          busyShare = 0,
          used = 0,
        } = judge({
          ...{ rates: samples.map(([value]) => value), roundTrips: samples.map(([, value]) => value) },
          capacity: capacity ?? undefined,
        });
        expect([mean, p95, peak, used].every(Number.isFinite)).toBe(true);
        expect(p95).toBeLessThanOrEqual(peak);
        expect(busyShare).toBeGreaterThanOrEqual(0);
        expect(busyShare).toBeLessThanOrEqual(1);
      },
    ),
  );
});
