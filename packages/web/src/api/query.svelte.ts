import { untrack } from 'svelte';
import { coalesce } from './coalesce.js';
import { estimated } from './estimate.js';
import { estimates } from './estimates.svelte.js';
import { inTurn } from './turns.js';

export interface Question<T> {
  /** Another key is another question, which is asked at once. */
  key: string;
  run(signal: AbortSignal): Promise<T>;
}

/**
 * The answer to a question that depends on what the reader chose. The answer before stays while the next is waited for. Where the answer to a new question takes
 * long, an estimate is there until then.
 * Made while a component is; asks no more when that goes, and a question that is no longer of interest is broken off.
 */
export class Query<T> {
  /** Undefined until the first answer. */
  data = $state.raw<T>();
  /** Why there is no newer answer. */
  error = $state.raw<unknown>();
  /** The data are of another question than the one that is asked now. */
  busy = $state(false);
  /** The relative standard error of the data, where they are an estimate. */
  estimate = $state<number>();

  readonly #ask: () => Question<T> | undefined;
  readonly #gap: number;
  #loader: ReturnType<typeof coalesce> | undefined;
  /** Nothing has been answered yet to the question that is asked now. */
  #isNew = true;

  /** `ask` is asked again when what it reads changes; undefined asks nothing. `gap`: milliseconds between refreshes. */
  constructor(ask: () => Question<T> | undefined, gap: number) {
    this.#ask = ask;
    this.#gap = gap;
    const key = $derived(ask()?.key);
    $effect(() => {
      const asked = key !== undefined;
      return untrack(() => this.#begin(asked));
    });
  }

  /** Asks the same again, when `gap` has passed since it was asked. */
  refresh(): void {
    this.#loader?.trigger();
  }

  #begin(asked: boolean): (() => void) | undefined {
    this.error = undefined;
    if (!asked) {
      this.data = undefined;
      this.busy = false;
      return undefined;
    }
    const stopped = new AbortController();
    const loader = coalesce(() => this.#load(stopped.signal), this.#gap);
    this.#loader = loader;
    this.busy = true;
    this.#isNew = true;
    loader.trigger();
    return () => {
      stopped.abort();
      loader.stop();
      this.#estimated(undefined);
    };
  }

  async #load(signal: AbortSignal): Promise<void> {
    const run = async (each: AbortSignal) => this.#ask()?.run(each);
    const take = (data: T | undefined, error: number | undefined): void => {
      this.data = data;
      this.error = undefined;
      this.busy = false;
      this.#estimated(error);
    };
    try {
      if (this.#isNew) {
        const { answer, error } = await inTurn(signal, () => estimated(signal, run));
        if (signal.aborted) return;
        this.#isNew = false;
        take(answer, error);
        if (error === undefined) return;
      }
      // Others may still wait for their first answer.
      const data = await inTurn(signal, () => run(signal), 'late');
      if (signal.aborted) return;
      take(data, undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    }
    this.busy = false;
  }

  #estimated(error: number | undefined): void {
    this.estimate = estimates.change(this.estimate, error);
  }
}
