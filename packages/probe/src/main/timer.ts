/** Work that is due once per period; times in milliseconds of the monotonic clock. */
export class Timer {
  #due: number;

  /** @param first when it is due for the first time */
  constructor(
    private readonly period: number,
    private readonly first: number,
  ) {
    this.#due = first;
  }

  get due(): number {
    return this.#due;
  }

  /** True once per period. Due times stay on the grid from the first one, however late the question comes. */
  isDue(now: number): boolean {
    if (now < this.#due) return false;
    this.#due = this.first + (Math.floor((now - this.first) / this.period) + 1) * this.period;
    return true;
  }
}
