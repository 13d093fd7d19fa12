import { ApiError, getFlows, refusesFilter } from '../api/client.js';
import { coalesce } from '../api/coalesce.js';
import type { FlowRow } from '../api/types.js';
import type { View } from '../state/view.js';

const GAP = 2000;
const LIMIT = 100;

export interface FilterError {
  message: string;
  /** Where in the filter, from 1. */
  column?: number;
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
    const loader = coalesce(() => this.#load(() => this.#loader === loader), GAP);
    this.#loader = loader;
    loader.trigger();
  }

  stored(): void {
    if (!this.paused) this.#loader?.trigger();
  }

  toggle(): void {
    this.paused = !this.paused;
    if (!this.paused) this.reset();
  }

  async #load(current: () => boolean): Promise<void> {
    const { tab, range, filter } = this.#view();
    try {
      const answer = await getFlows(tab, LIMIT, { from: Math.floor(this.#now() - range * 60_000), filter });
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
      this.filterError = { message: error.message, ...(error.column !== undefined && { column: error.column }) };
    }
  }
}
