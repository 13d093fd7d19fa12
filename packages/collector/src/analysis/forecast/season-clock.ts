import { DAY, type Season, WEEK } from './parameters.js';

/** 1970-01-01 was a Thursday. */
const MONDAY = 3 * DAY;
/** What is left of an error that comes back after all steps of a slot have learned of it. */
const LEFT = 0.25;

/**
 * Where a time is in a season: between the middles of two slots. Where a slot is one step, it is in that slot.
 * All series of one `Forecast` are at the same place, so it is worked out once a step.
 */
export class SeasonClock {
  readonly slots: number;
  readonly period: number;
  /** As in `Season`. */
  readonly prior: number;
  readonly late: number;
  /** Gain of a step where an error comes back. */
  readonly again: number;
  /** The two slots, and the weight of the second one, 0 to 1. */
  first = 0;
  second = 0;
  weight = 0;
  /** 0 or 1: whether each of them is of an even or an odd period. */
  firstParity = 0;
  secondParity = 0;
  /** Steps that each of them has seen in this period before this step, by their weight. */
  firstSteps = 0;
  secondSteps = 0;
  /** Steps of a slot. */
  readonly #steps: number;
  /** Gain of a step in the long run. */
  readonly #gain: number;

  constructor({ period, slots, halfLife, prior, late }: Season, step: number) {
    this.period = period;
    this.slots = Math.max(1, Math.min(slots, Math.round(period / step)));
    this.prior = prior;
    this.late = late;
    this.#steps = period / step / this.slots;
    this.#gain = 1 - 2 ** (-period / halfLife / this.#steps);
    this.again = 1 - LEFT ** (1 / this.#steps);
  }

  /** Whether a series has this season. @param isWeekly whether its weeks have anything of their own */
  isOf(isWeekly: boolean): boolean {
    return isWeekly || this.period < WEEK;
  }

  /** @param local seconds of local time */
  moveTo(local: number): void {
    const number = Math.floor((local + MONDAY) / this.period);
    const position = ((local + MONDAY - number * this.period) / this.period) * this.slots;
    if (this.#steps <= 1) {
      this.first = Math.min(Math.floor(position), this.slots - 1);
      this.second = this.first;
      this.firstParity = Math.abs(number % 2);
      return;
    }
    // A step's value is of all the step: of its middle.
    const fromMiddle = position - 0.5 + 0.5 / this.#steps;
    const below = Math.floor(fromMiddle);
    const weight = fromMiddle - below;
    this.weight = weight;
    this.first = (below + this.slots) % this.slots;
    this.second = (below + 1) % this.slots;
    this.firstParity = Math.abs((below < 0 ? number - 1 : number) % 2);
    this.secondParity = Math.abs((below + 1 < this.slots ? number : number + 1) % 2);
    this.firstSteps = this.#steps * (0.5 + weight - weight * weight * 0.5);
    this.secondSteps = this.#steps * weight * weight * 0.5;
  }

  /** Gain for the first slot, of which the series has seen so many whole periods: at first that of a mean. */
  firstGain(periods: number): number {
    return Math.max(this.#gain, 1 / (this.#steps * (periods + this.prior) + this.firstSteps + 1));
  }

  secondGain(periods: number): number {
    return Math.max(this.#gain, 1 / (this.#steps * (periods + this.prior) + this.secondSteps + 1));
  }
}

export function slotsOf(clocks: readonly SeasonClock[]): number {
  return clocks.reduce((sum, { slots }) => sum + slots, 0);
}
