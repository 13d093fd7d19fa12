import { parseAddress, parseNetwork } from '@weir/flow';
import type { Mesh } from '../mesh.js';
import { type Meaning, Ranges } from '../places/ranges.js';
import { type Edge, Graph } from './graph.js';
import { Trees } from './trees.js';

/** How a path over a link is known, the surest first. */
export const hows = ['measured', 'nextHop', 'route', 'shortest'] as const;
export type How = (typeof hows)[number];

/** A link as a path goes over it. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  /** Index in the mesh's list, and id. */
  readonly link: number;
  readonly id: string;
  /** From its source to its target. */
  readonly forward: boolean;
  readonly how: How;
}

/** Paths that are kept: a state of a mesh has its own. */
const PATHS = 200_000;
const none: ReadonlySet<number> = new Set();

/** Which way packets take from node to node, as far as the topology tells. Nodes are numbers. */
export class Paths {
  readonly graph: Graph;
  readonly #next: readonly number[];
  readonly #leavesBy: readonly number[];
  readonly #routes: ReadonlyMap<number, Ranges>;
  /** An address of each node that routes may lead to. */
  readonly #targets: readonly (bigint | undefined)[];
  readonly #paths = new Map<number, readonly Hop[] | undefined>();
  readonly #trees: Trees;
  readonly #gatewayOf = new Map<number, number>();

  constructor(mesh: Mesh) {
    const graph = new Graph(mesh);
    this.graph = graph;
    this.#next = mesh.nodes.map(({ nextHop }) => graph.indexOf(nextHop));
    this.#leavesBy = mesh.nodes.map(({ leavesBy }) => graph.indexOf(leavesBy));
    this.#trees = new Trees(graph);
    this.#routes = routesOf(graph);
    this.#targets = mesh.nodes.map(({ addresses: [first] }) => (first === undefined ? undefined : parseAddress(first)));
  }

  isGateway(node: number): boolean {
    return this.graph.mesh.nodes[node]!.gateway;
  }

  /** The gateway by which traffic of a node leaves the mesh: the one that it names, else the one that its next hops lead to, else the cheapest; -1 for none. */
  gatewayOf(node: number): number {
    const known = this.#gatewayOf.get(node);
    if (known !== undefined) return known;
    const gateway = this.#findGateway(node);
    this.#gatewayOf.set(node, gateway);
    return gateway;
  }

  /** The cost of the path of least cost; infinite where there is none. */
  cost(from: number, to: number): number {
    return this.#trees.cost(from, to);
  }

  /**
   * The path, by the topology's next hops, else by its routes, else that of least cost; undefined where there is none.
   * @param avoided nodes that it does not go through, if it can be helped
   */
  path(from: number, to: number, avoided: ReadonlySet<number> = none): readonly Hop[] | undefined {
    const path = this.#free(from, to);
    if (avoided.size === 0 || path === undefined || path.every(hop => hop.to === to || !avoided.has(hop.to)))
      return path;
    return hopsOf(this.#trees.around(from, to, avoided)) ?? path;
  }

  #free(from: number, to: number): readonly Hop[] | undefined {
    const key = from * this.graph.online.length + to;
    if (this.#paths.has(key)) return this.#paths.get(key);
    if (this.#paths.size >= PATHS) this.#paths.clear();
    const path = this.#told(from, to) ?? hopsOf(this.#trees.path(from, to));
    this.#paths.set(key, path);
    return path;
  }

  /**
   * Next hops are those of traffic that leaves. Traffic that comes in is taken to come the same way, as nothing tells of another one.
   */
  #told(from: number, to: number): readonly Hop[] | undefined {
    const target = this.#targets[to];
    return (
      this.#chain(from, to, 'nextHop', node => this.#next[node]!) ??
      this.#chain(to, from, 'nextHop', node => this.#next[node]!)
        ?.map(reversed)
        .reverse() ??
      (target === undefined
        ? undefined
        : this.#chain(from, to, 'route', node => this.#routes.get(node)?.find(target) ?? -1))
    );
  }

  #chain(from: number, to: number, how: How, nextOf: (node: number) => number): readonly Hop[] | undefined {
    const hops: Hop[] = [];
    for (let at = from; at !== to; ) {
      const edge = this.#edgeTo(at, nextOf(at));
      if (edge === undefined || hops.length > this.graph.online.length) return undefined;
      hops.push(hopOf(edge, how));
      at = edge.to;
    }
    return hops;
  }

  /** The link to a next hop that is told of, if it can be used. */
  #edgeTo(at: number, next: number): Edge | undefined {
    return next >= 0 && this.graph.online[next] ? this.graph.between(at, next)[0] : undefined;
  }

  #findGateway(node: number): number {
    if (this.isGateway(node)) return node;
    const named = this.#leavesBy[node]!;
    if (named >= 0 && this.graph.online[named]) return named;
    const chained =
      this.#firstGateway(node, at => this.#next[at]!) ??
      this.#firstGateway(node, at => this.#routes.get(at)?.find(ANYWHERE) ?? -1);
    return chained ?? this.#trees.nearestGateway(node);
  }

  #firstGateway(node: number, nextOf: (at: number) => number): number | undefined {
    let at: number | undefined = node;
    for (let steps = 0; at !== undefined && steps <= this.graph.online.length; steps++) {
      if (this.isGateway(at)) return at;
      at = this.#edgeTo(at, nextOf(at))?.to;
    }
    return undefined;
  }
}

/** An address that only a default route leads to. */
const ANYWHERE = parseAddress('0.0.0.1')!;

function routesOf(graph: Graph): ReadonlyMap<number, Ranges> {
  const meanings = new Map<number, Meaning[]>();
  for (const { at, network, via } of graph.mesh.routes) {
    const [node, value] = [graph.indexOf(at), graph.indexOf(via)];
    if (node < 0 || value < 0) continue;
    const found = meanings.get(node) ?? [];
    meanings.set(node, found);
    for (const range of parseNetwork(network) ?? []) found.push({ ...range, value });
  }
  return new Map([...meanings].map(([node, found]) => [node, new Ranges(found)]));
}

function hopsOf(edges: readonly Edge[] | undefined): readonly Hop[] | undefined {
  return edges?.map(edge => hopOf(edge, 'shortest'));
}

export function hopOf({ from, to, link, id, forward }: Edge, how: How): Hop {
  return { from, to, link, id, forward, how };
}

export function reversed({ from, to, forward, ...rest }: Hop): Hop {
  return { ...rest, from: to, to: from, forward: !forward };
}
