/** Milliseconds that a writer waits for readers before new ones are kept waiting for it. */
const PATIENCE = 10_000;

/** Many readers at once, or one writer. */
export class Gate {
  #readers = 0;
  #writing: Promise<void> | undefined;
  readonly #patience: number;
  #free: (() => void) | undefined;

  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  async read<T>(action: () => Promise<T>): Promise<T> {
    while (this.#writing !== undefined) await this.#writing;
    this.#readers++;
    try {
      return await action();
    } finally {
      this.#readers--;
      if (this.#readers === 0) this.#free?.();
    }
  }

  /** One writer at a time: the caller sees to it. */
  async write(action: () => Promise<void>): Promise<void> {
    if (this.#readers > 0) await this.#unread(this.#patience);
    let done = () => {};
    this.#writing = new Promise(resolve => {
      done = resolve;
    });
    try {
      if (this.#readers > 0) await this.#unread(undefined);
      await action();
    } finally {
      this.#writing = undefined;
      done();
    }
  }

  /** Waits until nobody reads, but not longer than so many milliseconds. */
  async #unread(patience: number | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#free = resolve;
      if (patience !== undefined) timer = setTimeout(resolve, patience);
    });
    clearTimeout(timer);
    this.#free = undefined;
  }
}
