import type { Seen } from './importance.js';
import { toDegrees, toWorld, worldSize } from './mercator.js';
import type { Box } from './placement.js';

/** Where one looks: the middle of the view in the world, pixels that the world is wide, and the size of the view in pixels of the page. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
  width: number;
  height: number;
}

/** The same as the address has it. */
export interface Look {
  zoom: number;
  longitude: number;
  latitude: number;
}

/** Pixels that are kept free around what a view is fitted to. */
const MARGIN = 76;
/** MapLibre's own bound, and one where single houses fill the view. */
const ZOOMS = { least: 0, most: 20 } as const;

export function seenBy({ x, y, scale, width, height }: Camera): Seen {
  const [right, down] = [width / 2 / scale, height / 2 / scale];
  return { left: x - right, right: x + right, top: y - down, bottom: y + down };
}

/** Where a place in the world is in the view. */
export function project({ x, y, scale, width, height }: Camera, worldX: number, worldY: number): [number, number] {
  return [(worldX - x) * scale + width / 2, (worldY - y) * scale + height / 2];
}

/** The view that shows a box whole, in the middle. */
export function fitting(box: Box, width: number, height: number): Look {
  const room = Math.max(60, Math.min(width, height) - 2 * MARGIN);
  const [wide, high] = [Math.max(60, width - 2 * MARGIN), Math.max(60, height - 2 * MARGIN)];
  const scale = Math.min(
    wide / Math.max(box.right - box.left, 1e-9),
    high / Math.max(box.bottom - box.top, 1e-9),
    room * 1e7,
  );
  const zoom = Math.min(Math.max(Math.log2(scale / 512), ZOOMS.least), 17);
  return { zoom, ...toDegrees({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }) };
}

export function cameraOf({ zoom, longitude, latitude }: Look, width: number, height: number): Camera {
  return { ...toWorld(longitude, latitude), scale: worldSize(zoom), width, height };
}

/** "12.34/52.51700/13.38900", as maps have it in their addresses. */
export function printLook({ zoom, latitude, longitude }: Look): string {
  return `${zoom.toFixed(2)}/${latitude.toFixed(5)}/${longitude.toFixed(5)}`;
}

export function parseLook(text: string): Look | undefined {
  const parts = /^(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,7})?)\/(-?\d{1,3}(?:\.\d{1,7})?)$/.exec(text);
  if (parts === null) return undefined;
  const [zoom, latitude, longitude] = parts.slice(1).map(Number) as [number, number, number];
  if (zoom > 22 || Math.abs(latitude) > 85.06 || Math.abs(longitude) > 180) return undefined;
  return { zoom, latitude, longitude };
}
