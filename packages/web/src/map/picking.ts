import type { Geometry, Loads } from './buffers.js';
import { type Camera, project } from './camera.js';
import { LANE } from './parallel.js';
import { radiusOf, widthOf } from './scales.js';

/** Pixels beside something that still mean it; a finger is wider than a pointer. */
export const SLACK = { mouse: 5, touch: 14 } as const;

/** The node or link at a place of the view, nodes first; its key. */
export function pick(
  geometry: Geometry,
  loads: Loads,
  camera: Camera,
  place: readonly [number, number],
  sizes: { node: number; line: number },
  slack: number,
): string | undefined {
  const { mesh } = geometry;
  const node = nearestNode(geometry, camera, place, sizes.node, slack);
  if (node >= 0) return mesh.nodes[node]!.key;
  const link = nearestLink(geometry, loads, camera, place, sizes.line, slack);
  return link >= 0 ? mesh.links[link]!.key : undefined;
}

function nearestNode(
  { mesh, placement }: Geometry,
  camera: Camera,
  [px, py]: readonly [number, number],
  nodeSize: number,
  slack: number,
): number {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < mesh.nodes.length; i++) {
    const [x, y] = project(camera, placement.x[i]!, placement.y[i]!);
    const { node } = mesh.nodes[i]!;
    const far = Math.hypot(x - px, y - py) - radiusOf(node.clients, node.gateway) * nodeSize;
    if (far < slack && far < least) {
      least = far;
      best = i;
    }
  }
  return best;
}

function nearestLink(
  { mesh, ends, lanes }: Geometry,
  { forward, reverse }: Loads,
  camera: Camera,
  [px, py]: readonly [number, number],
  lineSize: number,
  slack: number,
): number {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < mesh.links.length; i++) {
    const [x1, y1] = project(camera, ends[i * 4]!, ends[i * 4 + 1]!);
    const [x2, y2] = project(camera, ends[i * 4 + 2]!, ends[i * 4 + 3]!);
    const size = Math.hypot(x2 - x1, y2 - y1);
    if (size < 2) continue;
    const [tx, ty] = [(x2 - x1) / size, (y2 - y1) / size];
    const along = (px - x1) * tx + (py - y1) * ty;
    if (along < -slack || along > size + slack) continue;
    // The right of the link is positive, as it is drawn.
    const beside = (py - y1) * tx - (px - x1) * ty - lanes[i]! * LANE * lineSize;
    const width = widthOf(beside > 0 ? forward[i]! : reverse[i]!) * lineSize;
    const far = Math.max(0, Math.abs(beside) - width);
    if (far < slack && far < least) {
      least = far;
      best = i;
    }
  }
  return best;
}
