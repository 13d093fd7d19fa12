import type { Mesh } from '../mesh.js';
import { Paths } from '../paths/paths.js';
import { Places } from '../places/places.js';
import type { PlaceRule } from '../places/rules.js';
import type { ToldHop } from './walk.js';

/** A state of a mesh, and what was worked out of it. */
export class View {
  readonly mesh: Mesh;
  readonly places: Places;
  readonly paths: Paths;
  /** By what they were worked out of. */
  readonly walks = new Map<string, readonly ToldHop[] | undefined>();

  readonly #links: ReadonlyMap<string, number>;

  constructor(mesh: Mesh, rules: readonly PlaceRule[]) {
    this.mesh = mesh;
    this.places = new Places(mesh, rules);
    this.paths = new Paths(mesh);
    this.#links = new Map(mesh.links.map(({ id }, i) => [id, i]));
  }

  idOf(node: number): string {
    return this.mesh.nodes[node]!.id;
  }

  /** The number of a node; -1 for one that is not there. */
  indexOf(id: string): number {
    return this.paths.graph.indexOf(id);
  }

  /** The number of a link; -1 for one that is not there. */
  linkIndexOf(id: string): number {
    return this.#links.get(id) ?? -1;
  }
}
