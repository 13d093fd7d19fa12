import type { Store } from '../store/client.js';

const REFRESH_MILLISECONDS = 3000;

/** How much is in the store, as of a few seconds ago: asking costs a query. */
export class StoreSize {
  current = { rows: 0, octetsOnDisk: 0 };
  readonly #timer: NodeJS.Timeout;
  #changed = true;

  constructor(store: Store) {
    const refresh = async () => {
      if (!this.#changed) return;
      this.#changed = false;
      try {
        this.current = await store.size();
      } catch {
        // The store is restarting; the size is asked for again.
        this.#changed = true;
      }
    };
    void refresh();
    this.#timer = setInterval(refresh, REFRESH_MILLISECONDS);
    this.#timer.unref();
  }

  /** Something was stored. */
  changed(): void {
    this.#changed = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
