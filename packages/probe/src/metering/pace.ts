/** A sweep takes this share of its interval, so that it is over before the next begins. */
const SHARE_OF_INTERVAL = 0.8;

/** Spreads the work of a sweep, and with it the interim reports, evenly over time. */
export class Pace {
  #begun = 0;
  #expected = 0;

  /** @param now monotonic clock @param expected connections that there are to be met */
  begin(now: number, expected: number): void {
    this.#begun = now;
    this.#expected = expected;
  }

  /** Is more due by now, when so many connections have been met? @param interval of sweeps, as `now` in milliseconds */
  isDue(now: number, met: number, interval: number): boolean {
    const share = (now - this.#begun) / (interval * SHARE_OF_INTERVAL);
    // Behind the time, nothing is left to spread.
    return share >= 1 || met < this.#expected * share;
  }
}
