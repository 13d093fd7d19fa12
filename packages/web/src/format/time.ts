import { t } from '../i18n/index.js';
import { perLocale } from './locale.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formatter = (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
  perLocale(locale => new Intl.DateTimeFormat(locale, options));
const clock = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClock = formatter({ hour: '2-digit', minute: '2-digit' });
const day = formatter({ day: 'numeric', month: 'short' });
const complete = formatter({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});
const tenths = perLocale(
  locale => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);

const short = perLocale(locale => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }));

/** Time of day in the reader's zone: "14:03:22". */
export function formatClock(ms: number): string {
  return clock().format(ms);
}

/** "14:03". */
export function formatShortClock(ms: number): string {
  return shortClock().format(ms);
}

/** "11 May". */
export function formatDay(ms: number): string {
  return day().format(ms);
}

/** Date, time to the millisecond and zone. */
export function formatInstant(ms: number): string {
  return complete().format(ms);
}

/** Time of day, with the date before it where that is not the day of `now`. */
export function formatMoment(ms: number, now: number): string {
  const date = formatDay(ms);
  return date === formatDay(now) ? formatClock(ms) : `${date} ${formatClock(ms)}`;
}

function two(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${restUnit}`;
}

/** A length of time in milliseconds: "340 ms", "4.2 s", "1 min 5 s", "2 h 3 min", "3 d 4 h". Negative counts as 0. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < MINUTE - 50) return `${tenths().format(length / SECOND)} s`;
  const seconds = Math.round(length / SECOND);
  if (seconds < 3600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (length < DAY) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.floor(length / HOUR);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A short time in milliseconds, to three digits: "85 µs", "1.23 ms", "340 ms", "4.2 s". */
export function formatLatency(ms: number): string {
  if (ms >= 999.5) return formatDuration(ms);
  if (ms < 1) return `${Math.round(ms * SECOND)} µs`;
  return `${short().format(ms)} ms`;
}

/** How long ago, without fractions: "now", "12 s ago", "3 min ago". */
export function formatAgo(ms: number): string {
  if (ms < 2 * SECOND) return t.time.now;
  if (ms < MINUTE) return t.time.ago(`${Math.floor(ms / SECOND)} s`);
  if (ms < HOUR) return t.time.ago(`${Math.floor(ms / MINUTE)} min`);
  return t.time.ago(ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`);
}
