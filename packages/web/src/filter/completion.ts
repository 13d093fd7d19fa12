import type { Completion } from '../api/types.js';

export type Suggestion = Completion['suggestions'][number];

/** A filter with a suggestion in its place, and where the cursor stands then: behind a space, for the next word. */
export function inserted(
  filter: string,
  { from, to }: Pick<Completion, 'from' | 'to'>,
  { text }: Pick<Suggestion, 'text'>,
): { filter: string; cursor: number } {
  const rest = filter.slice(to);
  const space = text === '(' || rest.startsWith(' ') ? '' : ' ';
  const cursor = from + text.length + (text === '(' ? 0 : 1);
  return { filter: filter.slice(0, from) + text + space + rest, cursor };
}

/** The next of `count` suggestions, upwards or downwards, round and round; -1 is none. */
export function nextOf(active: number, step: 1 | -1, count: number): number {
  if (count === 0) return -1;
  if (active < 0) return step > 0 ? 0 : count - 1;
  return (active + step + count) % count;
}
