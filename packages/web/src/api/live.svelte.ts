import { RateWindow } from '../health/rate.js';
import { getMe } from './change.js';
import { ApiError, apiUrl, getStatus } from './client.js';
import { goLogIn, keepEnded } from './ended.js';
import type { EventChange, Me, MeshEvent, Status, StoredEvent } from './types.js';

/** live: events come. token: the collector refuses without one. lost: it went away, and we keep trying. */
export type Connection = 'connecting' | 'live' | 'lost' | 'token';

/** Status comes once a second; a silence of this many milliseconds means that the connection is dead. */
const SILENCE = 6_000;
const LONGEST_RETRY = 8_000;
/** Milliseconds: flows whose records come while a page loads began that long ago at most, as far as matters. */
const RECENT = 600_000;

/** Gets word of each batch, and undefined after each connect: anything may have changed. */
type Listener = (event: Pick<StoredEvent, 'from'> | undefined) => void;
/** The same of topologies and what is on their links. */
type MeshListener = (event: MeshEvent | undefined) => void;
/** The same of what is unusual. */
type EventListener = (change: EventChange | undefined) => void;

/** The live stream of the collector: its newest Status, and word of each batch stored. Connects again by itself. */
export class Live {
  status = $state.raw<Status>();
  connection = $state<Connection>('connecting');
  /** Who the reader is: asked with each connect, as the stream ends with his login, and where he may do less than before. */
  me = $state.raw<Me>();
  /** The reader was logged in, and is no more; he may go on looking. */
  ended = $state(false);
  /** Flow Records arriving per second, one value a status, oldest first. */
  arriving = $state.raw<number[]>([]);

  /** Whether a page may be looked at without being logged in: then nobody is sent away. */
  readonly #isOpen: () => boolean;
  readonly #listeners = new Set<Listener>();
  readonly #meshListeners = new Set<MeshListener>();
  readonly #eventListeners = new Set<EventListener>();
  readonly #rate = new RateWindow(10_000);
  #source: EventSource | undefined;
  #clockOffset = 0;
  #lastEvent = 0;
  #attempts = 0;
  #isFirst = true;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setInterval> | undefined;

  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen;
  }

  /** Calls `listener` for each batch that is stored, until the function that it returns is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  listenMesh(listener: MeshListener): () => void {
    this.#meshListeners.add(listener);
    return () => this.#meshListeners.delete(listener);
  }

  listenEvents(listener: EventListener): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** The collector's clock, in milliseconds since the epoch: the reader's may be wrong. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  start(): void {
    this.#connect();
    this.#watchTimer = setInterval(() => {
      if (this.connection === 'live' && performance.now() - this.#lastEvent > SILENCE) this.#fail();
    }, 1000);
  }

  stop(): void {
    this.#source?.close();
    clearTimeout(this.#retryTimer);
    clearInterval(this.#watchTimer);
  }

  #connect(): void {
    this.#source?.close();
    clearTimeout(this.#retryTimer);
    const source = new EventSource(apiUrl('live'));
    this.#source = source;
    source.onopen = () => {
      this.#attempts = 0;
      this.#lastEvent = performance.now();
      getMe().then(
        me => this.#know(me),
        () => {},
      );
      // What a page has asked for just now is not asked for again, but for what came since.
      this.#tell(this.#isFirst ? { from: this.now() - RECENT } : undefined);
      this.#isFirst = false;
      this.#tellOthers();
    };
    source.onerror = () => this.#fail();
    source.addEventListener('status', event => this.#take(JSON.parse(event.data) as Status));
    source.addEventListener('stored', event => this.#tell(JSON.parse(event.data) as StoredEvent));
    source.addEventListener('mesh', event => {
      for (const listener of this.#meshListeners) listener(JSON.parse(event.data) as MeshEvent);
    });
    source.addEventListener('event', event => {
      for (const listener of this.#eventListeners) listener(JSON.parse(event.data) as EventChange);
    });
  }

  #tell(event: Pick<StoredEvent, 'from'> | undefined): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Meshes and what is unusual may have changed. */
  #tellOthers(): void {
    for (const listener of [...this.#meshListeners, ...this.#eventListeners]) listener(undefined);
  }

  #know(me: Me): void {
    this.ended = me.csrf === undefined && (this.ended || this.me?.csrf !== undefined);
    this.me = me;
  }

  #take(status: Status): void {
    this.#lastEvent = performance.now();
    this.#clockOffset = status.now - Date.now();
    const records = status.exporters.reduce((sum, exporter) => sum + exporter.records, 0);
    this.arriving = [...this.arriving.slice(-59), this.#rate.add(status.now, records)];
    this.status = status;
    this.connection = 'live';
  }

  /** The browser's own reconnection gives up after an HTTP error, and never says which: so ours. */
  #fail(): void {
    this.#isFirst = false;
    this.#source?.close();
    clearTimeout(this.#retryTimer);
    if (this.connection !== 'token') this.connection = 'lost';
    const first = this.#attempts === 0;
    const wait = Math.min(1000 * 2 ** this.#attempts++, LONGEST_RETRY);
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
    getStatus().then(
      // It is there: it has ended the stream because the reader is not who he was.
      () => first && this.#connect(),
      (error: unknown) => {
        const refused = error instanceof ApiError && error.status === 401;
        if (this.connection !== 'live') this.connection = refused ? 'token' : 'lost';
        if (this.connection === 'token') this.#leave();
      },
    );
  }

  /** A session that has ended, or a collector with another token. */
  #leave(): void {
    if (this.me?.csrf !== undefined) keepEnded();
    this.me = undefined;
    // Nobody from outside gets it: asking again would be for nothing.
    clearTimeout(this.#retryTimer);
    // An open page asks again for what it shows, and is refused where that is not for everybody.
    if (this.#isOpen()) {
      this.#tell(undefined);
      this.#tellOthers();
    } else goLogIn();
  }
}
