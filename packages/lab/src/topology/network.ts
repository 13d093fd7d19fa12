import { WeirError } from '../error.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { Graph } from './routes.js';
import type { TopologySpec } from './schema.js';
import { Ways } from './ways.js';

/** A network that is up. */
export class Network extends Ways {
  readonly #namespaces: ReadonlyMap<string, Namespace>;

  constructor(
    readonly lab: Lab,
    /** As it was built: a mesh is written out. */
    readonly spec: TopologySpec,
    graph: Graph,
    namespaces: ReadonlyMap<string, Namespace>,
  ) {
    super(graph);
    this.#namespaces = namespaces;
  }

  /** The namespace of a node. */
  node(name: string): Namespace {
    const found = this.#namespaces.get(name);
    if (found === undefined) throw new WeirError(`no node "${name}"; there are ${this.nodes.join(', ')}`);
    return found;
  }
}
