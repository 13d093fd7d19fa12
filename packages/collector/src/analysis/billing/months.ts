import type { Account } from './account.js';
import { type CalendarDay, dayAt, nextDay, printDay, startOfDay } from './zone.js';

type Calendar = Pick<Account, 'timeZone' | 'firstDay'>;

/** A month of an account: [from, to), milliseconds since the epoch. Named by the month of the calendar that it begins in, as 2026-10. */
export interface Month {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A day of a month: [from, to). */
export interface Day {
  /** 2026-10-05 */
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

/** The month that a time is in. */
export function monthAt(calendar: Calendar, time: number): Month {
  const { year, month } = dayAt(calendar.timeZone, time);
  const found = monthOf(calendar, year, month);
  return time < found.from ? monthOf(calendar, year, month - 1) : found;
}

/** The month after. */
export function monthAfter(calendar: Calendar, { to }: Month): Month {
  return monthAt(calendar, to);
}

/** What the engine's times hold with a year to spare. */
const YEARS = { first: 1971, last: 2104 };

/** The month of a name; undefined where it is no name of a month from 1971 to 2104. */
export function monthNamed(calendar: Calendar, name: string): Month | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  return year === undefined || Number(year) < YEARS.first || Number(year) > YEARS.last
    ? undefined
    : monthOf(calendar, Number(year), Number(month));
}

/** The days of a month, at clocks of the zone: some have 23 or 25 hours. */
export function daysOf({ timeZone }: Calendar, { from, to }: Month): Day[] {
  const days: Day[] = [];
  for (let day = dayAt(timeZone, from), begin = from; begin < to; ) {
    const next = nextDay(day);
    const end = startOfDay(timeZone, next);
    // A zone that goes over the date line leaves a day out.
    if (end > begin) days.push({ date: printDay(day), from: begin, to: end });
    [day, begin] = [next, end];
  }
  return days;
}

function monthOf(calendar: Calendar, year: number, month: number): Month {
  const [first, next] = [firstOf(calendar, year, month), firstOf(calendar, year, month + 1)];
  return {
    name: printDay(first).slice(0, 7),
    from: startOfDay(calendar.timeZone, first),
    to: startOfDay(calendar.timeZone, next),
  };
}

function firstOf({ firstDay }: Calendar, year: number, month: number): CalendarDay {
  const last = new Date(Date.UTC(year, month, 0));
  return {
    year: last.getUTCFullYear(),
    month: last.getUTCMonth() + 1,
    day: Math.min(firstDay, last.getUTCDate()),
  };
}
