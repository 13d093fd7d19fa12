import { allowWorkers, SCRIPTS } from '../base/scripts.js';
import type { MapMesh } from '../mesh.js';
import { type GraphPlaces, graphPlaces } from './places.js';

/** Lays a mesh out in a worker; `settled` gets each set of places. Stops when the function that it returns is called. */
export function layOutInWorker(mesh: MapMesh, settled: (places: GraphPlaces) => void): () => void {
  allowWorkers();
  const upright = matchMedia('(orientation: portrait)').matches;
  const worker = new Worker(SCRIPTS.force, { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Float32Array>) => settled(graphPlaces(mesh, data, upright));
  worker.postMessage({
    nodes: mesh.nodes.length,
    ends: Uint32Array.from(mesh.links.flatMap(({ source, target }) => [source, target])),
    quality: Float32Array.from(mesh.links, ({ link }) => link.quality ?? link.reverseQuality ?? 0.5),
  });
  return () => worker.terminate();
}
