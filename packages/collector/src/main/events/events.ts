import type { EventChange, EventKind, EventSubject, TrafficEvent } from '../../analysis/events/event.js';
import type { Finding } from '../../analysis/events/finding.js';
import { Journal } from '../../analysis/events/journal.js';
import type { WatchedMeasure } from '../../analysis/events/measures.js';
import type { CollectorSettings } from '../../config/config.js';
import type {
  EventCounters,
  EventsContext,
  Fixed,
  PreviewAsked,
  SeriesPreview,
  WatchedSeries,
} from '../../http/events.js';
import { asking } from '../../store/asking.js';
import type { Store } from '../../store/client.js';
import { causesOfEvent } from './causes.js';
import { HostWatch } from './host-watch.js';
import type { WatchedMeshes } from './mesh-things.js';
import { SeriesWatch, type WatchSettings } from './series-watch.js';
import { type Looked, TrafficWatch } from './traffic-watch.js';

export interface EventsOptions {
  readonly store: Store;
  readonly settings: WatchSettings & Pick<CollectorSettings, 'detect' | 'detectIgnore' | 'thresholds'>;
  readonly meshes: WatchedMeshes;
  readonly log: (line: string) => void;
}

/**
 * Milliseconds between two looks at what has come, if nothing is stored. With an active timeout of 5 s a probe tells of a connection that hangs 2.5 to
 * 7.5 s after it has begun, and storing takes up to a second: so an attack is known within ten seconds.
 */
const PAUSE = 1000;
const HOSTS_PAUSE = 60_000;
/** A day of what is stored is learnt at each look, when there is some to learn; else there is something each minute. */
const SERIES_PAUSE = 5000;
/** Looks that are left out at most while the engine is busy: what is unusual may be why. */
const PATIENCE = 5;
/** What one watcher takes of the time at most: with very many records there are fewer looks. */
const SHARE = 0.1;
/** Milliseconds after which it is kept again that an event goes on, for a restart. */
const KEEP = 60_000;
/** Milliseconds between two lines that say that something cannot be done. */
const TELLING = 600_000;

/** Who looks for something unusual. */
interface Watcher {
  look(): Promise<Looked>;
}

/** The events of this collector: looks for what is unusual, keeps the journal of it, and tells who listens. */
export class Events implements EventsContext {
  readonly counters: EventCounters = { looks: 0, missedLooks: 0, lookMilliseconds: 0, begun: 0, ended: 0, leftOut: 0 };
  readonly #options: EventsOptions;
  readonly #journal: Journal;
  readonly #traffic: TrafficWatch;
  readonly #hosts: HostWatch;
  readonly #series: SeriesWatch;
  readonly #listeners = new Set<(change: EventChange) => void>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** What has not come into the table yet. */
  #unkept: EventChange[] = [];
  #working: Promise<void> = Promise.resolve();
  readonly #ending = new AbortController();
  /** Who looks now, and how often each was left out since. */
  readonly #looking = new Map<Watcher, Promise<void>>();
  readonly #leftOut = new Map<Watcher, number>();
  /** When each may look again, by the monotonic clock. */
  readonly #rested = new Map<Watcher, number>();
  #since: number | undefined;
  #kept = Date.now();
  #told = 0;

  private constructor(options: EventsOptions, journal: Journal) {
    this.#options = options;
    this.#journal = journal;
    this.#traffic = new TrafficWatch(options.store, options.settings);
    this.#hosts = new HostWatch(options.store, options.settings);
    this.#series = new SeriesWatch(options.store, options.settings, options.meshes);
  }

  static async open(options: EventsOptions): Promise<Events> {
    return new Events(options, new Journal(await options.store.events.open()));
  }

  start(): void {
    this.#since = Date.now();
    if (this.#options.settings.detect) {
      this.#every(PAUSE, this.#traffic);
      this.#every(HOSTS_PAUSE, this.#hosts);
    }
    this.#every(SERIES_PAUSE, this.#series);
  }

