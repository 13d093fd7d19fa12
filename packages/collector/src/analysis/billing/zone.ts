import { LocalTime } from '../local-time.js';

const DAY = 86_400_000;

/** A date of the calendar; `month` from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const zones = new Map<string, LocalTime>();

/** Whether there is a time zone of that name (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    timeIn(name);
    return true;
  } catch {
    return false;
  }
}

/** Making one takes longer than using it a hundred times. */
function timeIn(zone: string): LocalTime {
  let time = zones.get(zone);
  if (time === undefined) {
    time = new LocalTime(zone);
    zones.set(zone, time);
  }
  return time;
}

/** What clocks of the zone show at a time (milliseconds since the epoch), as if it were UTC. */
function clockAt(zone: string, time: number): number {
  return 1000 * timeIn(zone).secondsAt(time / 1000);
}

/** The date in the zone at a time (milliseconds since the epoch). */
export function dayAt(zone: string, time: number): CalendarDay {
  const clock = new Date(clockAt(zone, time));
  return { year: clock.getUTCFullYear(), month: clock.getUTCMonth() + 1, day: clock.getUTCDate() };
}

/**
 * When a day begins, milliseconds since the epoch: at its first midnight; where clocks go forward over midnight, when they do so.
 */
export function startOfDay(zone: string, day: CalendarDay): number {
  return timeOfDay(zone, day, 0);
}

/**
 * When clocks of a day show so many minutes after midnight, milliseconds since the epoch: the first time; where they leave it out, as late as it would
 * be without.
 */
export function timeOfDay(zone: string, { year, month, day }: CalendarDay, minutes: number): number {
  const shown = Date.UTC(year, month - 1, day, 0, minutes);
  // Zones are at most 14 hours from UTC, so that a day before and after clocks had and have the offsets that matter.
  const [before, after] = [shown - DAY, shown + DAY].map(time => shown - (clockAt(zone, time) - time));
  const matching = [before!, after!].filter(time => clockAt(zone, time) === shown);
  return matching.length === 0 ? before! : Math.min(...matching);
}

/** So many days later, or earlier. */
export function daysLater({ year, month, day }: CalendarDay, days: number): CalendarDay {
  const later = new Date(Date.UTC(year, month - 1, day + days));
  return { year: later.getUTCFullYear(), month: later.getUTCMonth() + 1, day: later.getUTCDate() };
}

/** The day after. */
export function nextDay(day: CalendarDay): CalendarDay {
  return daysLater(day, 1);
}

/** 2026-10-05 */
export function printDay({ year, month, day }: CalendarDay): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
