import { untrack } from 'svelte';
import { coalesce } from './coalesce.js';
import { inTurn } from './turns.js';

export interface Question<T> {
  /** Another key is another question, which is asked at once. */
  key: string;
  run(signal: AbortSignal): Promise<T>;
}

/**
 * The answer to a question that depends on what the reader chose. The answer before stays while the next is waited for.
 * Made while a component is; asks no more when that goes, and a question that is no longer of interest is broken off.
 */
export class Query<T> {
  /** Undefined until the first answer. */
  data = $state.raw<T>();
  /** Why there is no newer answer. */
  error = $state.raw<unknown>();
  /** The data are of another question than the one that is asked now. */
  busy = $state(false);

  readonly #ask: () => Question<T> | undefined;
  readonly #gap: number;
  #loader: ReturnType<typeof coalesce> | undefined;

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
    loader.trigger();
    return () => {
      stopped.abort();
      loader.stop();
    };
  }

  async #load(signal: AbortSignal): Promise<void> {
    try {
      const data = await inTurn(signal, async () => this.#ask()?.run(signal));
      if (signal.aborted) return;
      this.data = data;
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    }
    this.busy = false;
  }
}
