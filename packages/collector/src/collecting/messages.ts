import type { ListenAddress } from '../config/listen.js';
import type { ExporterStatus } from '../http/types.js';
import type { FilledBatch, IngestCounters } from './ingest.js';
import type { SavedSessions } from './sessions.js';
import type { StreamCounters } from './stream-receiver.js';

/** What the collecting thread is started with. */
export interface WorkerOptions {
  readonly listen: readonly ListenAddress[];
  /** Octets. */
  readonly receiveBuffer: number;
  /** Sessions of an earlier run. */
  readonly sessions?: SavedSessions;
}

/** What the collecting thread has seen. */
export interface CollectingStatus {
  readonly exporters: readonly ExporterStatus[];
  readonly counters: Readonly<IngestCounters>;
  readonly streams: Readonly<StreamCounters>;
  /** Diagnostics of Messages by their reason. */
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly sessions: number;
  /** Datagrams that the kernel dropped at a full receive buffer; undefined where the system does not say. */
  readonly kernelDrops: number | undefined;
}

/** From the collecting thread. */
export type FromWorker =
  /** It listens on these transport URLs. */
  | { readonly type: 'listening'; readonly urls: readonly string[] }
  /** It cannot listen: one line for people. */
  | { readonly type: 'failed'; readonly message: string }
  /** `sessions` are what they were when the batch was closed, as JSON; not with every batch where they are many. */
  | { readonly type: 'batch'; readonly batch: FilledBatch; readonly sessions?: string }
  /** Sessions that have learned Templates while no record waited. */
  | { readonly type: 'sessions'; readonly sessions: string }
  /** A line for people. */
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'status'; readonly status: CollectingStatus }
  /** Everything received has been delivered. */
  | { readonly type: 'stopped'; readonly sessions: string };

/** To the collecting thread: a batch has been taken, or: stop. */
export type ToWorker = 'taken' | 'stop';
