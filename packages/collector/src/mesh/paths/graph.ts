import type { Mesh, MeshLink } from '../mesh.js';

/** A link as it is gone over from one node. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Index in the mesh's list, and id. */
  readonly link: number;
  readonly id: string;
  /** From its source to its target. */
  readonly forward: boolean;
  /** At least 0. */
  readonly cost: number;
}

/** Quality below which a link is as bad as any. */
const WORST = 0.01;

/** Nodes by their index in the mesh's list, and what leads from each. */
export class Graph {
  readonly mesh: Mesh;
  readonly indexes: ReadonlyMap<string, number>;
  /** All links of a node, also those that nobody should go over. */
  readonly edges: readonly (readonly Edge[])[];
  /** The same by the node that they lead to. */
  readonly into: readonly (readonly Edge[])[];
  readonly online: readonly boolean[];
  readonly #between = new Map<number, readonly Edge[]>();

  constructor(mesh: Mesh) {
    this.mesh = mesh;
    this.indexes = new Map(mesh.nodes.map(({ id }, i) => [id, i]));
    this.online = mesh.nodes.map(({ online }) => online);
    const edges: Edge[][] = mesh.nodes.map(() => []);
    const into: Edge[][] = mesh.nodes.map(() => []);
    const add = (edge: Edge) => {
      edges[edge.from]!.push(edge);
      into[edge.to]!.push(edge);
    };
    for (const [link, each] of mesh.links.entries()) {
      const [source, target] = [this.indexes.get(each.source)!, this.indexes.get(each.target)!];
      add({ from: source, to: target, link, id: each.id, forward: true, cost: costOf(each, true) });
      add({ from: target, to: source, link, id: each.id, forward: false, cost: costOf(each, false) });
    }
    this.edges = edges;
    this.into = into;
  }

  /** The number of a node; -1 for one that is not there. */
  indexOf(id: string | undefined): number {
    return id === undefined ? -1 : (this.indexes.get(id) ?? -1);
  }

  /** The links between two nodes, the cheapest first. */
  between(from: number, to: number): readonly Edge[] {
    const key = from * this.edges.length + to;
    let found = this.#between.get(key);
    if (found === undefined) {
      found = this.edges[from]!.filter(edge => edge.to === to).sort((a, b) => a.cost - b.cost || a.link - b.link);
      this.#between.set(key, found);
    }
    return found;
  }
}

/** What the routing protocol adds up; where it does not say, what a packet takes that has to come through, and its answer. */
function costOf(link: MeshLink, forward: boolean): number {
  const [cost, otherCost] = forward ? [link.cost, link.reverseCost] : [link.reverseCost, link.cost];
  const [quality, otherQuality] = forward ? [link.quality, link.reverseQuality] : [link.reverseQuality, link.quality];
  if (cost !== undefined) return cost;
  if (quality !== undefined) return 1 / Math.max(quality, WORST) ** 2;
  return otherCost ?? 1 / Math.max(otherQuality ?? 1, WORST) ** 2;
}
