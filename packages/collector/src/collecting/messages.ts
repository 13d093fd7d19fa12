import type { MessagePort } from 'node:worker_threads';
import type { ListenAddress } from '../config/listen.js';
import type { Told } from '../flow/told.js';
import type { ExporterStatus, ExporterTemplate } from '../http/types.js';
import type { IngestCounters } from './counters.js';
import type { AddressTable } from './enrich/table.js';
import type { HalvesCounters, HalvesOptions } from './meaning/halves.js';
import type { HandSampling } from './meaning/sampling-by-hand.js';
import type { Sharing } from './receiver.js';
import type { SavedSessions } from './sessions.js';
import type { BlockFile } from './spool/directory.js';
import type { DroppedOf } from './spool/exporter-drops.js';
import type { SpoolDrops } from './spool/writer.js';
import type { StreamCounters } from './stream-receiver.js';

/** What both threads of a raw spool are started with. */
export interface SpoolShare {
  /** Path of the raw spool's directory. */
  readonly directory: string;
  /** Memory of its Progress. */
  readonly progress: SharedArrayBuffer;
  /** To the other thread. */
  readonly port: MessagePort;
}

/** What a receiving thread is started with. */
export interface ReceivingOptions extends SpoolShare {
  readonly listen: readonly ListenAddress[];
  /** Networks of those who may send; none: all. */
  readonly allowExporters: readonly string[];
  /** Octets. */
  readonly receiveBuffer: number;
  /** Octets that the raw spool may hold. */
  readonly limit: number;
  readonly sharing: Sharing;
}

/** What a decoding thread is started with. */
export interface WorkerOptions extends SpoolShare {
  /** What is known of addresses. */
  readonly addresses: AddressTable;
  /** Names of hosts, as networks. */
  readonly hosts: AddressTable;
  /** Of exporters that do not tell theirs. */
  readonly sampling: readonly HandSampling[];
  /** Records of one direction are joined. */
  readonly halves: HalvesOptions | undefined;
  /** Memory in which threads keep who tells of which Flow, and whether there are several; undefined: duplicates are not marked. */
  readonly owners: { readonly memory: SharedArrayBuffer; readonly shared: boolean } | undefined;
  /** Raw spools of earlier runs, which this thread decodes before its own, and the sessions before them; undefined: another thread does. */
  readonly recover?: { readonly spools: readonly string[]; readonly sessions: SavedSessions | undefined };
}

/** What a receiving thread has seen. */
export interface ReceivingStatus {
  readonly streams: Readonly<StreamCounters>;
  /** Datagrams that the kernel dropped at a full receive buffer; undefined where the system does not say. */
  readonly kernelDrops: number | undefined;
  /** Datagrams of senders that may not export. */
  readonly notAllowed: number;
  readonly drops: Readonly<SpoolDrops>;
  readonly exporterDrops: readonly DroppedOf[];
  /** Octets in the raw spool that are not in blocks yet. */
  readonly spooled: number;
  readonly problem: string | undefined;
}

export interface HalvesStatus extends Readonly<HalvesCounters> {
  /** Halves that wait now. */
  readonly waiting: number;
}

/** What a decoding thread has seen. */
export interface DecodingStatus {
  readonly exporters: readonly ExporterStatus[];
  readonly counters: Readonly<IngestCounters>;
  /** Diagnostics of Messages by their reason. */
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly sessions: number;
  /** Of records of one direction, where they are joined. */
  readonly halves: HalvesStatus | undefined;
  /** Messages found in raw spools of earlier runs, and octets at the end of those that a crash cut short. */
  readonly recovered: { readonly messages: number; readonly tornOctets: number };
  readonly problem: string | undefined;
}

/** Who an exporter is. */
export type ExporterIdentity = Pick<ExporterStatus, 'address' | 'observationDomainId' | 'transport'>;

/** The Templates that are known of an exporter. */
export interface ExporterTemplates extends ExporterIdentity {
  readonly templates: readonly ExporterTemplate[];
}

/** What all of them have seen together. */
export interface CollectingStatus extends Omit<DecodingStatus, 'problem'> {
  readonly streams: Readonly<StreamCounters>;
  readonly kernelDrops: number | undefined;
  readonly notAllowed: number;
  readonly spool: {
    readonly octets: number;
    readonly limit: number;
    readonly drops: Readonly<SpoolDrops>;
    /** Why the disk takes nothing now. */
    readonly problem: string | undefined;
  };
}

/** From a receiving thread. */
export type FromReceiver =
  /** It listens on these transport URLs. */
  | { readonly type: 'listening'; readonly urls: readonly string[] }
  /** It cannot listen: one line for people. */
  | { readonly type: 'failed'; readonly message: string }
  /** A line for people. */
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'status'; readonly status: ReceivingStatus };

/** From a decoding thread. */
export type FromWorker =
  | { readonly type: 'block'; readonly block: BlockFile }
  /** What earlier runs left in these spools is decoded; the sessions are those at its end. */
  | { readonly type: 'recovered'; readonly spools: readonly string[]; readonly sessions: SavedSessions }
  | { readonly type: 'log'; readonly line: string }
  /** What the store is to keep: it is to be answered for. */
  | { readonly type: 'told'; readonly told: Told }
  /** Of the exporters whose Templates have changed. */
  | { readonly type: 'templates'; readonly exporters: readonly ExporterTemplates[] }
  | { readonly type: 'status'; readonly status: DecodingStatus };

/**
 * To a decoding thread: a block has been taken, sessions to begin with, whether the store keeps what it was told, other names of hosts, or:
 * stop.
 */
export type ToWorker =
  | 'taken'
  | 'stop'
  | { readonly sessions: SavedSessions }
  | { readonly kept: boolean }
  | { readonly hosts: AddressTable };

/** From a receiving thread to the decoding one: there is more to read. */
export type ToDecoder = 'more';

/** From a decoding thread to the receiving one: there is room, or whether a Message of a connection made sense. */
export type ToReceiver = 'room' | { readonly connection: number; readonly problem: string | undefined };
