import { type Point, toWorld } from './mercator.js';
import type { MapMesh } from './mesh.js';

/** Where a node's place is from: it says it; its neighbours'; or nothing tells, and it stands aside. */
export const OWN = 0;
export const GUESSED = 1;
export const ASIDE = 2;

export interface Placement {
  /** Places in the world, node by node. */
  x: Float64Array;
  y: Float64Array;
  /** OWN, GUESSED or ASIDE. */
  how: Uint8Array;
}

/** Rounds of means: each carries places one link further, and settles those before. */
const ROUNDS = 60;
/** Weight of a neighbour over a link of unknown quality, and the least of any. */
const USUAL_QUALITY = 0.5;
const LEAST_QUALITY = 0.05;
/** In the world: about 30 m, what a mesh in one place is taken to measure. */
const SMALLEST = 1e-6;
/** Radians between one node and the next around the same place: no two fall together. */
const TURN = Math.PI * (3 - Math.sqrt(5));

interface Neighbour {
  node: number;
  weight: number;
}

/**
 * Places for all nodes: their own; else the mean of their neighbours, the better the link the more; what hangs together
 * with no placed node stands aside, in rows right of all others.
 */
export function place(mesh: MapMesh): Placement {
  return placeBy(mesh, i => {
    const { position } = mesh.nodes[i]!.node;
    return position && toWorld(position.longitude, position.latitude);
  });
}

/** The same with places that are known otherwise, by the index of a node. */
export function placeBy(mesh: MapMesh, own: (node: number) => Point | undefined): Placement {
  const count = mesh.nodes.length;
  const placement = { x: new Float64Array(count), y: new Float64Array(count), how: new Uint8Array(count).fill(ASIDE) };
  for (let i = 0; i < count; i++) {
    const at = own(i);
    if (at === undefined) continue;
    placement.x[i] = at.x;
    placement.y[i] = at.y;
    placement.how[i] = OWN;
  }
  const neighbours = neighboursOf(mesh);
  guess(placement, neighbours);
  spread(placement, mesh);
  standAside(placement, neighbours);
  return placement;
}

export function neighboursOf({ nodes, links }: MapMesh): Neighbour[][] {
  const neighbours: Neighbour[][] = nodes.map(() => []);
  for (const { source, target, link } of links) {
    const quality = link.quality ?? link.reverseQuality ?? USUAL_QUALITY;
    const weight = Math.max(quality, LEAST_QUALITY);
    neighbours[source]!.push({ node: target, weight });
    neighbours[target]!.push({ node: source, weight });
  }
  return neighbours;
}

/** Means of neighbours, again and again, until nothing moves. */
function guess({ x, y, how }: Placement, neighbours: readonly (readonly Neighbour[])[]): void {
  const open = [...how.keys()].filter(i => how[i] !== OWN && neighbours[i]!.length > 0);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    for (const i of open) {
      const mean = meanOf(neighbours[i]!, { x, y, how });
      if (mean === undefined) continue;
      moved = Math.max(moved, how[i] === ASIDE ? 1 : Math.hypot(mean.x - x[i]!, mean.y - y[i]!));
      x[i] = mean.x;
      y[i] = mean.y;
      how[i] = GUESSED;
    }
    // A long chain is reached one link a round, whatever the number of rounds.
    if (moved === 1) round--;
    if (moved < SMALLEST / 100) break;
  }
}

function meanOf(neighbours: readonly Neighbour[], { x, y, how }: Placement): Point | undefined {
  let sum = 0;
  const mean = { x: 0, y: 0 };
  for (const { node, weight } of neighbours) {
    if (how[node] === ASIDE) continue;
    sum += weight;
    mean.x += x[node]! * weight;
    mean.y += y[node]! * weight;
  }
  return sum === 0 ? undefined : { x: mean.x / sum, y: mean.y / sum };
}

