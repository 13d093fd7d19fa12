/** Pixels: browsers let no element be much higher (Firefox 17.8 million). */
const HIGHEST = 15_000_000;

/** Rows that are drawn above and below what is seen, so that scrolling shows no gaps. */
const BEYOND = 8;

/** What is scrolled, in pixels: all rows at their heights may be more than a browser can scroll. */
export interface Extent {
  /** Of all rows. */
  all: number;
  /** Of what is seen at once. */
  seen: number;
}

/** The height that the browser scrolls. */
export function scrolledHeight(all: number): number {
  return Math.min(all, HIGHEST);
}

/**
 * Where among all rows one is (in pixels), after the browser scrolled from one place to another. As far as it scrolled where that is a
 * small step, so that rows move with the finger; in proportion where the scroll bar was drawn.
 */
export function placeAfter(extent: Extent, place: number, before: number, after: number): number {
  const most = Math.max(0, extent.all - extent.seen);
  const physical = Math.max(0, scrolledHeight(extent.all) - extent.seen);
  if (after <= 0) return 0;
  if (after >= physical) return most;
  if (most === physical) return after;
  const step = after - before;
  return Math.abs(step) < extent.seen ? Math.min(Math.max(0, place + step), most) : (after / physical) * most;
}

/** Where the browser stands when it is at rest, so that both come to their ends together. */
export function scrolledTo(extent: Extent, place: number): number {
  const most = Math.max(0, extent.all - extent.seen);
  const physical = Math.max(0, scrolledHeight(extent.all) - extent.seen);
  return most === 0 ? 0 : (Math.min(place, most) / most) * physical;
}

/** The rows to draw, `last` not included, where `seen` pixels from `place` on are seen. */
export function rowsAt(place: number, seen: number, rowHeight: number, count: number): { first: number; last: number } {
  const first = Math.max(0, Math.floor(place / rowHeight) - BEYOND);
  return { first, last: Math.min(count, Math.ceil((place + seen) / rowHeight) + BEYOND) };
}

/** The nearest place at which a row is wholly seen. */
export function placeShowing(row: number, place: number, seen: number, rowHeight: number): number {
  const top = row * rowHeight;
  return Math.max(0, Math.min(top, Math.max(place, top + rowHeight - seen)));
}

/** The row that a key leads to from `active` (-1 for none), of `count`; undefined for another key. */
export function rowByKey(key: string, active: number, count: number, perPage: number): number | undefined {
  const to = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: Math.max(0, active) + perPage,
    PageUp: active - perPage,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.min(Math.max(0, to), count - 1);
}
