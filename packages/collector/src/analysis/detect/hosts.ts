import type { Finding } from '../events/finding.js';
import type { HostSums } from './interval.js';

/** What is remembered of a host. */
interface Known {
  /** Milliseconds since the epoch. */
  readonly first: number;
  /** Minutes with traffic that had been looked at when it last sent something. */
  last: number;
  /** The longest pause between two minutes in which it sent, in such minutes. */
  gap: number;
  /** Hour since the epoch in which it last sent, and a bit for each of the 24 hours up to it in which it did, that one lowest. */
  hour: number;
  hours: number;
  /** Octets sent in a minute in which it sends, as a moving mean. */
  usual: number;
  /** Octets of the minutes since it was first seen, and of all hosts in them, while it is new. */
  octets: number;
  all: number;
  exporter: string;
}

/** All that is remembered, as it is kept over a restart. */
export interface KnownHosts {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Minutes with traffic that were looked at. */
  readonly minutes: number;
  readonly hosts: Readonly<Record<string, Known>>;
}

const HOUR = 3_600_000;
const ALL_HOURS = 2 ** 24 - 1;
/** Before so much is known nobody is new. */
const DAY = 24 * HOUR;
/** A host that was away for so long is new again. */
const FORGOTTEN = 8 * DAY;
/** Hosts that are remembered. With more of them, who is new cannot be told. */
const MOST_HOSTS = 65_536;
/** Milliseconds in which a host that is new can become a new talker. */
const IS_NEW = 600_000;
/** What a new talker has of all traffic, at least, and bits a second: less is no talk. */
const TALKS = 0.1;
const LEAST_RATE = 1_000_000;
/** Minutes without anything, and how many times the longest pause before, that make a host silent. */
const SILENT = 15;
const SILENT_GAPS = 3;
/** A silence is told for so many minutes; then it is what is usual. */
const SILENCE_TOLD = 1440;
const PATIENCE = 180_000;

/** Knows the hosts of the local networks: which are new and among those that talk most, and which have sent each hour of a day and do no more. */
export class Hosts {
  readonly #known: Map<string, Known>;
  readonly #since: number;
  /** By exporter, the last minute in which it told anything. */
  readonly #heard = new Map<string, number>();
  #minutes: number;

  constructor(now: number, kept?: KnownHosts) {
    this.#since = kept?.since ?? now;
    this.#minutes = kept?.minutes ?? 0;
    this.#known = new Map(Object.entries(kept?.hosts ?? {}));
  }

  /** What has to be kept. */
  get kept(): KnownHosts {
    return { since: this.#since, minutes: this.#minutes, hosts: Object.fromEntries(this.#known) };
  }

  /**
   * Takes the sums of a minute. Without any nothing was looked at, so that nobody is silent because of it.
   * @param now milliseconds since the epoch
   */
  take(sums: readonly HostSums[], now: number): Finding[] {
    if (sums.length === 0) return [];
    this.#minutes++;
    const all = sums.reduce((sum, { sent, received }) => sum + sent + received, 0);
    for (const each of sums) this.#learn(each, all, now);
    const hour = Math.floor(now / HOUR);
    for (const [host, { hour: last }] of this.#known) if (hour - last > FORGOTTEN / HOUR) this.#known.delete(host);
    return [...this.#newTalkers(sums, now), ...this.#silent(now)];
  }

  #learn({ host, sent, received, exporter }: HostSums, all: number, now: number): void {
    this.#heard.set(exporter, this.#minutes);
    if (sent === 0) return;
    const hour = Math.floor(now / HOUR);
    const known = this.#known.get(host);
    if (known === undefined) {
      if (this.#known.size >= MOST_HOSTS) return;
      const fresh = { first: now, last: this.#minutes, gap: 0, hour, hours: 1, usual: sent, exporter };
      this.#known.set(host, { ...fresh, octets: sent + received, all });
      return;
    }
    const gap = this.#minutes - known.last;
    // What was told as silence is not usual for it; and a day that has a gap of hours is learnt anew.
    if (known.hours !== ALL_HOURS || gap < silenceOf(known)) known.gap = Math.max(known.gap, gap);
    const hours = Math.max(0, hour - known.hour);
    if (hours > 1) Object.assign(known, { hours: 0, gap: 0 });
    known.hours = ((known.hours << hours) & ALL_HOURS) | 1;
    known.usual += (sent - known.usual) / 60;
    if (now - known.first <= IS_NEW) {
      known.octets += sent + received;
      known.all += all;
    }
    Object.assign(known, { last: this.#minutes, hour, exporter });
  }

  #newTalkers(sums: readonly HostSums[], now: number): Finding[] {
    if (now - this.#since < DAY || this.#known.size >= MOST_HOSTS) return [];
    return sums.flatMap(({ host, sent, received }) => {
      const known = this.#known.get(host);
      if (known === undefined || now - known.first > IS_NEW || known.first === this.#since) return [];
      const rate = (8 * (sent + received)) / 60;
      const strength = Math.min(known.octets / known.all / TALKS, rate / LEAST_RATE);
      const start = known.first - 60_000;
      return [findingOf('new-talker', host, { start, size: rate, expected: 0, strength, patience: IS_NEW })];
    });
  }

  #silent(now: number): Finding[] {
    return [...this.#known].flatMap(([host, known]) => {
      const silence = this.#minutes - known.last;
      const isSteady = known.hours === ALL_HOURS;
      const isHeard = (this.#heard.get(known.exporter) ?? 0) >= this.#minutes - SILENT / 3;
      if (!isSteady || !isHeard || silence < silenceOf(known) || silence > SILENCE_TOLD) return [];
      const start = now - 60_000 * silence;
      const expected = (8 * known.usual) / 60;
      return [findingOf('silent-host', host, { start, size: 0, expected, strength: 1, patience: PATIENCE })];
    });
  }
}

/** Minutes after which a host is silent. */
function silenceOf({ gap }: Known): number {
  return Math.max(SILENT, SILENT_GAPS * gap);
}

type Told = Pick<Finding, 'start' | 'size' | 'strength' | 'patience'> & { readonly expected: number };

function findingOf(kind: 'new-talker' | 'silent-host', host: string, told: Told): Finding {
  const filter = host.includes('/') ? `net ${host}` : `host ${host}`;
  return { key: `${kind} ${host}`, kind, source: host, subject: { name: host, filter }, unit: 'bit/s', ...told };
}
