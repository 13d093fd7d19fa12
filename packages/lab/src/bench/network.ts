import { raiseTableLimit } from '../namespaces/globals.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import type { Topology } from '../namespaces/topology.js';
import { untrackedLoopback } from '../weir/weir.js';
import { type Result, runTrials, type TrialCase } from './harness.js';

/** What a benchmark of subjects happens in: they run on the router. */
export interface Bed {
  readonly lab: Lab;
  readonly net: Topology;
}

/** Runs one case after the other in a network of their own. Where something is missing it says so, and gives nothing. */
export async function* runInNetwork(
  bench: string,
  needs: readonly string[],
  cases: ((bed: Bed) => TrialCase | Promise<TrialCase>)[],
): AsyncGenerator<Result[]> {
  if (missing(needs) !== undefined) return;
  const lab = new Lab();
  try {
    lab.later(raiseTableLimit(400_000));
    const net = lab.topology();
    net.router.nft(untrackedLoopback);
    for (const make of cases) yield await runTrials(bench, await make({ lab, net }));
  } finally {
    for (const left of await lab.close()) process.stderr.write(`bench: left behind: ${left}\n`);
  }
}
