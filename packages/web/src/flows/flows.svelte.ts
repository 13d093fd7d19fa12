import { ApiError, getFlows, refusesFilter } from '../api/client.js';
import { coalesce } from '../api/coalesce.js';
import type { FlowRow } from '../api/types.js';
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

  constructor(view: () => View, now: () => number) {
    this.#view = view;
    this.#now = now;
  }

  /** Asks anew, at once, also while paused. */
  reset(): void {
    this.#loader?.stop();
    this.filterError = undefined;
    const { from, to } = spanOf(this.#view(), this.#now());
    const loader = coalesce(() => this.#load(() => this.#loader === loader), to - from < LONG_SPAN ? GAP : LONG_GAP);
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
  }

  async #load(current: () => boolean): Promise<void> {
    const view = this.#view();
    const { filter } = view;
    const { from, to, live } = spanOf(view, this.#now());
    try {
      const answer = await getFlows(view.order, LIMIT, { from: Math.floor(from), filter, ...(!live && { to }) });
      if (!current()) return;
      // The table needs each id once, whatever the answer says.
      this.rows = [...new Map(answer.flows.map(flow => [flow.id, flow])).values()];
      this.filterError = undefined;
      this.trouble = undefined;
    } catch (error) {
      if (!current()) return;
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
