import { type CalendarDay, dayAt, daysLater, startOfDay, timeOfDay } from '../analysis/billing/zone.js';

/** What a report is usually of: whole ones, by the clocks of a time zone; weeks begin on Monday (ISO 8601). */
export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** [from, to), milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The last one that is over at a time (milliseconds since the epoch). */
export function lastWhole(period: Period, zone: string, now: number): Span {
  const end = firstDay(period, dayAt(zone, now));
  return { from: startOfDay(zone, firstDay(period, daysLater(end, -1))), to: startOfDay(zone, end) };
}

/** The one that goes on at a time (milliseconds since the epoch). */
export function wholeAt(period: Period, zone: string, now: number): Span {
  const begin = firstDay(period, dayAt(zone, now));
  // 31 days after the first of a month is another month.
  const inNext = daysLater(begin, { day: 1, week: 7, month: 31 }[period]);
  return { from: startOfDay(zone, begin), to: startOfDay(zone, firstDay(period, inNext)) };
}

/**
 * What it is compared with, which ends where it begins: as many months where it is whole months, as many days where it is whole days, else as long.
 */
export function spanBefore({ from, to }: Span, zone: string): Span {
  const [first, last] = [dayAt(zone, from), dayAt(zone, to)];
  if (startOfDay(zone, first) !== from || startOfDay(zone, last) !== to) return { from: from - (to - from), to: from };
  const months = (last.year - first.year) * 12 + last.month - first.month;
  if (first.day === 1 && last.day === 1 && months > 0) {
    const year = new Date(Date.UTC(first.year, first.month - 1 - months));
    const begin = { year: year.getUTCFullYear(), month: year.getUTCMonth() + 1, day: 1 };
    return { from: startOfDay(zone, begin), to: from };
  }
  return { from: startOfDay(zone, daysLater(first, -daysBetween(first, last))), to: from };
}

/** What the span is, where it is a whole one. */
export function periodOf(span: Span, zone: string): Period | undefined {
  return periods.find(period => {
    const { from, to } = lastWhole(period, zone, span.to);
    return from === span.from && to === span.to;
  });
}

/** When the report of the last period that is over was due: its end's day, so many minutes after midnight. */
export function dueAt({ to }: Span, zone: string, minutes: number): number {
  return timeOfDay(zone, dayAt(zone, to), minutes);
}

/** The first day of the period that a day is in. */
function firstDay(period: Period, day: CalendarDay): CalendarDay {
  if (period === 'day') return day;
  if (period === 'month') return { ...day, day: 1 };
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  return daysLater(day, -((weekday + 6) % 7));
}

function daysBetween(a: CalendarDay, b: CalendarDay): number {
  const number = ({ year, month, day }: CalendarDay) => Date.UTC(year, month - 1, day) / 86_400_000;
  return number(b) - number(a);
}
