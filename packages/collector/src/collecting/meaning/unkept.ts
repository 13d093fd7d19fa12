/** What exporters have told, by what it is of, as long as the store has not kept it. */
export class Unkept<T> {
  readonly #values = new Map<string, T>();
  /** Of these, those that the store has been told of. */
  #told: readonly (readonly [string, T])[] = [];

  set(key: string, value: T): void {
    this.#values.set(key, value);
  }

  /** What would be lost if this process ended now. */
  get all(): T[] {
    return [...this.#values.values()];
  }

  /** Whether the store has been told of some and has not answered. */
  get isWaiting(): boolean {
    return this.#told.length > 0;
  }

  /** What the store is to be told now. */
  take(): T[] {
    this.#told = [...this.#values];
    return this.all;
  }

  /** The store has answered: whether it keeps what it was told. If not, it is to be told again. */
  answered(areKept: boolean): void {
    for (const [key, value] of areKept ? this.#told : []) {
      if (this.#values.get(key) === value) this.#values.delete(key);
    }
    this.#told = [];
  }
}
