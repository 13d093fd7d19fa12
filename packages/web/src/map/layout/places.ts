import type { Point } from '../mercator.js';
import type { MapMesh } from '../mesh.js';
import { type Placement, placeBy } from '../placement.js';

/** Units of the layout as a part of the world: so that a graph is looked at with the zooms of a town. */
const UNIT = 2e-7;

/** Places of the nodes of a graph by their keys, in the world about its middle. */
export type GraphPlaces = ReadonlyMap<string, Point>;

export function graphPlaces(mesh: MapMesh, places: Float32Array): GraphPlaces {
  const at = (i: number): Point => ({ x: 0.5 + places[i * 2]! * UNIT, y: 0.5 + places[i * 2 + 1]! * UNIT });
  return new Map(mesh.nodes.map(({ key }, i) => [key, at(i)]));
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
