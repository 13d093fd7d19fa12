import type { CollectorSettings } from '../config/config.js';
import { TopologySources } from '../mesh/sources/topologies.js';
import type { Store } from '../store/client.js';
import { linkRates } from '../store/mesh/asked-loads.js';
import { Meshes } from './meshes.js';
import type { Undo } from './undo.js';

/** Milliseconds between two looks for what is to be kept in the history. */
const PAUSE = 1000;

/** Starts to look at the topologies that are set; keeps what is seen, and what their links carry. */
export async function startMesh(
  config: CollectorSettings,
  store: Store,
  undo: Undo,
  log: (line: string) => void,
): Promise<Meshes> {
  const { topologies, topologyInterval: interval, places: rules, keepMeshLoads } = config;
  const meshes = new Meshes({ settings: config, history: store.meshHistory, interval, log });
  if (topologies.length === 0) return meshes;
  const sources = new TopologySources(topologies, interval, {
    onState: (name, mesh, at) => meshes.changed(name, mesh, at),
    log,
  });
  meshes.attach(sources);
  const onLoads = (name: string) => meshes.loaded(name);
  const loads = await store.meshLoads({ topologies: meshes, rules, keepMeshLoads, onLoads, tell: log });
  meshes.measure({
    rates: (topology, from, to) => linkRates(store, topology, { from, to }),
    behindOf: topology => loads?.behindOf(topology) ?? Number.POSITIVE_INFINITY,
    rowsAt: async (place, isIn, step) => (await loads?.rowsAt(place, isIn, step)) ?? [],
  });
  sources.start();
  const timer = setInterval(() => void meshes.keep(), PAUSE);
  timer.unref();
  undo.push(async () => {
    clearInterval(timer);
    await sources.stop();
    await meshes.keep();
  });
  return meshes;
}
