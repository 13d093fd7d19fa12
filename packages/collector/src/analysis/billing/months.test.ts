import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysOf, monthAfter, monthAt, monthNamed } from './months.js';
import { SAMPLE } from './samples.js';

const at = (text: string) => Date.parse(text);
const berlin = { timeZone: 'Europe/Berlin', firstDay: 1 };

describe('months begin at midnight of their time zone', () => {
  test.each([
    // Summer time ends on 25 October and begins on 29 March 2026.
    ['2026-10', 'Europe/Berlin', 1, '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    ['2026-03', 'Europe/Berlin', 1, '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
    ['2026-10', 'America/New_York', 15, '2026-10-15T04:00:00Z', '2026-11-15T05:00:00Z'],
    // Clocks that change by half an hour.
    ['2026-04', 'Australia/Lord_Howe', 1, '2026-03-31T13:00:00Z', '2026-04-30T13:30:00Z'],
    // 45 minutes off the hour.
    ['2026-01', 'Asia/Kathmandu', 1, '2025-12-31T18:15:00Z', '2026-01-31T18:15:00Z'],
    // Months without a 31st begin on their last day.
    ['2027-02', 'UTC', 31, '2027-02-28T00:00:00Z', '2027-03-31T00:00:00Z'],
    ['2027-03', 'UTC', 31, '2027-03-31T00:00:00Z', '2027-04-30T00:00:00Z'],
    // In Cairo clocks went from midnight to 1 o'clock on 26 April 2024: that is when the day began.
    ['2024-04', 'Africa/Cairo', 26, '2024-04-25T22:00:00Z', '2024-05-25T21:00:00Z'],
    // In Havana they go from 1 o'clock to midnight: the first of both begins the day.
    ['2026-11', 'America/Havana', 1, '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
  ])('%s in %s from day %i on', (name, timeZone, firstDay, from, to) => {
    const calendar = { timeZone, firstDay };
    expect(monthNamed(calendar, name)).toEqual({ name, from: at(from), to: at(to) });
    expect(monthAt(calendar, at(from))).toEqual({ name, from: at(from), to: at(to) });
    expect(monthAt(calendar, at(to) - 1).name).toBe(name);
  });
});

test('days have 23, 24 or 25 hours', () => {
  const hours = (name: string) =>
    daysOf(berlin, monthNamed(berlin, name)!).map(({ date, from, to }) => `${date} ${(to - from) / 3_600_000}`);
  expect(hours('2026-10').filter(day => !day.endsWith(' 24'))).toEqual(['2026-10-25 25']);
  expect(hours('2026-03').filter(day => !day.endsWith(' 24'))).toEqual(['2026-03-29 23']);
  expect(hours('2026-10')).toHaveLength(31);
});

test('a day that a zone leaves out is left out', () => {
  // Samoa went over the date line after 29 December 2011.
  const apia = { timeZone: 'Pacific/Apia', firstDay: 1 };
  const dates = daysOf(apia, monthNamed(apia, '2011-12')!).map(({ date }) => date);
  expect(dates).toHaveLength(30);
  expect(dates).not.toContain('2011-12-30');
});

test.each(['2026-13', '2026-1', '1970-12', '2105-01', 'October', ''])('%j is no month', name => {
  expect(monthNamed(berlin, name)).toBeUndefined();
});

const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'America/Sao_Paulo', 'Asia/Beirut', 'Pacific/Chatham'];

test('months and days follow each other without a gap, at samples', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: at('2012-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
      (timeZone, firstDay, time) => {
        const calendar = { timeZone, firstDay };
        const month = monthAt(calendar, time);
        expect(month.from).toBeLessThanOrEqual(time);
        expect(month.to).toBeGreaterThan(time);
        expect(month.from % SAMPLE).toBe(0);
        expect(monthNamed(calendar, month.name)).toEqual(month);
        expect(monthAfter(calendar, month).from).toBe(month.to);
        const days = daysOf(calendar, month);
        expect(days[0]!.from).toBe(month.from);
        expect(days.at(-1)!.to).toBe(month.to);
        for (const [i, day] of days.slice(1).entries()) expect(day.from).toBe(days[i]!.to);
      },
    ),
    { numRuns: 300 },
  );
});
