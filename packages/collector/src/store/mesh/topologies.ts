import type { Mesh } from '../../mesh/mesh.js';

/** The topologies that there are, and what they were. */
export interface Topologies {
  /** The names of them now; loads are made of these. */
  names(): readonly string[];
  /**
   * The state that held at this time (milliseconds since the epoch), the oldest or newest one where there is none of then; undefined
   * where it could never be read. The same state is the same object: what is worked out of it is kept with it.
   */
  meshAt(name: string, at: number): Promise<Mesh | undefined>;
}
