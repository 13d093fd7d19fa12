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
/** Pixels between a dot and its name. */
const GAP = 6;
/** Rank of gateways. */
const IMPORTANT = 1e6;

/**
 * Which names are written, so that none lies on another, nor on a dot: what is chosen or found first, then gateways, then nodes with
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
  const seen: { node: number; x: number; y: number }[] = [];
  for (const [i, { node, topology }] of mesh.nodes.entries()) {
    if ((look.strength.get(topology) ?? 1) < 0.5) continue;
    const [x, y] = project(camera, placement.x[i]!, placement.y[i]!);
    if (x < -40 || y < -10 || x > camera.width + 40 || y > camera.height + 10) continue;
    seen.push({ node: i, x, y });
    const rank = first.has(i) ? 1e9 : node.gateway ? IMPORTANT : (node.clients ?? 0) + (node.online ? 1 : 0);
    if (room >= ROOM || rank >= IMPORTANT) wanted.push({ node: i, rank, x, y });
  }
  wanted.sort((a, b) => b.rank - a.rank);
  const radius = (i: number): number => radiusOf(mesh.nodes[i]!.node.clients, mesh.nodes[i]!.node.gateway) * nodeSize;
  const taken = new Taken(
    camera.width,
    seen.map(({ node, x, y }) => ({ x, y, radius: radius(node) })),
  );
  const labels: Label[] = [];
  for (const { node, rank, x, y } of wanted.slice(0, MOST * 4)) {
    if (labels.length >= MOST) break;
    const { name } = mesh.nodes[node]!.node;
    const text = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
    const place = taken.take(x, y, radius(node) + GAP, measure(text), rank >= IMPORTANT);
    if (place !== undefined) labels.push({ node, text, ...place });
  }
  return labels;
}

interface Dot {
  x: number;
  y: number;
  radius: number;
}

/** Pixels that a row of dots is high: no dot reaches farther than the next row. */
const ROW = 32;
const rowOf = (y: number): number => Math.floor(y / ROW);

/** Names lie nowhere on each other, and not on dots. */
class Taken {
  readonly #names: (readonly [number, number, number, number])[] = [];
  /** By rows: a name is compared with those of its own and of the next ones. */
  readonly #dots = new Map<number, Dot[]>();

  constructor(
    private readonly wide: number,
    dots: readonly Dot[],
  ) {
    for (const dot of dots) {
      const row = this.#dots.get(rowOf(dot.y));
      if (row) row.push(dot);
      else this.#dots.set(rowOf(dot.y), [dot]);
    }
  }

  /**
   * Finds room for a name beside its dot: right of it, left, below or above, whole in the view if possible. Returns its left edge and
   * its middle.
   * @param covers whether it may lie on other dots where there is no other room
   */
  take(x: number, y: number, away: number, width: number, covers: boolean): { x: number; y: number } | undefined {
    const [centred, apart] = [x - width / 2, away + LINE / 2 - GAP / 2];
    const places = [
      { x: x + away, y },
      { x: x - away - width, y },
      { x: centred, y: y + apart },
      { x: centred, y: y - apart },
    ];
    const free = places.filter(place => this.#isFree(place, width));
    const good = free.filter(place => this.#showsDots(place, width));
    const found =
      good.find(each => each.x >= 0 && each.x + width <= this.wide) ?? good[0] ?? (covers ? free[0] : undefined);
    if (found) this.#names.push([found.x, found.y - LINE / 2, found.x + width, found.y + LINE / 2]);
    return found;
  }

  #isFree({ x, y }: { x: number; y: number }, width: number): boolean {
    const [top, bottom] = [y - LINE / 2, y + LINE / 2];
    return this.#names.every(([l, t, r, b]) => x > r || top > b || x + width < l || bottom < t);
  }

  #showsDots({ x, y }: { x: number; y: number }, width: number): boolean {
    const isClear = (dot: Dot): boolean =>
      dot.x + dot.radius < x || dot.x - dot.radius > x + width || Math.abs(dot.y - y) > dot.radius + LINE / 2;
    return [-1, 0, 1].every(next => this.#dots.get(rowOf(y) + next)?.every(isClear) ?? true);
  }
}
