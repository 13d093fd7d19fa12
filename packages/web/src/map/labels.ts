import type { Geometry } from './buffers.js';
import { type Camera, project } from './camera.js';
import { radiusOf } from './scales.js';

/** A name to write, and where: its left edge and its middle. */
export interface Label {
  node: number;
  text: string;
  x: number;
  y: number;
}

const LINE = 15;
const MOST = 160;
const LONGEST = 28;
/** Pixels of room that a usual name needs, before names are written at all. */
const ROOM = 42;

/**
 * Which names are written, so that none lies on another: what is chosen or found first, then gateways, then nodes with
 * more users. `room` is the usual length of a link in pixels: where it is small only the important have names.
 */
export function labelsOf(
  { mesh, placement, look }: Geometry,
  camera: Camera,
  {
    first,
    room,
    nodeSize,
    measure,
  }: { first: ReadonlySet<number>; room: number; nodeSize: number; measure: (text: string) => number },
): Label[] {
  const wanted: { node: number; rank: number; x: number; y: number }[] = [];
  for (const [i, { node, topology }] of mesh.nodes.entries()) {
    const rank = first.has(i) ? 1e9 : node.gateway ? 1e6 : (node.clients ?? 0) + (node.online ? 1 : 0);
    if ((room < ROOM && rank < 1e6) || (look.strength.get(topology) ?? 1) < 0.5) continue;
    const [x, y] = project(camera, placement.x[i]!, placement.y[i]!);
    if (x > -40 && y > -10 && x < camera.width + 40 && y < camera.height + 10) wanted.push({ node: i, rank, x, y });
  }
  wanted.sort((a, b) => b.rank - a.rank);
  const taken = new Taken();
  const labels: Label[] = [];
  for (const { node, x, y } of wanted.slice(0, MOST * 4)) {
    if (labels.length >= MOST) break;
    const named = mesh.nodes[node]!.node;
    const text = named.name.length > LONGEST ? `${named.name.slice(0, LONGEST - 1)}…` : named.name;
    const left = x + radiusOf(named.clients, named.gateway) * nodeSize + 6;
    if (!taken.take(left, y - LINE / 2, measure(text), LINE)) continue;
    labels.push({ node, text, x: left, y });
  }
  return labels;
}

/** Boxes that lie nowhere on each other. */
class Taken {
  readonly #boxes: (readonly [number, number, number, number])[] = [];

  take(x: number, y: number, width: number, height: number): boolean {
    const free = this.#boxes.every(([l, t, r, b]) => x > r || y > b || x + width < l || y + height < t);
    if (free) this.#boxes.push([x, y, x + width, y + height]);
    return free;
  }
}
