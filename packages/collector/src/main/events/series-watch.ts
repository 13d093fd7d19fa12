import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSubject } from '../../analysis/events/event.js';
import type { Finding } from '../../analysis/events/finding.js';
import { measures, unitOf, type WatchedMeasure } from '../../analysis/events/measures.js';
import { Forecast } from '../../analysis/forecast/forecast.js';
import type { CollectorSettings } from '../../config/config.js';
import type { WatchedSeries } from '../../http/events.js';
import type { Store } from '../../store/client.js';
import { type MinuteValues, minuteValues } from '../../store/events/minute-values.js';
import { type Thing, thingsOf } from './things.js';
import type { Looked } from './traffic-watch.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Days of what is stored that a new thing is learnt from: two weeks tell what a week is like. */
const HISTORY = 14 * DAY;
/** Milliseconds after which it is found out again what is largest, and what was learnt is kept. */
const KEEP = 3_600_000;
/** Milliseconds: more than this at once is history. */
const PAST = 3_600_000;
/** Milliseconds without a look after which an event that went on has ended. */
const PATIENCE = 10 * MINUTE;

export type WatchSettings = Pick<
  CollectorSettings,
  'directory' | 'localNetworks' | 'watchedKinds' | 'watchedThings' | 'watchDelay'
>;

/** What is known of a thing. Its series follow each other in the forecasts, in the order of `measures`. */
interface Watched {
  readonly subject: Thing;
  readonly first: number;
  /** Milliseconds since the epoch: its values are known up to here. */
  seen: number;
  /** There was some traffic: nothing before is not yet a value. */
  begun: boolean;
}

/** Watches series of values for what is not usual for the time of day and week. What was learnt is in files of the data directory. */
export class SeriesWatch {
  readonly #store: Store;
  readonly #settings: WatchSettings;
  readonly #forecast: Forecast;
  readonly #values: number[] = [];
  #watched: Watched[] = [];
  /** Indices of series that are watched no more. */
  readonly #free: number[] = [];
  #chosen = 0;
  #kept = Date.now();

  constructor(store: Store, settings: WatchSettings) {
    this.#store = store;
    this.#settings = settings;
    this.#forecast = new Forecast({ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    this.#read();
  }

  get series(): WatchedSeries[] {
    return this.#watched.flatMap(({ subject, first }) =>
      measures.map((measure, i) => this.#seriesAt(subject, measure, first + i)),
    );
  }

