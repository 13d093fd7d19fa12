import type { SelectionOptions } from '../selecting/selection.js';
import type { CollectorInput } from '../sending/collectors.js';
import type { KernelInput } from './kernel-source.js';
import type { ExportOptions } from './sinks.js';

/** One with the same number as before is the same collector, whose Transport Session goes on. */
export interface WorkerCollector {
  readonly id: number;
  readonly input: CollectorInput;
}

/** What the thread is told again when the configuration changes. */
export interface WorkerChange {
  readonly collectors: readonly WorkerCollector[];
  readonly exporting: ExportOptions;
  /** Milliseconds. */
  readonly activeTimeout: number;
}

/** What the thread is started with. */
export interface WorkerInput extends WorkerChange {
  readonly control: SharedArrayBuffer;
  /** File of the network namespace to meter, undefined for the one that the process is in. */
  readonly path: string | undefined;
  /** Name of the network namespace, '' for the one that the process is in. */
  readonly domainName: string;
  /** As configured. */
  readonly fields: string;
  readonly tcpEvents: boolean;
  readonly selection: SelectionOptions;
  /** File of prefixes and their autonomous systems. */
  readonly asTable: string | undefined;
  readonly eventBuffer: number;
  readonly reliable: boolean;
  readonly flowTableEntries: number;
  /** State file as configured, undefined for the usual one. */
  readonly state: string | undefined;
  /** Undefined: metering is by ctnetlink. */
  readonly kernel: KernelInput | undefined;
  /** Put back what others take away. */
  readonly mends: boolean;
  /** Switch on what metering needs before, and put it back afterwards. */
  readonly prepares: boolean;
}
