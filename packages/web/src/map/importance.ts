/** What a view shows of the world: the box in it. */
export interface Seen {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Ends of links in the world, four numbers a link: x and y of the source, then of the target. */
export type Ends = Float64Array;

/** Links that carry something, the busiest first. */
export function byLoad(forward: Float64Array, reverse: Float64Array): Uint32Array<ArrayBuffer> {
  const busy: number[] = [];
  for (let i = 0; i < forward.length; i++) if (forward[i]! + reverse[i]! > 0) busy.push(i);
  busy.sort((a, b) => forward[b]! + reverse[b]! - forward[a]! - reverse[a]!);
  return Uint32Array.from(busy);
}

/**
 * The busiest links that a view shows, at most `most`, into `into`; returns how many. The others are drawn thin: more
 * than that many moving ones cannot be told apart, nor can small machines move them.
 */
export function busiestSeen(order: Uint32Array, ends: Ends, seen: Seen, most: number, into: Uint32Array): number {
  let count = 0;
  for (const link of order) {
    if (count >= most) break;
    if (isSeen(ends, link, seen)) into[count++] = link;
  }
  return count;
}

/** Whether the box around a link meets the view. */
export function isSeen(ends: Ends, link: number, { left, right, top, bottom }: Seen): boolean {
  const [x1, y1, x2, y2] = [ends[link * 4]!, ends[link * 4 + 1]!, ends[link * 4 + 2]!, ends[link * 4 + 3]!];
  return Math.max(x1, x2) >= left && Math.min(x1, x2) <= right && Math.max(y1, y2) >= top && Math.min(y1, y2) <= bottom;
}

/** How strong thin links are drawn, 0 to 1: few well, thousands as a veil. */
export function strengthOf(links: number): number {
  return Math.min(0.75, Math.max(0.1, 14 / Math.sqrt(Math.max(1, links))));
}
