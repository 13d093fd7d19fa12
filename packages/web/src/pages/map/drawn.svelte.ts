import { untrack } from 'svelte';
import type { MeshLoads } from '../../api/types.js';
import type { Loads } from '../../map/buffers.js';
import { layOutInWorker } from '../../map/layout/graph.js';
import { type GraphPlaces, graphPlacement, isOutgrown } from '../../map/layout/places.js';
import { type MapMesh, type MeshParts, meshOf } from '../../map/mesh.js';
import { type Placement, place, samePlaces } from '../../map/placement.js';
import { loadsOf, stepAt } from './loads.js';
import { type Filter, keeps } from './search.js';

/** What is chosen, each asked for by itself: what changes with each moment must not make the mesh anew. */
interface Choice {
  parts(): readonly MeshParts[];
  answers(): readonly MeshLoads[];
  /** The time whose loads are shown. */
  loadTime(): number;
  keep(): Filter;
  graph(): boolean;
}

const NO_PLACES: GraphPlaces = new Map();

/** What is drawn of the topologies: one mesh, its places, its loads. Each is anew only where it has become another. Made while a component is. */
export class Drawn {
  readonly #choice: Choice;
  #graph = $state.raw<GraphPlaces>();
  /** How often the graph has got places: the view follows until the reader has one of his own. */
  settled = $state(0);
  #lastMesh: MapMesh | undefined;
  #lastPlacement: Placement | undefined;
  #lastGraph: GraphPlaces | undefined;

  readonly #whole = $derived.by(() => meshOf(this.#choice.parts()));
  readonly #wholeLoads = $derived.by(() => this.#at(this.#whole));
  readonly mesh = $derived.by(() => this.#kept());
  readonly placement = $derived.by(() => this.#placed(this.mesh));
  readonly loads: Loads = $derived.by(() => this.#at(this.mesh));
  /** A graph that has no places yet. */
  readonly settling = $derived.by(
    () => this.#choice.graph() && this.#graph === undefined && this.mesh.nodes.length > 0,
  );

  constructor(choice: Choice) {
    this.#choice = choice;
    $effect(() => {
      if (!choice.graph()) return undefined;
      const mesh = this.mesh;
      const places = untrack(() => this.#graph);
      if (mesh.nodes.length === 0 || (places && !isOutgrown(mesh, places))) return undefined;
      return layOutInWorker(mesh, settled => {
        this.#graph = settled;
        this.settled++;
      });
    });
  }

  #at(mesh: MapMesh): Loads {
    const answers = this.#choice.answers();
    // By the step alone: while time goes by within one, nothing is different.
    this.#step;
    return loadsOf(
      mesh,
      answers,
      untrack(() => this.#choice.loadTime()),
    );
  }

  readonly #step = $derived.by(() => {
    const loadTime = this.#choice.loadTime();
    return this.#choice
      .answers()
      .map(answer => stepAt(answer, loadTime))
      .join();
  });

  #kept(): MapMesh {
    const keep = this.#choice.keep();
    const whole = this.#whole;
    if (keep === '') return whole;
    const loaded = new Set<string>();
    if (keep === 'loaded') {
      whole.links.forEach(({ source, target }, i) => {
        if (this.#wholeLoads.forward[i]! + this.#wholeLoads.reverse[i]! === 0) return;
        loaded.add(whole.nodes[source]!.key);
        loaded.add(whole.nodes[target]!.key);
      });
    }
    const kept = keeps(keep, loaded);
    const keys = new Set(whole.nodes.filter(kept).map(({ key }) => key));
    return meshOf(
      this.#choice.parts().map(({ topology, nodes, links }) => ({
        topology,
        links,
        nodes: nodes.filter(({ id }) => keys.has(`${topology}|n|${id}`)),
      })),
    );
  }

  #placed(mesh: MapMesh): Placement {
    const graph = this.#choice.graph() ? (this.#graph ?? NO_PLACES) : undefined;
    const same = this.#lastMesh !== undefined && this.#lastGraph === graph && samePlaces(this.#lastMesh, mesh);
    if (!same) this.#lastPlacement = graph ? graphPlacement(mesh, graph) : place(mesh);
    this.#lastMesh = mesh;
    this.#lastGraph = graph;
    return this.#lastPlacement!;
  }
}
