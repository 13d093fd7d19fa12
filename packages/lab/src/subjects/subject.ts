import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';

/** Where every subject exports to: this UDP port on the loopback of its namespace. */
export const exportPort = 4739;

/** What a subject is started with. */
export interface SubjectOrder {
  lab: Lab;
  namespace: Namespace;
  /** Where packets of all traffic pass before translation: for subjects that read packets. */
  link: string;
  /** Seconds. */
  activeTimeout: number;
}

/** A running subject. */
export interface RunningSubject {
  /** Its processor time and memory are measured, those of its children with it. */
  readonly process: LabProcess;
  /** Ends it in order: what it still holds is exported before it ends. */
  stop(): Promise<void>;
}

/** An exporter under test. */
export interface Subject {
  readonly name: string;
  /** How it meters: the flow entries of connection tracking, or every packet of a link. */
  readonly meters: 'connections' | 'packets';
  /** Programs that have to be installed. */
  readonly needs: readonly string[];
  /** Why this machine cannot run it though its programs are there; undefined where it can. */
  readonly lacks?: () => Promise<string | undefined>;
  /** Starts it and waits until it meters. */
  start(order: SubjectOrder): Promise<RunningSubject>;
}
