import { anomalyOf } from '../../analysis/events/anomaly.js';
import type { EventSubject } from '../../analysis/events/event.js';
import type { Finding } from '../../analysis/events/finding.js';
import type { WatchedMeasure } from '../../analysis/events/measures.js';
import { Forecast } from '../../analysis/forecast/forecast.js';
import type { SeriesParameters } from '../../analysis/forecast/parameters.js';
import type { CollectorSettings } from '../../config/config.js';
import type { Fixed, PreviewAsked, SeriesPreview, WatchedSeries } from '../../http/events.js';
import type { Store } from '../../store/client.js';
import { FixedParameters, givenOf } from './fixed-parameters.js';
import { meshThingsOf, type WatchedMeshes } from './mesh-things.js';
import { AT_ONCE, type Columns, Minutes } from './minutes.js';
import { type Chosen, Review } from './review.js';
import { previewOfSeries } from './series-preview.js';
import { type Thing, thingsOf } from './things.js';
import type { Looked } from './traffic-watch.js';
import { WatchedSpans } from './watched-spans.js';
import { type WatchedMeasureState, type WatchedThing, WatchedThings } from './watched-things.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What is stored that a new thing is learnt from: two weeks tell what a week is like. */
export const HISTORY = 14 * DAY;
/** Milliseconds after which it is found out again what is largest, and what was learnt is kept. */
const KEEP = 3_600_000;
/** Milliseconds between two looks: after more than that there was no looking. */
const PAUSE = 3_600_000;
/** Milliseconds after which the parameters of a thing are chosen again. */
const REVIEW = 7 * DAY;
/** Things whose values of two weeks are in memory at a time. */
const REVIEWED_AT_ONCE = 16;
/** What a unit must change by to be another one. */
const OTHER_UNIT = 2;

export type WatchSettings = Pick<
  CollectorSettings,
  'directory' | 'localNetworks' | 'watchedKinds' | 'watchedThings' | 'watchDelay'
>;

/** Watches series of values for what is not usual for the time of day and week. What was learnt is in files of the data directory. */
export class SeriesWatch {
  readonly #store: Store;
  readonly #settings: WatchSettings;
  readonly #meshes: WatchedMeshes;
  readonly #forecast: Forecast;
  readonly #things: WatchedThings;
  readonly #fixed: FixedParameters;
  readonly #spans: WatchedSpans;
  readonly #minutes: Minutes;
  /** The last value of each series. */
  readonly #values: number[] = [];
  #review: Review | undefined;
  #chosen = 0;
  #kept = Date.now();
  /** Until when the last look of this run saw. */
  #looked: number | undefined;

