import type { Edge, Graph } from './graph.js';
import { Heap } from './heap.js';

/** What the paths of least cost between one end, or the nearest of several, and each node are. */
export interface Tree {
  /** Infinite where no path leads. */
  readonly costs: Float64Array;
  /** The link of the path that is at each node. */
  readonly links: readonly (Edge | undefined)[];
}

const none: ReadonlySet<number> = new Set();

/**
 * The paths from a node.
 * @param avoided nodes that are not gone through
 */
export function shortestFrom(graph: Graph, start: number, avoided = none): Tree {
  return grow(graph, [start], { edges: graph.edges, far: 'to', avoided });
}

/** The paths to the nearest of some nodes. */
export function shortestTo(graph: Graph, ends: readonly number[]): Tree {
  return grow(graph, ends, { edges: graph.into, far: 'from', avoided: none });
}

interface Growth {
  /** What leads on from each node. */
  readonly edges: readonly (readonly Edge[])[];
  /** The end of them that is farther away. */
  readonly far: 'from' | 'to';
  readonly avoided: ReadonlySet<number>;
}

/** Dijkstra. Nodes that are offline are not gone through, nor to. */
function grow({ online }: Graph, roots: readonly number[], { edges, far, avoided }: Growth): Tree {
  const costs = new Float64Array(online.length).fill(Number.POSITIVE_INFINITY);
  const links: (Edge | undefined)[] = Array(online.length).fill(undefined);
  const heap = new Heap();
  for (const root of roots) {
    costs[root] = 0;
    heap.push(0, root);
  }
  for (let node = heap.pop(costs); node >= 0; node = heap.pop(costs)) {
    if (!online[node] || (links[node] !== undefined && avoided.has(node))) continue;
    for (const edge of edges[node]!) {
      const other = edge[far];
      const cost = costs[node]! + edge.cost;
      if (!(cost < costs[other]!) || !online[other]) continue;
      costs[other] = cost;
      links[other] = edge;
      heap.push(cost, other);
    }
  }
  return { costs, links };
}

/** The links from the tree's node to this one; undefined where no path leads. */
export function pathIn({ costs, links }: Tree, to: number): readonly Edge[] | undefined {
  if (costs[to] === Number.POSITIVE_INFINITY) return undefined;
  const path: Edge[] = [];
  for (let edge = links[to]; edge !== undefined; edge = links[edge.from]) path.push(edge);
  return path.reverse();
}

/** The links from this node to the nearest end; undefined where no path leads. */
export function pathTowards({ costs, links }: Tree, from: number): readonly Edge[] | undefined {
  if (costs[from] === Number.POSITIVE_INFINITY) return undefined;
  const path: Edge[] = [];
  for (let edge = links[from]; edge !== undefined; edge = links[edge.to]) path.push(edge);
  return path;
}
