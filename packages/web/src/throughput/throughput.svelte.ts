import { getSeries, refusesFilter } from '../api/client.js';
import { coalesce } from '../api/coalesce.js';
import { estimated } from '../api/estimate.js';
import { estimates } from '../api/estimates.svelte.js';
import { inTurn } from '../api/turns.js';
import type { SeriesResponse } from '../api/types.js';
import { spanOf, type View } from '../state/view.js';
import { askFrom, bucketsOf, mergeSeries } from './series.js';

/** Milliseconds between two questions for the series, and where buckets are so long that no eye would see more. */
const GAP = 1000;
const LONG_GAP = 5000;
const LONG_STEP = 60_000;

/** What the series are of. */
export interface Asked extends Pick<View, 'from' | 'to' | 'filter'> {
  /** A prefix that "in" is towards, where that is not the local networks. */
  towards?: string;
}

/** The series of the view's range and filter, asked again only from where something new was stored. */
export class Throughput {
  /** Undefined until the first answer. */
  series = $state.raw<SeriesResponse>();
  /** The series are not yet those that were asked for last. */
  busy = $state(false);
  /** The relative standard error of the series, where they are an estimate. */
  estimate = $state<number>();

  readonly #view: () => Asked;
  readonly #now: () => number;
  #loader: ReturnType<typeof coalesce> | undefined;
  #stopped = new AbortController();
  #dirtyFrom = 0;

  constructor(view: () => Asked, now: () => number) {
    this.#view = view;
    this.#now = now;
  }

  /** Forgets what it has and asks anew, at once. */
  reset(): void {
    this.stop();
    this.#dirtyFrom = 0;
    this.busy = true;
    const { step } = bucketsOf(spanOf(this.#view(), this.#now()));
    const { signal } = this.#stopped;
    const loader = coalesce(() => this.#load(signal), step < LONG_STEP ? GAP : LONG_GAP);
    this.#loader = loader;
    loader.trigger();
  }

  /** Records of flows from this time on were stored. */
  stored(from: number): void {
    if (from >= spanOf(this.#view(), this.#now()).to) return;
    this.#dirtyFrom = Math.min(this.#dirtyFrom, from);
    this.#loader?.trigger();
  }

  /** Asks no more. */
  stop(): void {
    this.#loader?.stop();
    this.#loader = undefined;
    this.#stopped.abort();
    this.#stopped = new AbortController();
    this.#estimated(undefined);
  }

  #estimated(error: number | undefined): void {
    this.estimate = estimates.change(this.estimate, error);
  }

  async #load(signal: AbortSignal): Promise<void> {
    const view = this.#view();
    const { filter, towards } = view;
    const window = bucketsOf(spanOf(view, this.#now()));
    // Buckets younger than the series that is kept are asked for in any case.
    const known = this.series?.times.at(-1) ?? 0;
    const asked = askFrom(Math.min(this.#dirtyFrom, known), window);
    this.#dirtyFrom = Number.POSITIVE_INFINITY;
    const span = { from: asked, to: window.to, filter, ...(towards !== undefined && { towards }) };
    const run = (each: AbortSignal) => getSeries(window.step / 1000, span, each);
    const take = (fresh: SeriesResponse, error: number | undefined): void => {
      this.series = mergeSeries(asked > window.from ? this.series : undefined, fresh, asked, window);
      this.busy = false;
      this.#estimated(error);
    };
    try {
      if (this.busy) {
        const { answer, error } = await inTurn(signal, () => estimated(signal, run), 'now');
        if (signal.aborted) return;
        take(answer, error);
        if (error === undefined) return;
      }
      const fresh = await inTurn(signal, () => run(signal), 'late');
      if (signal.aborted) return;
      take(fresh, undefined);
    } catch (error) {
      if (signal.aborted) return;
      // What was not learned must be asked for again.
      this.#dirtyFrom = 0;
      // That the filter is wrong is said by the flows.
      if (!refusesFilter(error, filter)) throw error;
      this.#loader?.stop();
      this.busy = false;
    }
  }
}
