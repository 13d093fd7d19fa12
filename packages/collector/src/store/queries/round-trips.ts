import type { Summary } from '../../http/types.js';
import { classWidth } from '../rollup/answers.js';

/** Upper bounds of round trips that are shown together, milliseconds: each is one of a class. */
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Upper bounds of classes of round trips, microseconds, ascending, and how many there are in each. */
export interface TripClasses {
  readonly upTo: readonly number[];
  readonly flows: readonly number[];
}

/** Percentiles in milliseconds, to 2% of what they are, and how many round trips are within each bound. */
export function roundTripOf({ upTo, flows }: TripClasses): NonNullable<Summary['roundTrip']> {
  const all = flows.reduce((sum, n) => sum + n, 0);
  const percentile = (level: number) => Math.round(quantile({ upTo, flows }, level, all)) / 1000;
  const within = BOUNDS.map(bound => flows.reduce((sum, n, i) => sum + (upTo[i]! <= bound * 1000 ? n : 0), 0));
  const counts = [...within, all];
  const histogram = [...BOUNDS, null].map((bound, i) => ({ upTo: bound, flows: counts[i]! - (counts[i - 1] ?? 0) }));
  return { flows: all, p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), histogram };
}

/** Where so many of all are below, microseconds; those of a class are taken to be spread evenly over it. 0 for none. */
function quantile({ upTo, flows }: TripClasses, level: number, all: number): number {
  let before = 0;
  for (const [i, n] of flows.entries()) {
    if (before + n > level * all || before + n === all) {
      const part = (Math.floor(level * all) - before + 1) / n;
      return upTo[i]! - classWidth(upTo[i]!) * (1 - Math.min(1, part));
    }
    before += n;
  }
  return 0;
}
