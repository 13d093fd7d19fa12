/** A colour as the graphics card takes it: red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Quality from nothing to all, from warm to cold: told apart whatever the eyes. Unknown is grey. */
export const QUALITY_STOPS: Readonly<Record<'light' | 'dark', readonly Colour[]>> = {
  light: [
    [140, 10, 52],
    [198, 62, 24],
    [204, 152, 12],
    [24, 138, 150],
    [16, 72, 168],
  ],
  dark: [
    [255, 77, 94],
    [255, 146, 62],
    [250, 213, 92],
    [92, 208, 214],
    [64, 152, 255],
  ],
};
export const UNKNOWN_QUALITY: Readonly<Record<'light' | 'dark', Colour>> = {
  light: [110, 124, 140],
  dark: [150, 166, 184],
};

/** The colour of a quality from 0 to 1. */
export function qualityColour(quality: number | undefined, look: 'light' | 'dark'): Colour {
  if (quality === undefined || Number.isNaN(quality)) return UNKNOWN_QUALITY[look];
  const stops = QUALITY_STOPS[look];
  const place = Math.min(Math.max(quality, 0), 1) * (stops.length - 1);
  const from = stops[Math.min(Math.floor(place), stops.length - 2)]!;
  const to = stops[Math.min(Math.floor(place), stops.length - 2) + 1]!;
  const share = place - Math.min(Math.floor(place), stops.length - 2);
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * share);
  return [mix(0), mix(1), mix(2)];
}

export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Bit/s that the narrowest and the widest stroke mean, and their pixels: one more decade is as much wider. */
export const WIDTHS = { least: 10_000, most: 1e9, narrow: 1.5, wide: 11 } as const;

/** Pixels that a direction of a link is wide. Nothing is 0. */
export function widthOf(bitsPerSecond: number): number {
  if (!(bitsPerSecond > 0)) return 0;
  const { least, most, narrow, wide } = WIDTHS;
  const share = Math.log10(bitsPerSecond / least) / Math.log10(most / least);
  return narrow + Math.min(Math.max(share, 0), 1) * (wide - narrow);
}

/**
 * Pixels a second that the dashes of a direction move: the more, the faster, but the eye can follow. Whole ones, so that after as many
 * seconds as a dash has pixels all dashes are where they began, and time can begin anew.
 */
export function speedOf(bitsPerSecond: number): number {
  return bitsPerSecond > 0 ? Math.round(14 + widthOf(bitsPerSecond) * 6) : 0;
}

/** Pixels of a node's radius: more users, more of it. */
export function radiusOf(clients: number | undefined, gateway: boolean): number {
  const base = gateway ? 5.5 : 3.6;
  return Math.min(base + Math.sqrt(Math.max(0, clients ?? 0)) * 0.75, 14);
}

/** "#rrggbb" as numbers. */
export function rgbOf(hex: string): Colour {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}
