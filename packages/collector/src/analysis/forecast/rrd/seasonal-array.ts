import type { RrdParameters } from './parameters.js';

/** Ends of a season after which RRDtool smooths at each end; then it smooths at its own row (BURNIN_CYCLES). */
const BURN_IN = 3;

/** RRDtool's SEASONAL or DEVSEASONAL: a value for each step of a season, of which the next one is read ahead. */
export class SeasonalArray {
  readonly values: Float64Array;
  /** For the step to come; it was read before the last smoothing. */
  next = Number.NaN;
  #row: number;
  #ends = 1;

  constructor({ period }: RrdParameters, row: number) {
    this.values = new Float64Array(period).fill(Number.NaN);
    this.#row = row;
  }

  /** Whether the array is due to be smoothed after so many steps. */
  isDue(steps: number, smoothRow: number): boolean {
    const reached = this.#row + steps;
    if (this.#ends > BURN_IN) {
      return smoothRow > this.#row ? reached >= smoothRow : reached >= this.values.length + smoothRow;
    }
    if (reached < this.values.length) return false;
    this.#ends++;
    return true;
  }

  /** The value in force for this step; the one so many rows on is read for the next step. */
  take(rowsOn: number): number {
    const value = this.next;
    this.next = this.values[(this.#row + rowsOn) % this.values.length] as number;
    return value;
  }

  write(value: number): void {
    this.skip(1);
    this.values[this.#row] = value;
  }

  /** Steps of which nothing is written. */
  skip(steps: number): void {
    this.#row = (this.#row + steps) % this.values.length;
  }
}
