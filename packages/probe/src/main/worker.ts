import { parentPort, workerData } from 'node:worker_threads';
import { NodeHost } from '../host/node.js';
import type { CollectorInput } from '../sending/collectors.js';
import { BEAT, EVENT_DESCRIPTOR, STOP } from './control.js';
import { type LoopOptions, ProbeLoop } from './loop.js';
import { type ExportOptions, openExporters } from './sinks.js';

/** What the thread is started with. */
export interface WorkerInput {
  readonly control: SharedArrayBuffer;
  readonly collectors: readonly CollectorInput[];
  readonly exporting: ExportOptions;
  readonly options: Omit<LoopOptions, 'exporters'>;
}

/** What the thread tells. */
export type WorkerOutput =
  | { readonly kind: 'ready'; readonly adopted: number }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'stopped'; readonly statistics: ReturnType<ProbeLoop['statistics']> };

const { control, collectors, exporting, options } = workerData as WorkerInput;
const words = new Int32Array(control);
const tell = (output: WorkerOutput): void => parentPort?.postMessage(output);

const host = new NodeHost();
const exporters = openExporters(collectors, exporting, host.clock, line => tell({ kind: 'log', line }));
const loop = new ProbeLoop(
  host,
  { ...options, exporters },
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
