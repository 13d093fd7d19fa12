import { type Hop, hopOf, hows } from '../paths/paths.js';
import type { View } from './view.js';

/** Walks that are kept. */
const WALKS = 100_000;

/** What is known of a node on the way. Nodes and links are numbers; -1 where it is not known. */
export interface Anchor {
  /** The node that packets went to from here, and the link. */
  readonly next: number;
  readonly link: number;
  /** Whether an exporter there tells of them. */
  readonly tells: boolean;
}

/** A way over links. */
export interface Walk {
  /** The nodes that it goes over. */
  readonly nodes: ReadonlySet<number>;
  /** Its links by the node whose exporter's records count for them; -1 where nobody's on the way do. */
  readonly told: ReadonlyMap<number, readonly Hop[]>;
}

export interface Asked {
  readonly from: number;
  readonly to: number;
  readonly anchors: ReadonlyMap<number, Anchor>;
  /** Nodes where an exporter would have seen it, and has not. */
  readonly avoided: ReadonlySet<number>;
  /** Whether an exporter will tell of what goes through the node, though it has not yet. */
  readonly awaited: (node: number) => boolean;
}

/**
 * The way of packets over links, through all nodes whose exporters have seen them, and filled in between by what the topology tells. Of each link
 * the records of one exporter count, so that it counts once: of the last one in front of it, else of the first behind it.
 * @returns undefined where no path leads
 */
export function walk(view: View, asked: Asked): Walk | undefined {
  const hops = hopsOf(view, asked);
  if (hops === undefined) return undefined;
  const { from, anchors, awaited } = asked;
  const tells = (node: number) => anchors.get(node)?.tells === true || awaited(node);
  const nodes = new Set([from, ...hops.map(({ to }) => to)]);
  const told = new Map<number, Hop[]>();
  let teller = [...nodes].find(tells) ?? -1;
  for (const hop of hops) {
    if (tells(hop.from)) teller = hop.from;
    const before = told.get(teller);
    if (before === undefined) told.set(teller, [hop]);
    else before.push(hop);
  }
  return { nodes, told };
}

/**
 * The same, as the same way is asked for again and again.
 * @param awaits a number that changes with what `awaited` says
 */
export function rememberedWalk(view: View, asked: Asked, awaits: number): Walk | undefined {
  const { from, to, anchors, avoided } = asked;
  const known = [...anchors].map(([node, { next, link, tells }]) => `${node},${next},${link},${tells}`).sort();
  const key = `${from} ${to} ${known.join(' ')} ${[...avoided].sort()} ${awaits}`;
  if (view.walks.has(key)) return view.walks.get(key);
  const found = walk(view, asked);
  if (view.walks.size >= WALKS) view.walks.clear();
  view.walks.set(key, found);
  return found;
}

function hopsOf(view: View, { from, to, anchors, avoided }: Asked): readonly Hop[] | undefined {
  const left = new Set([...anchors].filter(([, { tells }]) => tells).map(([node]) => node));
  const visited = new Set<number>();
  const hops: Hop[] = [];
  for (let at = from; ; ) {
    visited.add(at);
    left.delete(at);
    if (at === to) return hops;
    const anchor = anchors.get(at);
    const isKnown = anchor !== undefined && anchor.next >= 0 && !visited.has(anchor.next);
    const next = isKnown ? anchor.next : before(nearest(view, at, to, left, anchors), anchors, visited);
    const direct = isKnown ? measured(view, at, next, anchor.link) : undefined;
    const others = new Set([...avoided, ...visited, ...left, to]);
    const filled = direct === undefined ? filledIn(view, at, next, anchors, others) : [direct];
    if (filled === undefined) return undefined;
    hops.push(...filled);
    at = next;
  }
}

/** The node that packets came from to an exporter which has seen them, where that is known, else the exporter's. */
function before(node: number, anchors: ReadonlyMap<number, Anchor>, visited: ReadonlySet<number>): number {
  for (const [other, { next, tells }] of anchors) if (next === node && !tells && !visited.has(other)) return other;
  return node;
}

/** What is between two nodes that are on the way. Where exporters at both ends of a link have seen it, nothing is left to be guessed. */
function filledIn(
  view: View,
  at: number,
  next: number,
  anchors: ReadonlyMap<number, Anchor>,
  avoided: ReadonlySet<number>,
): readonly Hop[] | undefined {
  const path = view.paths.path(at, next, avoided);
  const [only] = path ?? [];
  const seen = path?.length === 1 && anchors.get(at)?.tells === true && anchors.get(next)?.tells === true;
  return seen ? [{ ...only!, how: hows[0] }] : path;
}

/** The link to the next hop, which the exporter's record names. */
export function measured(view: View, at: number, next: number, link: number): Hop | undefined {
  const edges = view.paths.graph.between(at, next);
  const edge = edges.find(each => each.link === link) ?? edges[0];
  return edge === undefined ? undefined : hopOf(edge, hows[0]);
}

/** The next node that has seen it: the nearest of those that no other one leads to. Those that lead to its end come last, and this itself. */
function nearest(
  view: View,
  at: number,
  to: number,
  left: ReadonlySet<number>,
  anchors: ReadonlyMap<number, Anchor>,
): number {
  const open = [...left].filter(node => node !== to && view.paths.cost(at, node) !== Number.POSITIVE_INFINITY);
  const led = new Set(open.map(node => anchors.get(node)!.next));
  const first = open.filter(node => !led.has(node));
  const early = first.filter(node => !leadsTo(to, node, anchors));
  const candidates = [early, first, open].find(({ length }) => length > 0) ?? [];
  return candidates.reduce(
    (best, node) => (best === to || view.paths.cost(at, node) < view.paths.cost(at, best) ? node : best),
    to,
  );
}

/** Whether next hops lead from a node to the end. */
function leadsTo(to: number, node: number, anchors: ReadonlyMap<number, Anchor>): boolean {
  let at = node;
  for (let steps = 0; at >= 0 && steps <= anchors.size; steps++) {
    if (at === to) return true;
    at = anchors.get(at)?.next ?? -1;
  }
  return false;
}
