/** The next of 1, 1.5, 2, 3, 5, 7.5, 10 times a power of ten: an axis that does not move with every second. */
export function ceilNice(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 1.5, 2, 3, 5, 7.5]) {
    if (value <= factor * power * 1.000001) return factor * power;
  }
  return 10 * power;
}

/** Axis from out (below zero) to in (above), each side at least a fifth of the other, never empty. Bit/s. */
export function axisRange(mostOut: number, mostIn: number): [number, number] {
  const least = Math.max(mostIn, mostOut, 1000) / 5;
  return [-ceilNice(Math.max(mostOut * 1.05, least)), ceilNice(Math.max(mostIn * 1.05, least))];
}
