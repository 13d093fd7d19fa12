import type { Edge, Graph } from './graph.js';
import { pathIn, pathTowards, shortestFrom, shortestTo, type Tree } from './shortest.js';

/** Trees of each kind that are kept. */
const MOST = 512;

/**
 * Paths of least cost. One tree gives all paths from a node, or all paths to one: most traffic of a mesh goes to few nodes and
 * comes from them, so a tree is made for the end that is asked for more often.
 */
export class Trees {
  readonly #graph: Graph;
  readonly #from = new Map<number, Tree>();
  readonly #to = new Map<number, Tree>();
  /** How often each node has been an end. */
  readonly #asked: Uint32Array;
  #gateways: Tree | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#asked = new Uint32Array(graph.online.length);
  }

  /** Infinite where no path leads. */
  cost(from: number, to: number): number {
    return this.#isFrom(from, to) ? this.#treeFrom(from).costs[to]! : this.#treeTo(to).costs[from]!;
  }

  /** Undefined where no path leads. */
  path(from: number, to: number): readonly Edge[] | undefined {
    return this.#isFrom(from, to) ? pathIn(this.#treeFrom(from), to) : pathTowards(this.#treeTo(to), from);
  }

  /** The path that goes through none of these nodes. */
  around(from: number, to: number, avoided: ReadonlySet<number>): readonly Edge[] | undefined {
    return pathIn(shortestFrom(this.#graph, from, avoided), to);
  }

  /** The gateway with the cheapest path to it; -1 where none leads to any. */
  nearestGateway(node: number): number {
    const { nodes } = this.#graph.mesh;
    this.#gateways ??= shortestTo(
      this.#graph,
      nodes.flatMap(({ gateway, online }, i) => (gateway && online ? [i] : [])),
    );
    const path = pathTowards(this.#gateways, node);
    return path === undefined ? -1 : (path.at(-1)?.to ?? node);
  }

  /** Whether a path is looked up in the tree of its beginning. */
  #isFrom(from: number, to: number): boolean {
    const [asFrom, asTo] = [++this.#asked[from]!, ++this.#asked[to]!];
    if (this.#from.has(from)) return true;
    return !this.#to.has(to) && asFrom > asTo;
  }

  #treeFrom(node: number): Tree {
    return keptIn(this.#from, node, () => shortestFrom(this.#graph, node));
  }

  #treeTo(node: number): Tree {
    return keptIn(this.#to, node, () => shortestTo(this.#graph, [node]));
  }
}

function keptIn(trees: Map<number, Tree>, node: number, grow: () => Tree): Tree {
  const known = trees.get(node);
  if (known !== undefined) return known;
  if (trees.size >= MOST) trees.clear();
  const tree = grow();
  trees.set(node, tree);
  return tree;
}
