import type { Columns } from './columns.js';
import { type SeasonClock, slotsOf } from './season-clock.js';

/**
 * Jobs that come back. What is unusual once is clipped before it is learned from; what was so a period ago, too, is not unusual. So the errors of
 * the last period are kept by slot, and of the part that two of them have in common most is learned at once: a job by night is an event in its
 * first and perhaps second night, and then expected.
 */
export class Recurrence {
  readonly #columns: Columns;
  readonly #seasons: readonly SeasonClock[];
  readonly #rows: number;

  /** Slots that it takes: of each season that has anything of its own, those of this period and of the last one. */
  static rows(seasons: readonly SeasonClock[]): number {
    return 2 * slotsOf(seasons.filter(({ late }) => late > 0));
  }

  /** @param rows slots that are others' */
  constructor(columns: Columns, seasons: readonly SeasonClock[], rows: number) {
    this.#columns = columns;
    this.#seasons = seasons;
    this.#rows = rows;
  }

  /** @param clipped what has been learned of the error already */
  learn(series: number, error: number, clipped: number): void {
    const isWeekly = this.#columns.fields.weekly[series] === 1;
    let row = 0;
    let kept = this.#rows;
    for (const season of this.#seasons) {
      const { first, second, weight, slots, late, firstParity, secondParity } = season;
      if (late > 0 && season.isOf(isWeekly)) {
        this.#learnCommon(
          series,
          row + first,
          kept + (1 - firstParity) * slots + first,
          error,
          clipped,
          season.again * (1 - weight),
        );
        this.#keep(series, kept + firstParity * slots + first, error, (1 - weight) / (season.firstSteps + 1 - weight));
        if (weight > 0) {
          this.#learnCommon(
            series,
            row + second,
            kept + (1 - secondParity) * slots + second,
            error,
            clipped,
            season.again * weight,
          );
          this.#keep(series, kept + secondParity * slots + second, error, weight / (season.secondSteps + weight));
        }
      }
      if (late > 0) kept += 2 * slots;
      row += slots;
    }
  }

  #learnCommon(series: number, row: number, before: number, error: number, clipped: number, gain: number): void {
    const { capacity, slots } = this.#columns;
    const last = slots[before * capacity + series] as number;
    const common = (error > 0 ? Math.min(error, last) : Math.max(error, last)) - clipped;
    if (common * error > 0) slots[row * capacity + series] += gain * common;
  }

  /** The mean of the errors of a slot in this period: its first value takes the place of those of two periods ago. */
  #keep(series: number, row: number, error: number, gain: number): void {
    const { capacity, slots } = this.#columns;
    slots[row * capacity + series] += gain * (error - (slots[row * capacity + series] as number));
  }
}
