import { expect, test } from 'vitest';
import { previewOf } from './preview.js';

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-03-02T00:00:00Z');
const subject = { name: 'total', filter: '' };

const preview = (values: readonly number[], from: number) =>
  previewOf(Float64Array.from(values), { subject, measure: 'in', begin: BEGIN, from, parameters: { step: 60 } });

/** Minutes of days with a busy noon, and some noise. */
function minutes(days: number, more: (minute: number) => number = () => 1): number[] {
  return Array.from({ length: days * 1440 }, (_, i) => {
    const usual = 1e6 * (2 - Math.cos((2 * Math.PI * i) / 1440)) * (1 + 0.02 * Math.sin(i * 12.9898));
    return usual * more(i);
  });
}

test('what is drawn is thin, and what was learnt before is not in it', () => {
  const values = minutes(6, minute => (minute > 5.5 * 1440 && minute < 5.5 * 1440 + 60 ? 5 : 1));
  const { times, values: drawn, expected, lower, upper, events, judged } = preview(values, BEGIN + 5 * DAY);
  expect(times[0]).toBe(BEGIN + 5 * DAY);
  expect(times.length).toBeGreaterThan(400);
  expect(times.length).toBeLessThanOrEqual(600);
  for (const column of [drawn, expected, lower, upper]) expect(column).toHaveLength(times.length);
  expect(judged).toBe(true);
  expect(events).toMatchObject([{ kind: 'anomaly', measure: 'in', subject, unit: 'bit/s' }]);
  const [{ start, end }] = events as [(typeof events)[0]];
  expect(Math.abs(start - (BEGIN + 5.5 * DAY))).toBeLessThan(5 * 60_000);
  expect(Math.abs(end! - (BEGIN + 5.5 * DAY + 60 * 60_000))).toBeLessThan(5 * 60_000);
  const inside = drawn.filter((value, i) => value >= lower[i]! && value <= upper[i]!);
  expect(inside.length / drawn.length).toBeGreaterThan(0.9);
});

test('before there was anything nothing is known', () => {
  const { values, expected, events, judged } = preview([...minutes(1, () => 0), ...minutes(1)], BEGIN);
  expect(values[0]).toBe(0);
  expect(values.at(-1)).toBeGreaterThan(0);
  expect(expected[0]).toBe(Number.NaN);
  expect([events, judged]).toEqual([[], false]);
  expect(preview([], BEGIN)).toMatchObject({ times: [], judged: false });
});
