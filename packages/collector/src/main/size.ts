import type { Store } from '../store/client.js';

const REFRESH_MILLISECONDS = 3000;
/** Merges and retention make it smaller, though nothing comes in. */
const LONGEST_MILLISECONDS = 60_000;

/** How much is in the store, as of a few seconds ago: asking costs a query. */
export class StoreSize {
  current = { rows: 0, octetsOnDisk: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(store: Pick<Store, 'size' | 'taken'>) {
    let taken: number | undefined;
    let asked = 0;
    const refresh = async () => {
      if (taken === store.taken && performance.now() - asked < LONGEST_MILLISECONDS) return;
      taken = store.taken;
      asked = performance.now();
      try {
        this.current = await store.size();
      } catch {
        // The store is restarting; the size is asked for again.
        taken = undefined;
      }
    };
    void refresh();
    this.#timer = setInterval(refresh, REFRESH_MILLISECONDS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
