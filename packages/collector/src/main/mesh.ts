import type { CollectorSettings } from '../config/config.js';
import type { Store } from '../store/client.js';
import { Meshes } from './meshes.js';
import type { Undo } from './undo.js';

/** Milliseconds between two looks for what is to be kept in the history. */
const PAUSE = 1000;

/** Starts to look at the topologies that are set, and keeps what is seen. */
export function startMesh(config: CollectorSettings, store: Store, undo: Undo, log: (line: string) => void): Meshes {
  const meshes = new Meshes({ settings: config, history: store.meshHistory, interval: config.topologyInterval, log });
  const timer = setInterval(() => void meshes.keep(), PAUSE);
  timer.unref();
  undo.push(async () => {
    clearInterval(timer);
    await meshes.keep();
  });
  return meshes;
}
