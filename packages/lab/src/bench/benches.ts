import { collectBench } from './collect.js';
import { collectorsBench } from './collectors.js';
import type { Benches } from './command.js';
import { exportersBench } from './exporters.js';
import { kernelBench } from './kernel/bench.js';

/** What the lab itself can measure. They need root, and the peers that they compare with. */
export const labBenches: Benches = new Map([
  ['probe', { run: () => exportersBench('probe'), onlyByName: true as const }],
  ['peers', { run: peers }],
  ['collect', { run: () => collectBench('collect'), onlyByName: true as const }],
  ['kernel', { run: () => kernelBench('kernel'), onlyByName: true as const }],
]);

/** Exporters, then collectors. */
async function* peers() {
  yield* exportersBench('peers');
  yield* collectorsBench('peers');
}
