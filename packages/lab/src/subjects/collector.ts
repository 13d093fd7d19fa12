import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';

/** What a collector has kept, by its own account, once it has ended in order. */
export interface Stored {
  flowRecords: number;
  /** Of the forward direction; absent where it counts none. */
  octets?: number;
}

export interface RunningCollector {
  /** Its processor time and memory are measured, those of its children with it. */
  readonly process: LabProcess;
  /** Flow Records that it has received and not kept yet, where it tells. */
  behind?(): Promise<number>;
  /** Ends it in order: what it has received is kept then. It is counted, and what it is kept in is removed: a bench makes gigabytes of it. */
  stop(): Promise<Stored>;
}

/** A collector under test: it receives on the port of exports, on the loopback of its namespace. */
export interface Collector {
  readonly name: string;
  /** Programs that have to be installed. */
  readonly needs: readonly string[];
  /** Starts it and waits until it receives. */
  start(lab: Lab, namespace: Namespace): Promise<RunningCollector>;
}
