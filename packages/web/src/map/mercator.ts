/** Web Mercator with the world from 0 to 1: x to the east, y to the south. */
export interface Point {
  x: number;
  y: number;
}

/** Latitudes beyond are not on the map. */
const OUTERMOST = 85.0511;

export function toWorld(longitude: number, latitude: number): Point {
  const inside = Math.min(Math.max(latitude, -OUTERMOST), OUTERMOST);
  const radians = (inside * Math.PI) / 180;
  return { x: longitude / 360 + 0.5, y: (1 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / Math.PI) / 2 };
}

export function toDegrees({ x, y }: Point): { longitude: number; latitude: number } {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return { longitude: (x - 0.5) * 360, latitude };
}

/** Pixels of the world at a zoom, as MapLibre counts zoom. */
export function worldSize(zoom: number): number {
  return 512 * 2 ** zoom;
}
