import type { CollectorSettings } from '../config/config.js';
import { TopologySources } from '../mesh/sources/topologies.js';
import type { Store } from '../store/client.js';
import { meshLoads } from '../store/mesh/asked-loads.js';
import { type Links, Meshes } from './meshes.js';
import type { Undo } from './undo.js';

/** Milliseconds between two looks for what is to be kept in the history. */
const PAUSE = 1000;
/** Seconds: loads are sums of minutes. */
const MINUTE = 60;

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
  await store.meshLoads({ topologies: meshes, rules, keepMeshLoads, onLoads: name => meshes.loaded(name), tell: log });
  meshes.measure((topology, from, to) => ratesOf(store, topology, from, to));
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

/** What links carried on average. */
async function ratesOf(store: Store, topology: string, from: number, to: number): Promise<Links> {
  const step = Math.max(MINUTE, Math.ceil((to - from) / 1000 / MINUTE) * MINUTE);
  const { links } = await meshLoads(store, { topology, interval: { from, to }, step });
  const mean = (rates: readonly number[]) => rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return new Map(links.map(({ link, forward, reverse }) => [link, { forward: mean(forward), reverse: mean(reverse) }]));
}
