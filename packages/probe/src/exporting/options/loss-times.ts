/** A count of what is missing, and when it grew for the first and the last time. */
export class LossTimes {
  count = 0;
  /** Milliseconds since the Unix epoch, 0 while nothing is missing. */
  first = 0;
  last = 0;

  /** Whether there are times to tell. */
  get isKnown(): boolean {
    return this.first > 0;
  }

  /**
   * Takes over a count that only grows.
   *
   * @param now wall clock, milliseconds
   */
  update(count: number, now: number): void {
    if (count <= this.count) return;
    this.count = count;
    if (this.first === 0) this.first = now;
    this.last = now;
  }
}
