export const MINUTE = 60_000;
/** Minutes. */
export const DAY = 1440;
/** A Monday, in milliseconds. */
export const BEGIN = Date.UTC(2026, 0, 5);

/** Traffic with a day, less of it on weekends, and noise of a few percent. */
export function traffic(i: number): number {
  const weekend = Math.floor(i / DAY) % 7 >= 5 ? 0.2 : 1;
  return 1e6 * (1 + weekend * (1 - Math.cos((2 * Math.PI * i) / DAY))) * (1 + 0.05 * noise(i));
}

/** -1 to 1, the same for the same minute. */
export function noise(i: number): number {
  return 2 * (((Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32 + 0.618 * i) % 1) - 1;
}