  /** A batch has reached the store: what came with it is looked at now. */
  stored(): void {
    if (this.#since !== undefined && this.#options.settings.detect) this.#look(this.#traffic);
  }

  get since(): number | undefined {
    return this.#since;
  }

  get watched(): WatchedSeries[] {
    return this.#series.series;
  }

  preview(asked: PreviewAsked): Promise<SeriesPreview> {
    return this.#series.preview(asked);
  }

  fix(subject: EventSubject, measure: WatchedMeasure, fixed: Fixed): void {
    this.#series.fix(subject, measure, fixed);
  }

  get open(): number {
    return this.#journal.open.length;
  }

  list(asked: { from: number; to: number; kind?: EventKind; limit: number }): Promise<TrafficEvent[]> {
    return this.#options.store.events.list(asked);
  }

  onChange(listener: (change: EventChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes what somebody has found: see Journal. */
  take(findings: readonly Finding[], now: number): Promise<void> {
    this.#working = this.#working.then(() => this.#take(findings, now)).catch((error: Error) => this.#failed(error));
    return this.#working;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#ending.abort();
    await Promise.all(this.#looking.values());
    await this.#working;
    await this.#keep(true).catch(() => {});
    this.#hosts.close();
    this.#series.close();
  }

  #every(pause: number, watcher: Watcher): void {
    const timer = setInterval(() => this.#look(watcher), pause);
    timer.unref();
    this.#timers.push(timer);
  }

  #look(watcher: Watcher): void {
    const begin = performance.now();
    if (this.#ending.signal.aborted || this.#looking.has(watcher) || begin < (this.#rested.get(watcher) ?? 0)) return;
    const leftOut = (this.#leftOut.get(watcher) ?? 0) + 1;
    if (this.#options.store.isBusy && leftOut <= PATIENCE) {
      this.#leftOut.set(watcher, leftOut);
      this.counters.missedLooks++;
      return;
    }
    this.#leftOut.delete(watcher);
    const looked = asking
      .run(this.#ending.signal, () => watcher.look())
      .then(({ findings, at }) => this.take(findings, at))
      .catch((error: Error) => this.#failed(error))
      .finally(() => {
        this.#looking.delete(watcher);
        this.counters.looks++;
        const took = performance.now() - begin;
        this.counters.lookMilliseconds += took;
        this.#rested.set(watcher, begin + took / SHARE);
      });
    this.#looking.set(watcher, looked);
  }

  async #take(findings: readonly Finding[], now: number): Promise<void> {
    const changes = [...this.#journal.observe(findings, now), ...this.#journal.expire(Date.now(), this.#since)];
    Object.assign(this.counters, this.#journal.counters);
    for (const change of changes) {
      const told = await this.#explained(change, now);
      this.#unkept.push(told);
      for (const listener of this.#listeners) listener(told);
    }
    await this.#keep(false);
  }

  /** A cause that cannot be found out now is none; the event is told all the same. */
  async #explained(change: EventChange, now: number): Promise<EventChange> {
    if (change.what === 'ended') return change;
    const { store, meshes } = this.#options;
    const causes = await causesOfEvent(store, meshes, change.event, now).catch(() => []);
    if (causes.length === 0) return change;
    const explained = this.#journal.explain(change.event.id, causes);
    return explained === undefined ? change : { ...change, event: explained.event };
  }

  async #keep(all: boolean): Promise<void> {
    const open = new Map(this.#journal.open.map(each => [each.event.id, each]));
    const isDue = all || Date.now() - this.#kept >= KEEP;
    const events = new Map(this.#unkept.map(({ event }) => [event.id, event]));
    if (isDue) for (const [id, { event }] of open) events.set(id, event);
    if (events.size === 0) return;
    const kept = [...events.values()].map(event => {
      const { event: newest, ...state } = open.get(event.id) ?? { event };
      return { event: newest, open: 'key' in state ? state : undefined };
    });
    await this.#options.store.events.keep(kept);
    this.#unkept = [];
    if (isDue) this.#kept = Date.now();
  }

  #failed(error: Error): void {
    if (this.#ending.signal.aborted) return;
    this.counters.missedLooks++;
    if (Date.now() - this.#told < TELLING) return;
    this.#told = Date.now();
    this.#options.log(`it cannot be seen what is unusual now, trying on: ${error.message}`);
  }
}
