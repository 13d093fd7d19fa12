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
export function startOfDay(zone: string, { year, month, day }: CalendarDay): number {
  const midnight = Date.UTC(year, month - 1, day);
  // Zones are at most 14 hours from UTC, so that a day before and after clocks had and have the offsets that matter.
  const [before, after] = [midnight - DAY, midnight + DAY].map(time => midnight - (clockAt(zone, time) - time));
  const matching = [before!, after!].filter(time => clockAt(zone, time) === midnight);
  return matching.length === 0 ? before! : Math.min(...matching);
}

/** The day after; days that the month has not run into the next. */
export function nextDay({ year, month, day }: CalendarDay): CalendarDay {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

/** 2026-10-05 */
export function printDay({ year, month, day }: CalendarDay): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
