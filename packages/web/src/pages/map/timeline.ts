import type { MeshChanges, MeshState, MeshStateLink, MeshStateNode } from '../../api/types.js';

type Change = MeshChanges['changes'][number];

/** A mesh at a time, and what is known of how it goes on: by it the map moves through time. */
export class Timeline {
  /** Milliseconds: what the mesh is of, and until when what comes is known. */
  at: number;
  until: number;
  /** Anew whenever something has changed, so that it can be compared. */
  state: Pick<MeshState, 'topology' | 'nodes' | 'links'>;
  readonly #nodes: Map<string, MeshStateNode>;
  readonly #links: Map<string, MeshStateLink>;
  #changes: Change[] = [];

  constructor(state: MeshState, at: number) {
    this.at = at;
    this.until = at;
    this.state = state;
    this.#nodes = new Map(state.nodes.map(node => [node.id, node]));
    this.#links = new Map(state.links.map(link => [link.id, link]));
  }

  /** Adds what changes from `until` on until a later time, in the order of time. */
  know({ changes }: MeshChanges, until: number): void {
    this.#changes.push(...changes.filter(({ at }) => at > this.until));
    this.until = Math.max(this.until, until);
  }

  /** Whether the mesh at a time can be told: not one before, and not one that is not known of yet. */
  reaches(time: number): boolean {
    return time >= this.at && time <= this.until;
  }

  /** Goes on to a time that it reaches; returns whether anything is different there. */
  advance(time: number): boolean {
    let count = 0;
    for (const change of this.#changes) {
      if (change.at > time) break;
      this.#apply(change);
      count++;
    }
    this.at = time;
    if (count === 0) return false;
    this.#changes.splice(0, count);
    const { topology } = this.state;
    this.state = { topology, nodes: [...this.#nodes.values()], links: [...this.#links.values()] };
    return true;
  }

  #apply({ nodes, links, goneNodes, goneLinks }: Change): void {
    for (const id of goneLinks) this.#links.delete(id);
    for (const id of goneNodes) this.#nodes.delete(id);
    for (const node of nodes) this.#nodes.set(node.id, node);
    for (const link of links) this.#links.set(link.id, link);
  }
}
