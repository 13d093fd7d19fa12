import type { Point } from '../mercator.js';
import type { MapMesh } from '../mesh.js';
import { type Placement, placeBy } from '../placement.js';

/** Units of the layout as a part of the world: so that a graph is looked at with the zooms of a town. */
const UNIT = 2e-7;

/** Places of the nodes of a graph by their keys, in the world about its middle. */
export type GraphPlaces = ReadonlyMap<string, Point>;

/** @param upright whether the view is higher than wide: the graph is turned so that it fills it */
export function graphPlaces(mesh: MapMesh, places: Float32Array, upright = false): GraphPlaces {
  const angle = (upright ? Math.PI / 2 : 0) - longAxis(places);
  const [cos, sin] = [Math.cos(angle) * UNIT, Math.sin(angle) * UNIT];
  const at = (i: number): Point => {
    const [x, y] = [places[i * 2]!, places[i * 2 + 1]!];
    return { x: 0.5 + x * cos - y * sin, y: 0.5 + x * sin + y * cos };
  };
  return new Map(mesh.nodes.map(({ key }, i) => [key, at(i)]));
}

/** The direction that places reach farthest in, in radians: their principal axis. */
function longAxis(places: Float32Array): number {
  const count = places.length / 2;
  const mean = [0, 0];
  places.forEach((value, i) => {
    mean[i % 2]! += value / count;
  });
  let [wide, high, slanted] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [places[i * 2]! - mean[0]!, places[i * 2 + 1]! - mean[1]!];
    wide += x * x;
    high += y * y;
    slanted += x * y;
  }
  return Math.atan2(2 * slanted, wide - high) / 2;
}

/** Places of a graph for a mesh that may have become another since: new nodes go to their neighbours. */
export function graphPlacement(mesh: MapMesh, places: GraphPlaces): Placement {
  return placeBy(mesh, i => places.get(mesh.nodes[i]!.key));
}

/** Whether so many nodes are new that the graph is laid out anew. */
export function isOutgrown(mesh: MapMesh, places: GraphPlaces): boolean {
  const missing = mesh.nodes.filter(({ key }) => !places.has(key)).length;
  return missing > mesh.nodes.length / 10;
}
