import type { MapSettings } from '../../config/options/map.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { MeshHistory } from '../../store/mesh/history.js';
import type { MeshEvent, Topology } from '../types.js';

/** A state of a topology. */
export interface MeshMoment {
  readonly mesh: Mesh;
  /** When it came to be, in milliseconds since the epoch. */
  readonly at: number;
}

/** Bits per second, from source to target and back. */
export interface LinkRate {
  readonly forward: number;
  readonly reverse: number;
}

/** What the routes of the mesh answer from. */
export interface MeshContext {
  readonly settings: MapSettings;
  readonly history: MeshHistory;
  /** The sources, and how they are. */
  topologies(): readonly Topology[];
  /** The state that holds now; undefined until there is one. */
  newest(topology: string): MeshMoment | undefined;
  /** What links carried on average in that time, by their ids. */
  rates(topology: string, from: number, to: number): Promise<ReadonlyMap<string, LinkRate>>;
  /** Calls the listener when a topology has become different, until the function that it returns is called. */
  onChange(listener: (event: MeshEvent) => void): () => void;
}
