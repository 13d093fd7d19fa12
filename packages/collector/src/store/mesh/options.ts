import type { PlaceRule } from '../../mesh/places/rules.js';
import type { Topologies } from './topologies.js';

/** What loads are made of, and how long they are kept. */
export interface MeshLoadsOptions {
  readonly topologies: Topologies;
  /** The users' own; the longest network first. */
  readonly rules: readonly PlaceRule[];
  /** Days that loads are kept; default for ever. */
  readonly keepMeshLoads?: number | undefined;
  /** Milliseconds between two looks for new records; default five seconds. */
  readonly pause?: number;
  /** Called when loads of this topology have come. */
  onLoads?(topology: string): void;
  /** Takes lines for people: how far old records are, what went wrong. */
  tell?(line: string): void;
}
