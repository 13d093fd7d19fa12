import { WeirError } from '../error.js';
import type { Family } from './prefix.js';
import { type Graph, routesFrom } from './routes.js';

/** What can be said of a network before it is built: addresses, and the ways between nodes. */
export class Ways {
  constructor(readonly graph: Graph) {}

  get nodes(): readonly string[] {
    return this.graph.nodes;
  }

  /** All addresses of a node, in the order of its links. */
  addresses(name: string, family: Family): string[] {
    return this.graph.edges.flatMap(({ nodes, prefixes }) =>
      prefixes.filter(prefix => prefix.family === family).flatMap(prefix => prefix.hosts[nodes.indexOf(name)] ?? []),
    );
  }

  /** The first address of a node: of its first link that has this family. */
  address(name: string, family: Family): string {
    const [first] = this.addresses(name, family);
    if (first === undefined)
      throw new WeirError(`node "${name}" has no IPv${family} address; give one of its links one`);
    return first;
  }

  /** The address that packets from one node to another's first address start with. */
  sourceAddress(from: string, to: string, family: Family): string {
    const next = this.path(from, to, family)[1];
    const edge = this.graph.edges.find(({ nodes }) => nodes.includes(from) && nodes.includes(next ?? from));
    const prefix = edge?.prefixes.find(each => each.family === family);
    return prefix?.hosts[edge!.nodes.indexOf(from)] ?? this.address(from, family);
  }

  /** What the link towards a neighbour is called at a node. */
  link(from: string, to: string): string {
    if (!this.graph.edges.some(({ nodes }) => nodes.includes(from) && nodes.includes(to) && from !== to))
      throw new WeirError(`no link between "${from}" and "${to}"`);
    return to;
  }

  /** The nodes that packets to the first address of `to` pass, both ends included. */
  path(from: string, to: string, family: Family): string[] {
    const destination = this.address(to, family);
    const path = [from];
    for (let here = from; here !== to; path.push(here)) {
      const next = this.#next(here, to, destination, family);
      if (next === undefined || path.includes(next))
        throw new WeirError(`no way from "${from}" to "${to}" over IPv${family}: it ends at "${here}"`);
      here = next;
    }
    return path;
  }

  #next(here: string, to: string, destination: string, family: Family): string | undefined {
    const { edges } = this.graph;
    const leadsThere = ({ hosts }: { hosts: readonly string[] }): boolean => hosts.includes(destination);
    if (edges.some(({ nodes, prefixes }) => nodes.includes(here) && prefixes.some(leadsThere))) return to;
    return routesFrom(this.graph, here, family).find(({ prefix }) => leadsThere(prefix))?.neighbour;
  }
}
