import type { Edge, Graph } from './graph.js';
import { Heap } from './heap.js';

/** What the paths of least cost from one node are. */
export interface Tree {
  /** Infinite where no path leads. */
  readonly costs: Float64Array;
  /** The last link of the path to each node. */
  readonly last: readonly (Edge | undefined)[];
  /** The node in front of that link. */
  readonly before: Int32Array;
}

/** What the paths of least cost to the nearest of some nodes are. */
export interface Towards {
  /** Infinite where no path leads. */
  readonly costs: Float64Array;
  /** The first link of the path from each node. */
  readonly first: readonly (Edge | undefined)[];
}

const none: ReadonlySet<number> = new Set();

/**
 * Dijkstra. Nodes that are offline are not gone through, nor to.
 * @param avoided nodes that are not gone through
 */
export function shortestFrom(graph: Graph, start: number, avoided = none): Tree {
  const count = graph.online.length;
  const costs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const last: (Edge | undefined)[] = Array(count).fill(undefined);
  const before = new Int32Array(count).fill(-1);
  const heap = new Heap();
  costs[start] = 0;
  heap.push(0, start);
  for (let node = heap.pop(costs); node >= 0; node = heap.pop(costs)) {
    if (!graph.online[node] || (node !== start && avoided.has(node))) continue;
    for (const edge of graph.edges[node]!) {
      const cost = costs[node]! + edge.cost;
      if (!(cost < costs[edge.to]!) || !graph.online[edge.to]) continue;
      costs[edge.to] = cost;
      last[edge.to] = edge;
      before[edge.to] = node;
      heap.push(cost, edge.to);
    }
  }
  return { costs, last, before };
}

/** The same backwards. */
export function shortestTo(graph: Graph, ends: readonly number[]): Towards {
  const count = graph.online.length;
  const costs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const first: (Edge | undefined)[] = Array(count).fill(undefined);
  const heap = new Heap();
  for (const end of ends) {
    costs[end] = 0;
    heap.push(0, end);
  }
  for (let node = heap.pop(costs); node >= 0; node = heap.pop(costs)) {
    if (!graph.online[node]) continue;
    for (const { from, edge } of graph.into[node]!) {
      const cost = costs[node]! + edge.cost;
      if (!(cost < costs[from]!) || !graph.online[from]) continue;
      costs[from] = cost;
      first[from] = edge;
      heap.push(cost, from);
    }
  }
  return { costs, first };
}

/** The links from the tree's node to this one; undefined where no path leads. */
export function pathIn(tree: Tree, to: number): readonly Edge[] | undefined {
  if (tree.costs[to] === Number.POSITIVE_INFINITY) return undefined;
  const path: Edge[] = [];
  for (let node = to; tree.before[node]! >= 0; node = tree.before[node]!) path.push(tree.last[node]!);
  return path.reverse();
}

/** The links from this node to the nearest end; undefined where no path leads. */
export function pathTowards({ costs, first }: Towards, from: number): readonly Edge[] | undefined {
  if (costs[from] === Number.POSITIVE_INFINITY) return undefined;
  const path: Edge[] = [];
  for (let edge = first[from]; edge !== undefined; edge = first[edge.to]) path.push(edge);
  return path;
}
