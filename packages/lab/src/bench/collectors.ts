import type { Result } from './harness.js';
import { runInNetwork } from './network.js';

/** Collectors, fed with the same stream of our probe's. */
export function collectorsBench(bench: string): AsyncGenerator<Result[]> {
  return runInNetwork(bench, [], []);
}
