/** Sums of a key at a time. */
interface Part<T> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly begin: number;
  readonly sums: T;
}

/** The sums of the last seconds by a key, as they were told: what is larger than a look, and smaller than a window. */
export class Recent<T> {
  readonly #parts = new Map<string, Part<T>[]>();
  readonly #window: number;

  /** @param window milliseconds */
  constructor(window: number) {
    this.#window = window;
  }

  /** @returns all sums of the key within the window, the oldest first */
  keep(key: string, sums: T, begin: number, at: number): readonly Part<T>[] {
    const parts = [...(this.#parts.get(key) ?? []), { at, begin, sums }].filter(part => part.at > at - this.#window);
    this.#parts.set(key, parts);
    return parts;
  }

  /** Forgets keys that nothing has been told of within the window. */
  forget(now: number): void {
    for (const [key, parts] of this.#parts) {
      if (parts.at(-1)!.at <= now - this.#window) this.#parts.delete(key);
    }
  }
}