/** Guessed nodes that would lie on each other, or on a placed one, lie around that place. */
function spread({ x, y, how }: Placement, { links }: MapMesh): void {
  const lengths = links
    .filter(({ source, target }) => how[source] === OWN && how[target] === OWN)
    .map(({ source, target }) => Math.hypot(x[source]! - x[target]!, y[source]! - y[target]!))
    .sort((a, b) => a - b);
  const room = Math.max(SMALLEST, (lengths[lengths.length >> 1] ?? 0) * 0.12);
  const cells = new Map<string, number>();
  const cellOf = (i: number): string => `${Math.floor(x[i]! / room)} ${Math.floor(y[i]! / room)}`;
  for (const i of how.keys()) if (how[i] === OWN) cells.set(cellOf(i), 1);
  for (const i of how.keys()) {
    if (how[i] !== GUESSED) continue;
    const cell = cellOf(i);
    const before = cells.get(cell) ?? 0;
    cells.set(cell, before + 1);
    if (before === 0) continue;
    x[i] = x[i]! + room * Math.sqrt(before) * Math.cos(before * TURN);
    y[i] = y[i]! + room * Math.sqrt(before) * Math.sin(before * TURN);
  }
}

/** Rows of nodes right of all placed ones; what hangs together stands together. */
function standAside({ x, y, how }: Placement, neighbours: readonly (readonly Neighbour[])[]): void {
  const order = asideInOrder(how, neighbours);
  if (order.length === 0) return;
  const box = boxOf({ x, y, how });
  const height = Math.max(box.bottom - box.top, SMALLEST * 10);
  const rows = Math.max(4, Math.ceil(Math.sqrt(order.length * 2)));
  const step = height / rows;
  const left = box.right + Math.max(height * 0.12, step * 1.5);
  order.forEach((node, i) => {
    x[node] = left + Math.floor(i / rows) * step;
    y[node] = box.top + (i % rows) * step;
  });
}

/** Those without a place, neighbours one after the other, the largest groups first. */
function asideInOrder(how: Uint8Array, neighbours: readonly (readonly Neighbour[])[]): number[] {
  const seen = new Uint8Array(how.length);
  const groups: number[][] = [];
  for (const start of how.keys()) {
    if (how[start] !== ASIDE || seen[start]) continue;
    const group = [start];
    seen[start] = 1;
    for (const node of group) {
      for (const { node: next } of neighbours[node]!) {
        if (seen[next]) continue;
        seen[next] = 1;
        group.push(next);
      }
    }
    groups.push(group);
  }
  return groups.sort((a, b) => b.length - a.length).flat();
}

/** Whether two meshes have the same nodes and links at the same places, so that a placement of one holds for the other. */
export function samePlaces(a: MapMesh, b: MapMesh): boolean {
  return (
    a.nodes.length === b.nodes.length &&
    a.links.length === b.links.length &&
    a.nodes.every(
      ({ key, node }, i) => key === b.nodes[i]!.key && sameSpot(node.position, b.nodes[i]!.node.position),
    ) &&
    a.links.every(({ key }, i) => key === b.links[i]!.key)
  );
}

type Spot = { latitude: number; longitude: number } | undefined;

function sameSpot(a: Spot, b: Spot): boolean {
  return a === b || (a?.latitude === b?.latitude && a?.longitude === b?.longitude);
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Quarters of the nodes that one may be away from the middle half of all: further is a mistake in a position, or a place of its own. */
const FAR = 3;

/** What nodes lie in that do not stand aside; about the middle of the world where there is none. Single ones far off do not count. */
export function boxOf({ x, y, how }: Placement): Box {
  const placed = [...how.keys()].filter(i => how[i] !== ASIDE);
  if (placed.length === 0) return { left: 0.5, right: 0.5, top: 0.5, bottom: 0.5 };
  const [left, right] = reachOf(placed.map(i => x[i]!));
  const [top, bottom] = reachOf(placed.map(i => y[i]!));
  return { left, right, top, bottom };
}

/** Least and largest of values, without those that are far off. */
function reachOf(values: number[]): [number, number] {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)]!;
  const room = Math.max((at(0.75) - at(0.25)) * FAR, SMALLEST);
  const near = sorted.filter(value => value >= at(0.25) - room && value <= at(0.75) + room);
  return [near[0]!, near.at(-1)!];
}