  constructor(store: Store, settings: WatchSettings, meshes: WatchedMeshes) {
    this.#store = store;
    this.#settings = settings;
    this.#meshes = meshes;
    this.#forecast = new Forecast({ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    this.#fixed = new FixedParameters(settings.directory);
    this.#things = new WatchedThings(settings.directory, this.#forecast, (subject, measure) => ({
      ...this.#forecast.parameters,
      ...givenOf(measure, this.#fixed.of(subject, measure)),
    }));
    this.#spans = new WatchedSpans(this.#things.spans);
    const isWatched = (minute: number) => this.#spans.has(minute);
    this.#minutes = new Minutes({ store, localNetworks: settings.localNetworks, isWatched });
  }

  get series(): WatchedSeries[] {
    return this.#things.all.flatMap(({ subject, series }) => series.map(each => this.#seriesOf(subject, each)));
  }

  /**
   * Takes the minutes that are complete now, of each thing a day at most at a time: what is new is learnt over some looks. Where all is known, parameters are chosen.
   * @throws WeirError where the store cannot be asked
   */
  async look(): Promise<Looked> {
    const now = Date.now();
    const until = this.#untilOf(now);
    if (this.#looked !== undefined && until > this.#looked && until - this.#looked < PAUSE)
      this.#spans.add(this.#looked, until, now - HISTORY);
    this.#looked = until;
    if (Math.abs(now - this.#chosen) >= KEEP) await this.#chooseThings(now);
    const behind = this.#things.all.filter(thing => thing.seen < this.#untilOf(now, thing.subject));
    if (behind.length > 0) await this.#take(behind, now);
    else await this.#choose(now, until);
    if (Math.abs(now - this.#kept) >= KEEP) this.close();
    return { findings: this.#findings(now), at: until };
  }

  /** What would have been told of a series, watched or not. @throws FilterError, WeirError */
  preview(asked: PreviewAsked): Promise<SeriesPreview> {
    const now = Date.now();
    const watched = this.#things.find(asked.subject);
    const series = watched?.series.find(({ measure }) => measure === asked.measure);
    const { timeZone } = this.#forecast.parameters;
    return previewOfSeries({
      asked: { ...asked, subject: watched?.subject ?? asked.subject },
      ...{ series, timeZone, minutes: this.#minutes, until: this.#untilOf(now, asked.subject) },
      fixed: this.#fixed.of(asked.subject, asked.measure),
    });
  }

  /** Fixes parameters of a series by hand: it is learnt anew with them at one of the next looks. @throws WeirError */
  fix(subject: EventSubject, measure: WatchedMeasure, fixed: Fixed): void {
    this.#fixed.set(subject, measure, fixed);
    const watched = this.#things.find(subject);
    if (watched !== undefined) watched.reviewed = 0;
    this.#review = undefined;
  }

  /** Keeps what was learnt. */
  close(): void {
    if (this.#chosen === 0) return;
    this.#kept = Date.now();
    this.#things.write(this.#spans.spans);
  }

  /** Until when all is stored that there will be of a thing. */
  #untilOf(now: number, { place }: Pick<EventSubject, 'place'> = {}): number {
    const behind = place === undefined ? 0 : this.#meshes.behindOf(place.topology);
    return Math.floor((now - this.#settings.watchDelay - behind) / MINUTE) * MINUTE;
  }

  async #chooseThings(now: number): Promise<void> {
    const known = this.#things.all.map(({ subject }) => subject);
    const things = [
      ...(await thingsOf(this.#store, this.#settings, known, now)),
      ...(await meshThingsOf(this.#meshes, this.#settings.watchedKinds, known, now)),
    ];
    this.#chosen = now;
    this.#things.choose(things, Math.floor((now - HISTORY) / MINUTE) * MINUTE);
  }

  /** The values of the things that are behind most, for some minutes, go into their forecasts. */
  async #take(behind: readonly WatchedThing[], now: number): Promise<void> {
    const from = Math.min(...behind.map(({ seen }) => seen));
    const things = behind.filter(({ seen }) => seen === from);
    const to = Math.min(from + AT_ONCE, ...things.map(({ subject }) => this.#untilOf(now, subject)));
    const found = await this.#minutes.read(
      things.map(({ subject }) => ({ thing: subject })),
      from,
      to,
    );
    for (const [i, thing] of things.entries()) {
      this.#learn(thing.series, from, found[i]!);
      thing.seen = to;
    }
  }

  #learn(series: readonly WatchedMeasureState[], from: number, columns: Columns): void {
    for (const { measure, index } of series) {
      const column = columns.get(measure)!;
      for (const [minute, value] of column.entries()) this.#forecast.observe(index, from + minute * MINUTE, value);
      this.#values[index] = column.at(-1) ?? Number.NaN;
    }
  }

  /** Goes on with choosing parameters, or begins with it where it is time. */
  async #choose(now: number, until: number): Promise<void> {
    if (this.#review === undefined) {
      const due = this.#things.all.filter(
        ({ subject, reviewed }) => Math.abs(now - reviewed) >= REVIEW && Number.isFinite(this.#untilOf(now, subject)),
      );
      if (due.length === 0) return;
      const things = due.slice(0, REVIEWED_AT_ONCE).map(({ subject }) => subject);
      const given = (thing: Thing, measure: WatchedMeasure) => ({
        ...{ timeZone: this.#forecast.parameters.timeZone },
        ...givenOf(measure, this.#fixed.of(thing, measure)),
      });
      const end = Math.min(until, ...things.map(thing => this.#untilOf(now, thing)));
      this.#review = new Review({ minutes: this.#minutes, things, begin: end - HISTORY, end, given });
    }
    const review = this.#review;
    const found = await review.step();
    if (found !== undefined) await this.#adopt(review, found.thing, found.chosen);
    if (review.isDone && this.#review === review) this.#review = undefined;
  }

  /** A series with other parameters is learnt anew from what they were chosen by, so that what is known of it is of them. */
  async #adopt(review: Review, thing: Thing, chosen: ReadonlyMap<WatchedMeasure, Chosen>): Promise<void> {
    const watched = this.#things.find(thing);
    if (watched === undefined) return;
    const others = watched.series.filter(each => this.#isOther(each, chosen.get(each.measure)!.parameters));
    const isBehind = others.length > 0 && watched.seen > review.end;
    const since = !isBehind ? [] : await this.#minutes.read([{ thing }], review.end, watched.seen);
    for (const each of others) {
      const { parameters, values } = chosen.get(each.measure)!;
      Object.assign(each, { parameters, begin: review.begin });
      this.#forecast.reset(each.index, parameters);
      for (const [i, value] of values.entries()) this.#forecast.observe(each.index, review.begin + i * MINUTE, value);
      for (const columns of since) this.#learn([each], review.end, columns);
    }
    for (const each of watched.series) each.isChosen = true;
    watched.reviewed = review.end;
  }

  #isOther({ parameters }: WatchedMeasureState, chosen: SeriesParameters): boolean {
    const ratio = parameters.unit / chosen.unit;
    const isOtherUnit = chosen.scale === 'log' && (ratio > OTHER_UNIT || ratio < 1 / OTHER_UNIT);
    const names = ['scale', 'levelHalfLife', 'weekly', 'width'] as const;
    return isOtherUnit || names.some(name => parameters[name] !== chosen[name]);
  }

  /** The events that go on in the series whose values are known up to now. */
  #findings(now: number): Finding[] {
    return this.#things.all
      .filter(({ subject, seen }) => seen >= this.#untilOf(now, subject))
      .flatMap(({ subject, series }) =>
        series.flatMap(({ measure, index }) => anomalyOf(this.#forecast, index, subject, measure) ?? []),
      );
  }

  #seriesOf({ name, filter, place }: EventSubject, state: WatchedMeasureState): WatchedSeries {
    const { measure, index, parameters, isChosen } = state;
    const { expected, lower, upper } = this.#forecast;
    const numbers = {
      ...{ value: this.#values[index], expected: expected[index], lower: lower[index], upper: upper[index] },
    };
    const known = Object.entries(numbers).filter(([, number]) => Number.isFinite(number));
    const subject = { name, filter, ...(place === undefined ? {} : { place }) };
    return {
      ...{ subject, measure, judged: this.#forecast.isJudged(index), unusual: this.#forecast.isUnusual(index) },
      ...{ parameters, chosen: isChosen, fixed: this.#fixed.of(subject, measure) },
      ...Object.fromEntries(known),
    };
  }
}
