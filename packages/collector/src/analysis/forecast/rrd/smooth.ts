/**
 * RRDtool's smoothing of a seasonal array: the mean of `2 * half + 1` neighbours, around the end of the season, where `half` is half of `window` of it.
 * An array that is not whole yet (NaN) stays as it is, and so does one where the window is too narrow.
 * @param season in slots; replaced by what is smooth
 * @param window share of the season, 0 to 1
 * @param copy room of the same length
 * @returns the mean of the smooth array; NaN where nothing was changed
 */
export function smooth(season: Float64Array, window: number, copy: Float64Array): number {
  const slots = season.length;
  const half = Math.floor((window / 2) * slots);
  if (half === 0 || season.some(Number.isNaN)) return Number.NaN;
  copy.set(season);
  let sum = 0;
  for (let i = -half; i < half; i++) sum += copy[(i + slots) % slots] as number;
  let total = 0;
  // A running sum, in RRDtool's order, so that both round alike.
  for (let centre = 0; centre < slots; centre++) {
    sum += copy[(centre + half) % slots] as number;
    season[centre] = sum / (2 * half + 1);
    total += season[centre] as number;
    sum -= copy[(centre - half + slots) % slots] as number;
  }
  return total / slots;
}
