/** Some rows in their order, and the cursor behind them where there are more. */
export interface Rows<T> {
  rows: T[];
  next?: string | undefined;
}

export type FetchRows<T> = (after: string | undefined, signal: AbortSignal) => Promise<Rows<T>>;

interface Known {
  /** Index of its first row. */
  first: number;
  /** Rows that it had when it came first; the places of all rows behind it depend on that. */
  length: number;
  after: string | undefined;
}

/** Pages that stay on either side of those that are looked at. */
const KEPT = 10;
/** Rows ahead of what is looked at that are asked for, so that scrolling does not wait. */
const AHEAD = 400;

/**
 * A long list that comes in pages, each behind a cursor that the page before it gave. Only pages near what is looked at are
 * kept; of the others their cursors, by which they are asked for again. One question at a time.
 */
export class Pages<T> {
  /** Why the newest question had no answer; asked again by `look`. */
  error: unknown;

  readonly #fetch: FetchRows<T>;
  readonly #changed: () => void;
  readonly #stopped = new AbortController();
  readonly #known: Known[] = [];
  readonly #kept = new Map<number, T[]>();
  /** The cursor behind all that is known; null where there is nothing more. */
  #next: string | undefined | null = undefined;
  #busy = false;
  #looked = { first: 0, last: 0 };

  /** `changed` hears of each answer. */
  constructor(fetch: FetchRows<T>, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** Rows that are known to be there. */
  get count(): number {
    const last = this.#known.at(-1);
    return last === undefined ? 0 : last.first + last.length;
  }

  /** Nothing comes behind these. */
  get whole(): boolean {
    return this.#next === null;
  }

  /** Pages that are kept now. */
  get keptPages(): number {
    return this.#kept.size;
  }

  /** Undefined while it is not here. */
  row(index: number): T | undefined {
    const page = this.#pageOf(index);
    return page === undefined ? undefined : this.#kept.get(page)?.[index - this.#known[page]!.first];
  }

  /** Rows from `first` to before `last` are looked at: what is missing of them, and a little ahead, is asked for. */
  look(first: number, last: number): void {
    this.#looked = { first, last };
    this.#work();
  }

  /** Asks no more. */
  stop(): void {
    this.#stopped.abort();
  }

  #work(): void {
    const page = this.#wanted();
    if (this.#busy || page === undefined || this.#stopped.signal.aborted) return;
    this.#busy = true;
    const after = page < this.#known.length ? this.#known[page]!.after : (this.#next ?? undefined);
    this.#fetch(after, this.#stopped.signal).then(
      answer => this.#take(page, after, answer),
      (error: unknown) => this.#fail(error),
    );
  }

  #take(page: number, after: string | undefined, { rows, next }: Rows<T>): void {
    this.#busy = false;
    if (this.#stopped.signal.aborted) return;
    this.error = undefined;
    if (page === this.#known.length) {
      this.#known.push({ first: this.count, length: rows.length, after });
      this.#next = next ?? null;
    }
    this.#kept.set(page, rows);
    this.#forget();
    this.#changed();
    this.#work();
  }

  #fail(error: unknown): void {
    this.#busy = false;
    if (this.#stopped.signal.aborted) return;
    this.error = error;
    this.#changed();
  }

  /** The first page that is missing of what is looked at, else the next one where that is near. */
  #wanted(): number | undefined {
    const { first, last } = this.#looked;
    const from = this.#pageOf(first) ?? this.#known.length;
    for (let page = from; page < this.#known.length && this.#known[page]!.first < last; page++) {
      if (!this.#kept.has(page)) return page;
    }
    return !this.whole && last + AHEAD > this.count ? this.#known.length : undefined;
  }

  #forget(): void {
    const { first, last } = this.#looked;
    const from = (this.#pageOf(first) ?? 0) - KEPT;
    const to = (this.#pageOf(last) ?? this.#known.length) + KEPT;
    for (const page of this.#kept.keys()) if (page < from || page > to) this.#kept.delete(page);
  }

  /** The page that has a row, by halving. */
  #pageOf(index: number): number | undefined {
    if (index < 0 || index >= this.count) return undefined;
    let low = 0;
    let high = this.#known.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#known[middle]!.first <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
