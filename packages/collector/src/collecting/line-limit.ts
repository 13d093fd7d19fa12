const LINES = 10;
const MILLISECONDS = 10_000;

/** Lets a few lines through in a time, so that those who connect cannot fill a disk by it; then says how many it left out. */
export class LineLimit {
  readonly #log: (line: string) => void;
  #since = Number.NEGATIVE_INFINITY;
  #lines = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** @param now milliseconds, monotonic */
  say(line: string, now: number): void {
    if (now - this.#since >= MILLISECONDS) {
      if (this.#lines > LINES) this.#log(`${this.#lines - LINES} more lines about connections were left out`);
      this.#since = now;
      this.#lines = 0;
    }
    if (++this.#lines <= LINES) this.#log(line);
  }
}
