import type { Family, Prefix } from './prefix.js';

/** A link as routing sees it. */
export interface Edge {
  nodes: readonly [string, string];
  prefixes: readonly Prefix[];
}

/** What routing has to know of the whole network. */
export interface Graph {
  nodes: readonly string[];
  edges: readonly Edge[];
  /** The neighbour that lies outside of a masquerading node. */
  outside: ReadonlyMap<string, string>;
}

/** The first step of the way to a prefix. */
export interface Route {
  prefix: Prefix;
  neighbour: string;
  gateway: string;
}

interface Arrival {
  node: string;
  /** Where the node was entered from. */
  from: string | undefined;
  first: { neighbour: string; gateway: string } | undefined;
  cost: number;
}

/** The ways from one node to all prefixes of a family that are not its own, over the fewest links. */
export function routesFrom(graph: Graph, start: string, family: Family): Route[] {
  const routes: Route[] = [];
  const ways = walk(graph, start, family);
  for (const edge of graph.edges) {
    const prefix = edge.prefixes.find(each => each.family === family);
    if (prefix === undefined || edge.nodes.includes(start)) continue;
    const [nearest] = edge.nodes
      .flatMap(node => ways.filter(way => way.node === node && mayLeave(graph, way, other(edge, node))))
      .sort((a, b) => a.cost - b.cost);
    if (nearest?.first !== undefined) routes.push({ prefix, ...nearest.first });
  }
  return routes;
}

/** Every node that can be reached, once for each neighbour that it is entered from, nearest first (Dijkstra). */
function walk(graph: Graph, start: string, family: Family): Arrival[] {
  const open: Arrival[] = [{ node: start, from: undefined, first: undefined, cost: 0 }];
  const done = new Map<string, Arrival>();
  while (open.length > 0) {
    open.sort((a, b) => a.cost - b.cost);
    const here = open.shift()!;
    const key = `${here.node} ${here.from}`;
    if (done.has(key)) continue;
    done.set(key, here);
    for (const [i, edge] of graph.edges.entries()) {
      const prefix = edge.prefixes.find(each => each.family === family);
      if (prefix === undefined || !edge.nodes.includes(here.node)) continue;
      const next = other(edge, here.node);
      if (next === start || !mayLeave(graph, here, next)) continue;
      const first = here.first ?? { neighbour: next, gateway: prefix.hosts[edge.nodes.indexOf(next)]! };
      open.push({ node: next, from: here.node, first, cost: here.cost + cost(i) });
    }
  }
  return [...done.values()];
}

/** Who came from outside of a masquerading node gets no further. */
function mayLeave(graph: Graph, { node, from }: Arrival, to: string): boolean {
  const outside = graph.outside.get(node);
  return outside === undefined || from !== outside || to === outside;
}

function other({ nodes: [a, b] }: Edge, node: string): string {
  return node === a ? b : a;
}

// No two ways cost the same, so that there and back are one way: a router in the middle sees both directions.
function cost(edge: number): number {
  return 1 + ((edge * 0.618_033_988_75) % 1) / 1000;
}
