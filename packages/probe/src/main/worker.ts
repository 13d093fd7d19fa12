import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Exporter } from '../exporting/exporter.js';
import { Exporters } from '../exporting/exporters.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { closeNamespace, enterNamespace, OWN_NAMESPACE, openNamespace } from '../host/network-namespace.js';
import { NodeHost } from '../host/node.js';
import { claimNamespace } from '../preflight/claim.js';
import { restore } from '../preflight/mend.js';
import { prepare } from '../preflight/prepare.js';
import { BEAT, CHANGES, EVENT_DESCRIPTOR, STOP, STOP_FOR_GOOD, TAKEN, TAKEN_AT_DROPS } from './control.js';
import { explain } from './explain.js';
import { openKernelMeter } from './kernel-meter.js';
import type { Level } from './log.js';
import { type Changeable, type LoopControl, ProbeLoop } from './loop.js';
import type { LoopStatistics } from './loop-statistics.js';
import { openExporter } from './sinks.js';
import { kernelStatePath, removeState, stateOwner, statePath } from './state-file.js';
import type { WorkerChange, WorkerInput } from './worker-input.js';

/** What the thread tells. */
export type WorkerOutput =
  | { readonly kind: 'ready'; readonly adopted: number }
  | { readonly kind: 'log'; readonly line: string; readonly level: Level | undefined }
  | { readonly kind: 'statistics'; readonly statistics: LoopStatistics }
  /** A change has taken effect: collectors that are not in it any more are not written to. */
  | { readonly kind: 'changed' }
  /** A change cannot be made, and nothing of it has been. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'stopped'; readonly statistics: LoopStatistics };

const input = workerData as WorkerInput;
const words = new Int32Array(input.control);
const tell = (output: WorkerOutput): void => parentPort?.postMessage(output);
const log = (line: string, level?: Level): void => tell({ kind: 'log', line, level });

const host = new NodeHost();
const control: LoopControl = {
  stopping: () => Atomics.load(words, STOP) !== 0,
  beat: () => Atomics.add(words, BEAT, 1),
  tookReliability: () => (Atomics.exchange(words, TAKEN, 0) === 1 ? words[TAKEN_AT_DROPS] >>> 0 : undefined),
  change,
  changed: () => tell({ kind: 'changed' }),
  ready: adopted => tell({ kind: 'ready', adopted }),
  statistics: statistics => tell({ kind: 'statistics', statistics }),
  log,
};

/** Transport Sessions stay in the namespace that the probe was started in. */
const origin = openNamespace(OWN_NAMESPACE);
const fields = parseFields(input.fields);
const templates = new FlowTemplates(fields);
/** By the number of the collector. */
let opened = new Map<number, Exporter>();
let exporters = openExporters(input);
const inside = input.path === undefined ? undefined : openNamespace(input.path);
if (inside !== undefined) enterNamespace(inside);

const giveUp = input.prepares ? claimNamespace() : () => {};
if (input.prepares) for (const line of await prepare()) log(line);
try {
  meter();
} finally {
  if (input.prepares) for (const line of restore('up')) log(`restored ${line}`);
  giveUp();
  for (const descriptor of [origin, inside]) if (descriptor !== undefined) closeNamespace(descriptor);
}

function meter(): void {
  const path = statePath(input.state);
  const owner = stateOwner();
  const own = { capacity: input.flowTableEntries, statePath: kernelStatePath(path), owner };
  const kernelMeter = input.kernel && openKernelMeter(host, input.kernel, own, log);
  try {
    const { domain } = input.exporting;
    const options = { ...input, exporters, fields, templates, domain, statePath: path, owner, kernelMeter };
    const loop = new ProbeLoop(host, options, control);
    Atomics.store(words, EVENT_DESCRIPTOR, (loop.eventDescriptor ?? -1) + 1);
    loop.run();
    Atomics.store(words, EVENT_DESCRIPTOR, 0);
    if (Atomics.load(words, STOP) === STOP_FOR_GOOD) removeState(path);
    tell({ kind: 'stopped', statistics: loop.statistics() });
  } finally {
    // The programs go on after a thread that has failed.
    kernelMeter?.door.close();
  }
}

/** The loop never returns to this thread's event loop, so messages are fetched. */
function change(): Changeable | undefined {
  if (Atomics.load(words, CHANGES) === 0) return undefined;
  const received = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
  if (received === undefined) return undefined;
  Atomics.sub(words, CHANGES, 1);
  const next = received.message as WorkerChange;
  try {
    exporters = fromOrigin(() => openExporters(next));
  } catch (error) {
    tell({ kind: 'refused', why: explain(error as Error).message });
    return undefined;
  }
  return { exporters, activeTimeout: next.activeTimeout };
}

/** Opens the collectors that are new; the others go on. Where one cannot be opened, nothing has changed. */
function openExporters({ collectors, exporting }: WorkerChange): Exporters {
  const next = new Map<number, Exporter>();
  try {
    for (const { id, input } of collectors) {
      next.set(id, opened.get(id) ?? openExporter(input, exporting, templates, host, log));
    }
  } catch (error) {
    for (const [id, exporter] of next) if (!opened.has(id)) exporter.close();
    throw error;
  }
  opened = next;
  return new Exporters([...next.values()], exporting.distribution, host.clock);
}

function fromOrigin<T>(open: () => T): T {
  if (inside === undefined) return open();
  enterNamespace(origin);
  try {
    return open();
  } finally {
    enterNamespace(inside);
  }
}
