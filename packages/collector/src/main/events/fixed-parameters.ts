import { join } from 'node:path';
import { type EventSubject, keyOf } from '../../analysis/events/event.js';
import type { WatchedMeasure } from '../../analysis/events/measures.js';
import { WeirError } from '../../error.js';
import type { Fixed } from '../../http/events.js';
import { readKept, writeKept } from './kept-file.js';

/** Series of which something is fixed at most. */
const MOST = 1000;

/** What operators have fixed, series by series: in a file of the data directory. */
export class FixedParameters {
  readonly #file: string;
  readonly #fixed: Map<string, Fixed>;

  constructor(directory: string) {
    this.#file = join(directory, 'watch-parameters.json');
    this.#fixed = new Map(Object.entries(readKept<Record<string, Fixed>>(this.#file) ?? {}));
  }

  of(subject: EventSubject, measure: WatchedMeasure): Fixed {
    return this.#fixed.get(seriesKey(subject, measure)) ?? {};
  }

  /** @param fixed nothing in it: all is chosen again. @throws WeirError where it cannot be kept */
  set(subject: EventSubject, measure: WatchedMeasure, fixed: Fixed): void {
    const key = seriesKey(subject, measure);
    const before = this.#fixed.get(key);
    if (Object.keys(fixed).length === 0) this.#fixed.delete(key);
    else if (this.#fixed.size < MOST || before !== undefined) this.#fixed.set(key, fixed);
    else
      throw new WeirError(
        `the parameters of ${MOST} series are fixed already: let those of another one be chosen first`,
      );
    try {
      writeKept(this.#file, JSON.stringify(Object.fromEntries(this.#fixed)));
    } catch (error) {
      if (before === undefined) this.#fixed.delete(key);
      else this.#fixed.set(key, before);
      throw new WeirError(`${this.#file} cannot be written: ${(error as Error).message}`);
    }
  }
}

/** What is given of a series' parameters: what is fixed of it, and that shares add up as they are. */
export function givenOf(measure: WatchedMeasure, fixed: Fixed): Fixed {
  return { ...(measure === 'answered' ? { scale: 'linear' } : {}), ...fixed };
}

/** The same for the same series, whatever it is called. */
function seriesKey(subject: Pick<EventSubject, 'filter' | 'place'>, measure: WatchedMeasure): string {
  return `${measure} ${keyOf(subject)}`;
}
