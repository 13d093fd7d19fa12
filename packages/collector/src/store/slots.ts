interface Waiting {
  readonly go: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A number of things that may go on at once; more wait their turn, for a while. */
export class Slots {
  #free: number;
  readonly #patience: number;
  readonly #waiting: Waiting[] = [];

  /** @param patience milliseconds that one waits. */
  constructor(slots: number, patience: number) {
    this.#free = slots;
    this.#patience = patience;
  }

  /** @throws Error when no slot came free in time. */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Error('the store is busy with other queries; ask again in a moment'));
      }, this.#patience);
      const waiting = { go: resolve, timer };
      this.#waiting.push(waiting);
    });
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free++;
      return;
    }
    clearTimeout(next.timer);
    next.go();
  }
}
