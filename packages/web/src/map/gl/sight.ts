/** Where one looks, from the middle of the mesh: the middle of the view in the world, pixels that the world is wide. */
export interface Sight {
  x: number;
  y: number;
  scale: number;
  /** Of the view, in pixels of the page. */
  width: number;
  height: number;
  nodeSize: number;
  lineSize: number;
}

export const noSight = (): Sight => ({ x: 0, y: 0, scale: 1, width: 0, height: 0, nodeSize: 1, lineSize: 1 });

/** A picture that is enlarged more than this looks coarse. */
const COARSE = 2;

/** Whether a picture of what was seen from `taken` is enough for all that is seen from `sight`. */
export function covers(taken: Sight, sight: Sight): boolean {
  const zoom = sight.scale / taken.scale;
  const reaches = (apart: number, has: number, needs: number): boolean =>
    Math.abs(apart) * sight.scale <= (has * zoom - needs) / 2 + 1e-6;
  return (
    zoom <= COARSE &&
    reaches(taken.x - sight.x, taken.width, sight.width) &&
    reaches(taken.y - sight.y, taken.height, sight.height)
  );
}
