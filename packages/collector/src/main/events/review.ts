import type { WatchedMeasure } from '../../analysis/events/measures.js';
import { chooseParameters } from '../../analysis/forecast/choice.js';
import type { ForecastParameters, SeriesParameters } from '../../analysis/forecast/parameters.js';
import { AT_ONCE, type Columns, type Minutes } from './minutes.js';
import { measuresOf, type Thing } from './things.js';

const MINUTE = 60_000;

/** What was chosen for a series, and what it was chosen by. */
export interface Chosen {
  readonly parameters: SeriesParameters;
  /** A value a minute from the beginning of the review on, NaN where unknown. */
  readonly values: Float64Array;
}

export interface ReviewOptions {
  readonly minutes: Minutes;
  readonly things: readonly Thing[];
  /** Milliseconds since the epoch: whole minutes. */
  readonly begin: number;
  readonly end: number;
  /** What is given of a series' parameters. */
  readonly given: (thing: Thing, measure: WatchedMeasure) => Partial<ForecastParameters>;
}

/**
 * Chooses the parameters of things by what is stored of two weeks. In steps, so that nobody waits for it: first a day is read at a step, of all things at once, so that the
 * store goes through its records once; then the series of one thing are gone through.
 */
export class Review {
  readonly begin: number;
  readonly end: number;
  readonly #options: ReviewOptions;
  readonly #values: ReadonlyMap<Thing, ReadonlyMap<WatchedMeasure, Float64Array>>;
  readonly #left: Thing[];
  #read: number;

  constructor(options: ReviewOptions) {
    const { things, begin, end } = options;
    this.#options = options;
    this.begin = begin;
    this.end = end;
    this.#read = begin;
    this.#left = [...things];
    const column = () => new Float64Array((end - begin) / MINUTE).fill(Number.NaN);
    this.#values = new Map(
      things.map(thing => [thing, new Map(measuresOf(thing).map(measure => [measure, column()] as const))]),
    );
  }

  get isDone(): boolean {
    return this.#read >= this.end && this.#left.length === 0;
  }

  /** @returns the thing whose parameters are chosen now, if it is so far. @throws WeirError where the store cannot be asked */
  async step(): Promise<{ thing: Thing; chosen: ReadonlyMap<WatchedMeasure, Chosen> } | undefined> {
    if (this.#read < this.end) {
      await this.#readMore();
      return undefined;
    }
    const thing = this.#left.shift();
    if (thing === undefined) return undefined;
    const chosen = new Map<WatchedMeasure, Chosen>();
    for (const [measure, values] of this.#values.get(thing)!) {
      // The choice of one takes some 50 ms.
      await new Promise(resolve => setImmediate(resolve));
      const parameters = chooseBy(values, this.end, this.#options.given(thing, measure));
      chosen.set(measure, { parameters, values });
    }
    return { thing, chosen };
  }

  async #readMore(): Promise<void> {
    const { minutes, things } = this.#options;
    const to = Math.min(this.end, this.#read + AT_ONCE);
    const found = await minutes.read(
      things.map(thing => ({ thing })),
      this.#read,
      to,
    );
    for (const [i, thing] of things.entries()) this.#put(thing, found[i]!);
    this.#read = to;
  }

  #put(thing: Thing, columns: Columns): void {
    const place = (this.#read - this.begin) / MINUTE;
    for (const [measure, values] of this.#values.get(thing)!) values.set(columns.get(measure)!, place);
  }
}

/** Chooses by values minute by minute, the last one before `end` (milliseconds since the epoch). */
export function chooseBy(values: Float64Array, end: number, given: Partial<ForecastParameters>): SeriesParameters {
  // What is before its first traffic was not there yet.
  const first = values.findIndex(value => value > 0);
  const value = values.subarray(first < 0 ? values.length : first);
  const time = Float64Array.from(value, (_, i) => end - (value.length - i) * MINUTE);
  return chooseParameters({ time, value }, given);
}
