import { ApiError, getFlows, refusesFilter } from '../api/client.js';
import { coalesce } from '../api/coalesce.js';
import { estimated } from '../api/estimate.js';
import { estimates } from '../api/estimates.svelte.js';
import { inTurn } from '../api/turns.js';
import type { FlowRow, FlowsResponse } from '../api/types.js';
import { spanOf, type View } from '../state/view.js';

/** Milliseconds between two questions: fewer are asked where each has long to look for its answer. */
const GAP = 2000;
const LONG_GAP = 20_000;
const LONG_SPAN = 3 * 3_600_000;
const LIMIT = 100;

export interface FilterError {
  message: string;
  /** Where in the filter, from 1. */
  column?: number;
}

export function filterErrorOf({ message, column }: ApiError): FilterError {
  return { message, ...(column !== undefined && { column }) };
}

/** The rows of the view's tab, range and filter. */
export class Flows {
  /** Undefined until the first answer. */
  rows = $state.raw<FlowRow[]>();
  /** What is wrong with the filter. There are no rows then. */
  filterError = $state.raw<FilterError>();
  /** Why the collector could not answer; the rows are those of before. */
  trouble = $state<string>();
  /** Held still by the reader. */
  paused = $state(false);

  readonly #view: () => View;
  readonly #now: () => number;
  #loader: ReturnType<typeof coalesce> | undefined;
  #stopped = new AbortController();
  /** Nothing has been answered yet to what is asked now. */
  #isNew = true;
  #estimate: number | undefined;

  constructor(view: () => View, now: () => number) {
    this.#view = view;
    this.#now = now;
  }

  /** Asks anew, at once, also while paused. */
  reset(): void {
    this.stop();
    this.#isNew = true;
    this.filterError = undefined;
    const { from, to } = spanOf(this.#view(), this.#now());
    const { signal } = this.#stopped;
    const loader = coalesce(() => this.#load(signal), to - from < LONG_SPAN ? GAP : LONG_GAP);
    this.#loader = loader;
    loader.trigger();
  }

  /** Records of flows from this time on were stored. */
  stored(from: number): void {
    if (!this.paused && from < spanOf(this.#view(), this.#now()).to) this.#loader?.trigger();
  }

  toggle(): void {
    this.paused = !this.paused;
    if (!this.paused) this.reset();
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
    this.#estimate = estimates.change(this.#estimate, error);
  }

  async #load(signal: AbortSignal): Promise<void> {
    const view = this.#view();
    const { filter } = view;
    const { from, to, live } = spanOf(view, this.#now());
    const span = { from: Math.floor(from), filter, ...(!live && { to }) };
    const run = (each: AbortSignal) => getFlows(view.order, LIMIT, span, each);
    const take = ({ flows }: FlowsResponse, error: number | undefined): void => {
      // The table needs each id once, whatever the answer says.
      this.rows = [...new Map(flows.map(flow => [flow.id, flow])).values()];
      this.filterError = undefined;
      this.trouble = undefined;
      this.#isNew = false;
      this.#estimated(error);
    };
    try {
      if (this.#isNew) {
        const { answer, error } = await inTurn(signal, () => estimated(signal, run));
        if (signal.aborted) return;
        take(answer, error);
        if (error === undefined) return;
      }
      const answer = await inTurn(signal, () => run(signal), 'late');
      if (signal.aborted) return;
      take(answer, undefined);
    } catch (error) {
      if (signal.aborted) return;
      if (!refusesFilter(error, filter)) {
        // Without a connection the header says so.
        if (error instanceof ApiError) this.trouble = error.message;
        throw error;
      }
      this.#loader?.stop();
      this.rows = undefined;
      this.trouble = undefined;
      this.filterError = filterErrorOf(error);
    }
  }
}
