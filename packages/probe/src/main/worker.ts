import { parentPort, workerData } from 'node:worker_threads';
import type { Target } from '../config/transport.js';
import { NodeHost } from '../host/node.js';
import { BEAT, EVENT_DESCRIPTOR, STOP } from './control.js';
import { type LoopOptions, ProbeLoop } from './loop.js';

/** What the thread is started with. */
export interface WorkerInput {
  readonly control: SharedArrayBuffer;
  /** Targets with names resolved to addresses. */
  readonly targets: readonly Target[];
  readonly options: Omit<LoopOptions, 'sinks'>;
}

/** What the thread tells. */
export type WorkerOutput =
  | { readonly kind: 'ready'; readonly adopted: number }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'stopped'; readonly statistics: ReturnType<ProbeLoop['statistics']> };

const { control, targets, options } = workerData as WorkerInput;
const words = new Int32Array(control);
const tell = (output: WorkerOutput): void => parentPort?.postMessage(output);

const host = new NodeHost();
const sinks = targets.map(target =>
  target.kind === 'udp' ? host.udp(target.host, target.port) : host.file(target.path),
);
const loop = new ProbeLoop(
  host,
  { ...options, sinks },
  {
    stopping: () => Atomics.load(words, STOP) !== 0,
    beat: () => Atomics.add(words, BEAT, 1),
    ready: adopted => tell({ kind: 'ready', adopted }),
    log: line => tell({ kind: 'log', line }),
  },
);
Atomics.store(words, EVENT_DESCRIPTOR, loop.eventDescriptor + 1);
loop.run();
tell({ kind: 'stopped', statistics: loop.statistics() });
