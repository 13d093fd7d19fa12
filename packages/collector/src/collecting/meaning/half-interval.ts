/** When a half went on, milliseconds since the epoch. */
export interface HalfInterval {
  /** What its counters begin to count at. */
  readonly begin: number;
  readonly end: number;
  /** It ended by the active timeout: a later record tells how it went on. */
  readonly goesOn: boolean;
}

/** Between what both sides send at about the same time: round trips, and how far exporters' timers for the two halves are apart. */
const SLACK = 2000;
/** What lasts longer is no request that is answered once it is over. */
const EXCHANGE = 10_000;

/**
 * How far two intervals are from being the same, milliseconds; undefined where they are not of the same part of a Flow. They have to
 * overlap, and to begin together or cover each other by half; a half of which more is to come is not joined with one that reaches
 * beyond it. So the reports of a half that is told of more often do not get the other half's counters of all the time. Where a request's
 * last packet came before the first of its answer they do not overlap: then both have to be short, and near.
 */
export function distance(a: HalfInterval, b: HalfInterval): number | undefined {
  const [first, second] = a.begin <= b.begin ? [a, b] : [b, a];
  const apart = second.begin - first.begin;
  const fits = second.begin > first.end ? isAnswered(first, second) : isShared(first, second, apart);
  if (!fits || reachesBeyond(a, b) || reachesBeyond(b, a)) return undefined;
  return apart + Math.abs(a.end - b.end);
}

function isAnswered(first: HalfInterval, second: HalfInterval): boolean {
  if (first.goesOn || second.begin - first.end > SLACK) return false;
  return lengthOf(first) <= EXCHANGE && lengthOf(second) <= EXCHANGE;
}

function isShared(first: HalfInterval, second: HalfInterval, apart: number): boolean {
  const overlap = Math.min(first.end, second.end) - second.begin;
  return apart <= SLACK || 2 * overlap >= Math.max(lengthOf(first), lengthOf(second));
}

function reachesBeyond(half: HalfInterval, other: HalfInterval): boolean {
  return other.goesOn && half.end > other.end + SLACK;
}

function lengthOf({ begin, end }: HalfInterval): number {
  return end - begin;
}