  /**
   * Takes the minutes that are complete now, of each thing a day at most at a time: what is new is learnt over some looks.
   * @throws WeirError where the store cannot be asked
   */
  async look(): Promise<Looked> {
    const now = Date.now();
    if (Math.abs(now - this.#chosen) >= KEEP) await this.#chooseThings(now);
    const until = Math.floor((now - this.#settings.watchDelay) / MINUTE) * MINUTE;
    const behind = this.#watched.filter(({ seen }) => seen < until);
    const from = Math.min(...behind.map(({ seen }) => seen));
    if (behind.length > 0)
      await this.#take(
        behind.filter(({ seen }) => seen === from),
        from,
        Math.min(until, from + DAY),
      );
    if (Math.abs(now - this.#kept) >= KEEP) this.close();
    return { findings: this.#findings(until), at: until };
  }

  /** Keeps what was learnt. */
  close(): void {
    if (this.#chosen === 0) return;
    this.#kept = Date.now();
    try {
      this.#write('forecasts.bin', this.#forecast.toBytes());
      this.#write('forecasts.json', JSON.stringify(this.#watched));
    } catch {
      // A disk that takes nothing is told of by those who must write to it.
    }
  }

  async #chooseThings(now: number): Promise<void> {
    const known = this.#watched.map(({ subject }) => subject);
    const things = await thingsOf(this.#store, this.#settings, known, now);
    this.#chosen = now;
    const begin = Math.floor((now - HISTORY) / MINUTE) * MINUTE;
    const before = new Map(this.#watched.map(watched => [watched.subject.filter, watched]));
    this.#watched = things.map(subject => {
      const found = before.get(subject.filter);
      before.delete(subject.filter);
      const { first, seen, begun } = found ?? { first: this.#room(), seen: begin, begun: false };
      return { subject, first, seen: Math.max(seen, begin), begun };
    });
    this.#free.push(...[...before.values()].map(({ first }) => first));
  }

  /** The index of the first of as many new series as there are measures. */
  #room(): number {
    const free = this.#free.pop();
    const first = free ?? this.#forecast.size;
    for (const [i, measure] of measures.entries()) {
      const own = measure === 'answered' ? ({ scale: 'linear' } as const) : {};
      if (free === undefined) this.#forecast.add(own);
      else this.#forecast.reset(free + i, own);
    }
    return first;
  }

  /** The values of things for some minutes go into their forecasts. */
  async #take(things: readonly Watched[], from: number, to: number): Promise<void> {
    const { localNetworks } = this.#settings;
    const filters = [...things.map(({ subject }) => subject.filter), ''];
    const values = await minuteValues(this.#store, { from, to, filters, localNetworks });
    const ofThing = (i: number) => values.slice(i * measures.length, (i + 1) * measures.length);
    // A minute of the past of which nothing at all is stored is one in which nobody stored.
    const all = ofThing(things.length)[measures.indexOf('flows')]!;
    const isKnown = (minute: number) => to - from < PAST || all[minute]! > 0;
    for (const [i, thing] of things.entries()) {
      this.#learn(thing, from, ofThing(i), isKnown);
      thing.seen = to;
    }
  }

  #learn(thing: Watched, from: number, values: MinuteValues, isKnown: (minute: number) => boolean): void {
    for (let minute = 0; minute < values[0]!.length; minute++) {
      const time = from + minute * MINUTE;
      thing.begun ||= values.some(column => column[minute]! > 0);
      if (!thing.begun) continue;
      for (const [i, column] of values.entries()) {
        this.#forecast.observe(thing.first + i, time, isKnown(minute) ? column[minute]! : Number.NaN);
      }
    }
    for (const [i, column] of values.entries()) this.#values[thing.first + i] = column.at(-1) ?? Number.NaN;
  }

  /** The events that go on in the series whose values are known up to now. */
  #findings(until: number): Finding[] {
    return this.#watched
      .filter(({ seen }) => seen === until)
      .flatMap(({ subject, first }) =>
        measures.flatMap((measure, i) => this.#findingOf(subject, measure, first + i) ?? []),
      );
  }

  #findingOf({ name, filter }: EventSubject, measure: WatchedMeasure, series: number): Finding | undefined {
    if (!this.#forecast.isUnusual(series)) return undefined;
    const { start, size, expected } = this.#forecast.anomaly(series);
    return {
      ...{
        key: `anomaly ${measure} ${filter}`,
        kind: 'anomaly',
        measure,
        subject: { name, filter },
        start,
        size,
        expected,
      },
      ...{ unit: unitOf[measure], strength: 1, patience: PATIENCE },
    };
  }

  #seriesAt({ name, filter }: EventSubject, measure: WatchedMeasure, series: number): WatchedSeries {
    const { expected, lower, upper } = this.#forecast;
    const numbers = {
      value: this.#values[series],
      expected: expected[series],
      lower: lower[series],
      upper: upper[series],
    };
    const known = Object.entries(numbers).filter(([, number]) => Number.isFinite(number));
    const [judged, unusual] = [this.#forecast.isJudged(series), this.#forecast.isUnusual(series)];
    return { subject: { name, filter }, measure, judged, unusual, ...Object.fromEntries(known) };
  }

  #write(name: string, content: string | Uint8Array): void {
    const path = join(this.#settings.directory, name);
    writeFileSync(`${path}.part`, content, { mode: 0o600 });
    renameSync(`${path}.part`, path);
  }

  /** What cannot be read is learnt again from what is stored. */
  #read(): void {
    try {
      const file = (name: string) => readFileSync(join(this.#settings.directory, name));
      const watched = JSON.parse(file('forecasts.json').toString()) as Watched[];
      this.#forecast.fromBytes(file('forecasts.bin'));
      this.#watched = watched.filter(({ first }) => first + measures.length <= this.#forecast.size);
      const used = new Set(this.#watched.map(({ first }) => first));
      for (let first = 0; first < this.#forecast.size; first += measures.length)
        if (!used.has(first)) this.#free.push(first);
    } catch {
      this.#watched = [];
    }
  }
}
