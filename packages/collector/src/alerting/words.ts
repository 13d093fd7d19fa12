import type { EventForm, EventKind, EventSubject, TrafficEvent } from '../analysis/events/event.js';
import type { WatchedMeasure } from '../analysis/events/measures.js';

const LONGEST_NAME = 200;

/**
 * Names come from outside, such as those of interfaces: what would begin a new line or header, or turn the order of what is read, is taken
 * out (C0, C1, line separators, bidirectional controls), and what has no end cut.
 */
export function plain(name: string): string {
  const clean = name.replace(/[\s\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return clean.length > LONGEST_NAME ? `${clean.slice(0, LONGEST_NAME)}...` : clean;
}

const kinds: Readonly<Record<EventKind, string>> = {
  anomaly: 'anomaly',
  scan: 'scan',
  flood: 'flood',
  amplification: 'amplification attack',
  'new-talker': 'new talker',
  'silent-host': 'gone silent',
  quota: 'quota',
};

const forms: Readonly<Record<EventForm, string>> = {
  ports: 'port scan',
  addresses: 'scan of addresses',
  syn: 'SYN flood',
  udp: 'UDP flood',
  icmp: 'ICMP flood',
  other: 'flood',
};

const anomalies: Readonly<Record<WatchedMeasure, readonly [less: string, more: string]>> = {
  in: ['unusually little incoming traffic', 'unusually much incoming traffic'],
  out: ['unusually little outgoing traffic', 'unusually much outgoing traffic'],
  flows: ['unusually few new flows', 'unusually many new flows'],
  answered: ['unusually few answers', 'unusually many answers'],
  roundTrip: ['unusually short round trips', 'unusually long round trips'],
  load: ['unusually little traffic on a link', 'unusually much traffic on a link'],
};

/** What it is, and of whom: "port scan: 192.0.2.7 -> 198.51.100.1". */
export function headline({ kind, form, measure, subject, target, service, size, expected = 0 }: TrafficEvent): string {
  if (measure !== undefined) return `${anomalies[measure][size < expected ? 0 : 1]}: ${nameOf(subject)}`;
  const to = target === undefined || target === subject.name ? '' : ` -> ${plain(target)}`;
  const who = `${nameOf(subject)}${to}${service === undefined ? '' : ` (${plain(service)})`}`;
  return `${form === undefined ? kinds[kind] : forms[form]}: ${who}`;
}

function nameOf({ name }: EventSubject): string {
  return plain(name) || 'all traffic';
}

/** How many of a kind, such as "12 scans". */
export function countText(kind: EventKind, count: number): string {
  const [one, many] = {
    anomaly: ['anomaly', 'anomalies'],
    scan: ['scan', 'scans'],
    flood: ['flood', 'floods'],
    amplification: ['amplification attack', 'amplification attacks'],
    'new-talker': ['new talker', 'new talkers'],
    'silent-host': ['host gone silent', 'hosts gone silent'],
    quota: ['quota warning', 'quota warnings'],
  }[kind] as [string, string];
  return `${count} ${count === 1 ? one : many}`;
}

/** The size, and how it is beside what is usual: "1.2 Gbit/s, usually 310 Mbit/s (3.9 times as much)". */
export function sizeText({ size, expected, unit }: TrafficEvent): string {
  const text = amount(size, unit);
  if (expected === undefined) return text;
  const usual = `${text}, usually ${amount(expected, unit)}`;
  // How much of a share another is says nothing.
  if (!(expected > 0) || unit === 'share') return usual;
  const ratio = size / expected;
  if (ratio >= 1.05) return `${usual} (${significant(ratio)} times as much)`;
  return ratio <= 0.95 ? `${usual} (${significant(ratio * 100)} % of it)` : usual;
}

function amount(value: number, unit: TrafficEvent['unit']): string {
  switch (unit) {
    case 'bit/s': {
      const step = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)));
      return `${significant(value / 1000 ** step)} ${['', 'k', 'M', 'G', 'T'][step]}bit/s`;
    }
    case 'share':
      return `${significant(value * 100)} %`;
    case 'targets':
    case 'ports':
      return `${significant(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
    default:
      return `${significant(value)} ${unit}`;
  }
}

/** Two digits where there are no more before the point: nobody reads more of a rate at night. */
function significant(value: number): string {
  const digits = Math.abs(value) >= 10 ? 0 : 1;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

const clock = new Intl.DateTimeFormat('en-GB', {
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  timeZoneName: 'short',
});

/** In the time zone of this machine, which it names: "2026-11-28 02:41 UTC". @param time milliseconds since the epoch */
export function timeText(time: number): string {
  const parts = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${parts.timeZoneName}`;
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "2 days 4 hours". @param milliseconds below 0 counts as 0 */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return '0 seconds';
  const [name, length] = units[first]!;
  const rest = units[first + 1];
  const more = rest === undefined ? 0 : Math.floor((seconds % length) / rest[1]);
  return [counted(Math.floor(seconds / length), name), ...(more > 0 ? [counted(more, rest![0])] : [])].join(' ');
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
