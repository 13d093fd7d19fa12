/** How much may be drawn, so that what moves stays smooth: learned from how long frames take. */
export interface Budget {
  /** Links whose dashes move. */
  vivid: number;
  /** Pixels of the picture to one of the page, at most. */
  ratio: number;
}

const MOST = 1000;
const LEAST = 150;
/** Milliseconds of a frame: above it less is drawn, below more. */
const SLOW = 40;
const FAST = 22;
/** Frames that are looked at before anything changes. */
const FRAMES = 20;
/** A frame that took longer was none: the page was hidden, or the machine asleep. */
const PAUSE = 1000;

export class Pace {
  budget: Budget = { vivid: MOST, ratio: 2 };
  #sum = 0;
  #count = 0;
  #last: number | undefined;
  /** Looks since less was drawn: what was too much is not tried again at once. */
  #calm = 0;

  /** A frame at a time in milliseconds; returns whether the budget has changed. */
  frame(at: number): boolean {
    const took = this.#last === undefined ? PAUSE : at - this.#last;
    this.#last = at;
    if (took >= PAUSE) return false;
    this.#sum += took;
    if (++this.#count < FRAMES) return false;
    const mean = this.#sum / this.#count;
    this.#sum = 0;
    this.#count = 0;
    return this.#judge(mean);
  }

  #judge(mean: number): boolean {
    const { vivid, ratio } = this.budget;
    this.#calm++;
    if (mean > SLOW && (vivid > LEAST || ratio > 1)) {
      this.budget = { vivid: Math.max(LEAST, Math.round(vivid * 0.7)), ratio: 1 };
      this.#calm = 0;
      return true;
    }
    if (mean < FAST && vivid < MOST && this.#calm > 5) {
      this.budget = { vivid: Math.min(MOST, Math.round(vivid * 1.2)), ratio };
      return true;
    }
    return false;
  }
}
