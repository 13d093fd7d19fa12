import type { WatchedMeshes } from '../mesh-things.js';

/** Of who has no topologies. */
export const noMeshes: WatchedMeshes = {
  names: () => [],
  newest: () => undefined,
  rates: async () => new Map(),
  behindOf: () => Number.POSITIVE_INFINITY,
  rowsAt: async () => [],
};
