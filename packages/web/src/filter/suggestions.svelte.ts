import { getCompletion } from '../api/client.js';
import type { Completion } from '../api/types.js';
import { nextOf, type Suggestion } from './completion.js';

/** Milliseconds without a key before the collector is asked. */
const PAUSE = 120;

/** What can stand at the cursor of a filter, as the collector says. Where it cannot say, nothing is suggested. */
export class Suggestions {
  list = $state.raw<readonly Suggestion[]>([]);
  /** The suggestion that Enter takes; -1 for none. */
  active = $state(-1);
  /** The part of the filter that a suggestion replaces. */
  place: Pick<Completion, 'from' | 'to'> = { from: 0, to: 0 };

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = new AbortController();

  /** Asks anew, once no more is typed. */
  ask(filter: string, cursor: number): void {
    this.#stop();
    const { signal } = this.#asked;
    this.#timer = setTimeout(async () => {
      const answer = await getCompletion(filter, cursor, signal).catch(() => undefined);
      if (signal.aborted) return;
      this.active = -1;
      this.list = answer?.suggestions ?? [];
      if (answer) this.place = answer;
    }, PAUSE);
  }

  move(step: 1 | -1): void {
    this.active = nextOf(this.active, step, this.list.length);
  }

  close(): void {
    this.#stop();
    this.list = [];
    this.active = -1;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
  }
}
