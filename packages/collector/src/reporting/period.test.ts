import { expect, test } from 'vitest';
import { dueAt, lastWhole, periodOf, type Span, spanBefore, wholeAt } from './period.js';

const zone = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const printed = ({ from, to }: Span) => [from, to].map(time => new Date(time).toISOString().slice(0, 16));

test('the last week, day and month that are over', () => {
  const now = at('2026-11-02T05:00:00Z');
  expect(printed(lastWhole('week', zone, now))).toEqual(['2026-10-25T23:00', '2026-11-01T23:00']);
  expect(printed(lastWhole('day', zone, now))).toEqual(['2026-10-31T23:00', '2026-11-01T23:00']);
  expect(printed(lastWhole('month', zone, now))).toEqual(['2026-09-30T22:00', '2026-10-31T23:00']);
  // On a Sunday the week goes on.
  expect(printed(lastWhole('week', zone, at('2026-11-01T20:00:00Z')))).toEqual([
    '2026-10-18T22:00',
    '2026-10-25T23:00',
  ]);
  expect(printed(lastWhole('month', 'UTC', at('2026-01-01T00:00:00Z')))).toEqual([
    '2025-12-01T00:00',
    '2026-01-01T00:00',
  ]);
});

test('what it is compared with has as many days or months, whatever clocks did', () => {
  const before = (from: string, to: string) => printed(spanBefore({ from: at(from), to: at(to) }, zone));
  // The week in which summer time ends has an hour more than the one before.
  expect(before('2026-10-18T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual(['2026-10-11T22:00', '2026-10-18T22:00']);
  expect(before('2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z')).toEqual(['2026-01-31T23:00', '2026-02-28T23:00']);
  expect(before('2026-05-31T22:00:00Z', '2026-08-31T22:00:00Z')).toEqual(['2026-02-28T23:00', '2026-05-31T22:00']);
  expect(before('2026-05-31T10:00:00Z', '2026-05-31T13:00:00Z')).toEqual(['2026-05-31T07:00', '2026-05-31T10:00']);
});

test('what goes on', () => {
  const now = at('2026-02-01T05:00:00Z');
  expect(printed(wholeAt('day', zone, now))).toEqual(['2026-01-31T23:00', '2026-02-01T23:00']);
  expect(printed(wholeAt('week', zone, now))).toEqual(['2026-01-25T23:00', '2026-02-01T23:00']);
  expect(printed(wholeAt('month', zone, now))).toEqual(['2026-01-31T23:00', '2026-02-28T23:00']);
});

test('what a span is', () => {
  for (const period of ['day', 'week', 'month'] as const)
    expect(periodOf(lastWhole(period, zone, at('2026-11-05T05:00:00Z')), zone)).toBe(period);
  expect(periodOf({ from: 0, to: 5000 }, zone)).toBeUndefined();
});

test('a report is due by the clocks of its zone', () => {
  const due = (now: string) => dueAt(lastWhole('week', zone, at(now)), zone, 6 * 60);
  expect(due('2026-11-02T00:00:00Z')).toBe(at('2026-11-02T05:00:00Z'));
  expect(due('2026-10-24T00:00:00Z')).toBe(at('2026-10-19T04:00:00Z'));
  // Clocks that go forward at two leave half past two out.
  expect(dueAt({ from: 0, to: at('2026-03-28T23:00:00Z') }, zone, 150)).toBe(at('2026-03-29T01:30:00Z'));
});
