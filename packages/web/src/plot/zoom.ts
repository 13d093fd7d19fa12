import { LONGEST_SPAN, SHORTEST_SPAN, type Span, type View } from '../state/view.js';

type Times = Pick<View, 'from' | 'to'>;

/** The times of a View that shows from one time to another, in whichever order; at least the shortest there is. */
export function timesOf(one: number, other: number): Times {
  const missing = Math.max(0, SHORTEST_SPAN - Math.abs(one - other)) / 2;
  return {
    from: String(Math.floor(Math.min(one, other) - missing)),
    to: String(Math.ceil(Math.max(one, other) + missing)),
  };
}

/**
 * `span` made `factor` times as long, about `at`, which stays where it is. What follows now goes on doing so, and
 * nothing reaches beyond now.
 */
export function scaled({ from, to, live }: Span, factor: number, at: number, now: number): Times {
  const length = Math.min(Math.max((to - from) * factor, SHORTEST_SPAN), LONGEST_SPAN);
  if (live) return { from: `-${Math.round(length / 1000)}s`, to: '' };
  const place = (at - from) / (to - from);
  const end = Math.min(now, at + length * (1 - place));
  return timesOf(end - length, end);
}

/** `span` moved by a share of its length, but not beyond now. */
export function moved({ from, to }: Span, share: number, now: number): Times {
  const end = Math.min(now, to + (to - from) * share);
  return timesOf(end - (to - from), end);
}
