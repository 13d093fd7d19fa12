import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSubject, keyOf } from '../../analysis/events/event.js';
import type { WatchedMeasure } from '../../analysis/events/measures.js';
import type { Forecast } from '../../analysis/forecast/forecast.js';
import type { SeriesParameters } from '../../analysis/forecast/parameters.js';
import { readKept, writeKept } from './kept-file.js';
import { measuresOf, type Thing } from './things.js';
import type { Span } from './watched-spans.js';

/** A series of a thing. */
export interface WatchedMeasureState {
  readonly measure: WatchedMeasure;
  /** In the forecasts. */
  readonly index: number;
  /** Milliseconds since the epoch: it is learnt from here on. */
  begin: number;
  parameters: SeriesParameters;
  /** Whether its parameters were chosen by what is stored. */
  isChosen: boolean;
}

/** What is known of a thing. */
export interface WatchedThing {
  readonly subject: Thing;
  readonly series: readonly WatchedMeasureState[];
  /** Milliseconds since the epoch: its values are known up to here. */
  seen: number;
  /** Milliseconds since the epoch: when its parameters were chosen last; 0 for never. */
  reviewed: number;
}

interface Kept {
  readonly things: readonly WatchedThing[];
  readonly spans: readonly Span[];
}

/** What is watched, and where it is in the forecasts. In two files of the data directory. */
export class WatchedThings {
  all: WatchedThing[] = [];
  /** When it was looked, as it was kept. */
  spans: readonly Span[] = [];
  readonly #directory: string;
  readonly #forecast: Forecast;
  readonly #initial: (subject: Thing, measure: WatchedMeasure) => SeriesParameters;
  /** Indices of series that are watched no more. */
  readonly #free: number[] = [];

  /** @param initial parameters of a series of which nothing is known yet */
  constructor(
    directory: string,
    forecast: Forecast,
    initial: (subject: Thing, measure: WatchedMeasure) => SeriesParameters,
  ) {
    this.#directory = directory;
    this.#forecast = forecast;
    this.#initial = initial;
    this.#read();
  }

  find(subject: Pick<EventSubject, 'filter' | 'place'>): WatchedThing | undefined {
    return this.all.find(each => keyOf(each.subject) === keyOf(subject));
  }

  /** From now on these are watched. @param begin milliseconds since the epoch: what is new is learnt from here on */
  choose(things: readonly Thing[], begin: number): void {
    const before = new Map(this.all.map(thing => [keyOf(thing.subject), thing]));
    this.all = things.map(subject => {
      const found = before.get(keyOf(subject));
      before.delete(keyOf(subject));
      if (found !== undefined) return { ...found, subject, seen: Math.max(found.seen, begin) };
      const series = measuresOf(subject).map(measure => this.#begin(subject, measure, begin));
      return { subject, series, seen: begin, reviewed: 0 };
    });
    this.#free.push(...[...before.values()].flatMap(({ series }) => series.map(({ index }) => index)));
  }

  /** Keeps what was learnt; a disk that takes nothing is told of by those who must write to it. */
  write(spans: readonly Span[]): void {
    try {
      writeKept(join(this.#directory, 'forecasts.bin'), this.#forecast.toBytes());
      writeKept(join(this.#directory, 'forecasts.json'), JSON.stringify({ things: this.all, spans } satisfies Kept));
    } catch {}
  }

  #begin(subject: Thing, measure: WatchedMeasure, begin: number): WatchedMeasureState {
    const parameters = this.#initial(subject, measure);
    const free = this.#free.pop();
    if (free !== undefined) this.#forecast.reset(free, parameters);
    const index = free ?? this.#forecast.add(parameters);
    return { measure, index, begin, parameters, isChosen: false };
  }

  /** What cannot be read is learnt again from what is stored. */
  #read(): void {
    const kept = readKept<Kept>(join(this.#directory, 'forecasts.json'));
    try {
      // What an earlier release kept has another form.
      if (kept?.things === undefined) return;
      this.#forecast.fromBytes(readFileSync(join(this.#directory, 'forecasts.bin')));
      const { size } = this.#forecast;
      this.all = kept.things.filter(({ series }) => series.every(({ index }) => index < size));
      this.spans = kept.spans;
      const used = new Set(this.all.flatMap(({ series }) => series.map(({ index }) => index)));
      for (let index = 0; index < size; index++) if (!used.has(index)) this.#free.push(index);
    } catch {
      this.all = [];
    }
  }
}
