/** A thread that tells of Flows as one exporter, at the same time as others; tells how many of them were not told by another one. */
import { parentPort, workerData } from 'node:worker_threads';
import { FlowOwners, ranked } from '../flow-owners.js';

export interface TellerOptions {
  readonly memory: SharedArrayBuffer;
  /** A word that each thread adds one to when it is ready. */
  readonly ready: SharedArrayBuffer;
  readonly threads: number;
  readonly exporter: number;
  readonly flows: number;
}

const { memory, ready, threads, exporter, flows } = workerData as TellerOptions;
const owners = new FlowOwners(memory, true);
const now = 1_772_366_400;
const waiting = new Int32Array(ready);
Atomics.add(waiting, 0, 1);
while (Atomics.load(waiting, 0) < threads);
let own = 0;
for (let i = 0; i < flows; i++) {
  if (i % 1000 === 0) owners.hear(exporter, now);
  const before = { tag: 2 * i + 1, place: i * 7919, turned: 0 as const };
  // Every third is translated, to tuples of other buckets, lower and higher ones.
  const after = { tag: i % 3 === 0 ? 2 * i + 2 : 0, place: (flows - i) * 104_729, turned: 1 as const };
  const told = { exporter: ranked(exporter, 1), begin: now, end: now, until: now + 100, now };
  if (!owners.tell(before, after, { ...told, forward: true, reverse: i % 2 === 0 })) own++;
}
parentPort!.postMessage({ own, forgotten: owners.forgotten });
