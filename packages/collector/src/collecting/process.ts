import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { ListenAddress } from '../config/listen.js';
import { WeirError } from '../error.js';
import type { Told } from '../flow/told.js';
import type { ExporterTemplate } from '../http/types.js';
import { type AddressTable, emptyTable } from './enrich/table.js';
import { FlowOwners } from './meaning/flow-owners.js';
import type { HalvesOptions } from './meaning/halves.js';
import type { HandSampling } from './meaning/sampling-by-hand.js';
import type {
  CollectingStatus,
  DecodingStatus,
  ExporterIdentity,
  FromReceiver,
  FromWorker,
  ReceivingOptions,
  ReceivingStatus,
  ToWorker,
  WorkerOptions,
} from './messages.js';
import { mmsgAvailable } from './mmsg-receiver.js';
import type { SavedSessions } from './sessions.js';
import { type BlockFile, SpoolDirectory, spoolName, spoolsIn } from './spool/directory.js';
import { Progress } from './spool/progress.js';
import { joined, keyOf, NOTHING_DECODED, NOTHING_RECEIVED } from './status.js';
import { joinedTemplates } from './template-list.js';
import { CollectingThread } from './thread.js';

/** What happens with what the Collecting Process delivers. */
export interface CollectingHandlers {
  /**
   * Takes a block over, before it returns; when what it returns resolves, the block no longer counts as waiting: later, where the
   * store is behind.
   */
  block(block: BlockFile): Promise<void>;
  /** Sessions to be kept: they agree with what earlier runs left, all of which is in blocks. Whether they are. */
  sessions(saved: SavedSessions): boolean;
  /** Keeps what exporters have told; whether it did. What was not kept comes again. */
  told(told: Told): Promise<boolean>;
  /** A line for people about what went wrong. */
  log(line: string): void;
  /** A thread has ended by a defect. */
  died(error: Error): void;
}

export interface CollectingOptions {
  readonly listen: readonly ListenAddress[];
  /** Networks of those who may send; default: all. */
  readonly allowExporters?: readonly string[];
  /** Octets. */
  readonly receiveBuffer: number;
  /** Directory of the raw spools. */
  readonly directory: string;
  /** Octets that wait in raw spools at most. */
  readonly rawSpoolSize: number;
  /** Threads that receive; each has one that decodes. */
  readonly receivers: number;
  /** What is known of addresses, and of hosts; default nothing. */
  readonly addresses?: AddressTable;
  readonly hosts?: AddressTable;
  /** Sampling of exporters that do not tell theirs; default none. */
  readonly sampling?: readonly HandSampling[];
  /** Records of one direction are joined; default not. */
  readonly halves?: HalvesOptions | undefined;
  /** Records that repeat what another exporter tells are marked; default not. */
  readonly markDuplicates?: boolean;
  /** Sessions of an earlier run. */
  readonly sessions?: SavedSessions;
}

/** A thread that receives into a raw spool, and the one that decodes out of it. */
interface Pair {
  readonly receiver: CollectingThread<FromReceiver, 'stop'>;
  readonly decoder: CollectingThread<FromWorker, ToWorker>;
  received: ReceivingStatus;
  decoded: DecodingStatus;
  /** By exporter. */
  readonly templates: Map<string, readonly ExporterTemplate[]>;
}

/** The Collecting Process, in threads of its own. */
export class CollectingProcess {
  #options: CollectingOptions;
  readonly #handlers: CollectingHandlers;
  readonly #pairs: Pair[] = [];
  #listening: readonly string[] = [];
  /** At the end of what earlier runs left, once that is decoded. */
  #sessions: SavedSessions | undefined;
  #owners: WorkerOptions['owners'];

  private constructor(options: CollectingOptions, handlers: CollectingHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** @throws WeirError where an address cannot be listened on. */
  static async start(options: CollectingOptions, handlers: CollectingHandlers): Promise<CollectingProcess> {
    const collecting = new CollectingProcess(options, handlers);
    const earlier = spoolsIn(options.directory).filter(spool => collecting.#takeBlocks(spool));
    const receivers = mmsgAvailable() ? options.receivers : 1;
    if (options.markDuplicates === true) collecting.#owners = { memory: FlowOwners.memory(), shared: receivers > 1 };
    const run = Date.now();
    try {
      for (let i = 0; i < receivers; i++) await collecting.#startPair(i, receivers, run, earlier);
    } catch (error) {
      for (const { receiver, decoder } of collecting.#pairs)
        await Promise.all([receiver.terminate(), decoder.terminate()]);
      throw error;
    }
    return collecting;
  }

  /** Transport URLs, in the order asked for. */
  get listening(): readonly string[] {
    return this.#listening;
  }

  /** At most a second old while it runs. */
  get status(): CollectingStatus {
    return joined(
      this.#pairs.map(pair => pair.received),
      this.#pairs.map(pair => pair.decoded),
      this.#options.rawSpoolSize,
    );
  }

  /** The Templates that an exporter has told and not withdrawn, by their IDs; at most a second old. */
  templatesOf(exporter: ExporterIdentity): ExporterTemplate[] {
    const key = keyOf(exporter);
    return joinedTemplates(this.#pairs.map(pair => pair.templates.get(key) ?? []));
  }

  /** Names of hosts from now on. */
  renewHosts(hosts: AddressTable): void {
    this.#options = { ...this.#options, hosts };
    for (const { decoder } of this.#pairs) decoder.tell({ hosts });
  }

  /** Reads what has arrived, decodes and delivers it, and ends. What the store has no room for stays in the raw spools. */
  async stop(): Promise<void> {
    await Promise.all(this.#pairs.map(({ receiver }) => receiver.stop('stop')));
    await Promise.all(this.#pairs.map(({ decoder }) => decoder.stop('stop')));
  }

  /** Takes the blocks that were whole when the earlier run ended, before those that this one makes; whether the spool can be used. */
  #takeBlocks(spool: SpoolDirectory): boolean {
    const { block, log } = this.#handlers;
    try {
      for (const each of spool.blocks()) void block(each);
      return true;
    } catch (error) {
      log(
        `${spool.path} cannot be used: ${(error as Error).message}; what it holds is not stored, and left in ${spool.putAside()}`,
      );
      return false;
    }
  }

  async #startPair(index: number, receivers: number, run: number, earlier: readonly SpoolDirectory[]): Promise<void> {
    const { directory, rawSpoolSize, receiveBuffer, sessions, halves } = this.#options;
    const { addresses = emptyTable(), hosts = emptyTable(), sampling = [] } = this.#options;
    const spool = SpoolDirectory.make(join(directory, spoolName(run, index)));
    const progress = new Progress().memory;
    const ports = new MessageChannel();
    const receiving: ReceivingOptions = {
      listen: this.#listenOf(index),
      allowExporters: this.#options.allowExporters ?? [],
      receiveBuffer,
      limit: Math.floor(rawSpoolSize / receivers),
      sharing: receivers === 1 ? 'none' : index === 0 ? 'first' : 'further',
      ...{ directory: spool.path, progress, port: ports.port1 },
    };
    const decoding: WorkerOptions = {
      ...{
        directory: spool.path,
        progress,
        port: ports.port2,
        addresses,
        hosts,
        sampling,
        halves,
        owners: this.#owners,
      },
      ...(index === 0 ? { recover: { spools: earlier.map(each => each.path), sessions } } : {}),
    };
    await new Promise<void>((resolve, reject) => {
      const died = (error: Error) => (this.#listening.length === 0 ? reject(error) : this.#handlers.died(error));
      const pair: Pair = {
        receiver: new CollectingThread('receiving', receiving, [ports.port1], {
          message: message => this.#received(pair, message, resolve, reject),
          died,
        }),
        decoder: new CollectingThread('worker', decoding, [ports.port2], {
          message: message => this.#decoded(pair, message),
          died,
        }),
        received: NOTHING_RECEIVED,
        decoded: NOTHING_DECODED,
        templates: new Map(),
      };
      this.#pairs.push(pair);
      if (index > 0 && this.#sessions !== undefined) pair.decoder.tell({ sessions: this.#sessions });
    });
  }

  /** Connections come to the first thread; it also finds the ports for all where the system chooses. */
  #listenOf(index: number): readonly ListenAddress[] {
    const { listen } = this.#options;
    if (index === 0) return listen;
    return listen.flatMap((at, i) => {
      return at.scheme === 'udp' ? [{ ...at, port: Number(new URL(this.#listening[i]!).port) }] : [];
    });
  }

  #received(pair: Pair, message: FromReceiver, listening: () => void, failed: (error: Error) => void): void {
    if (message.type === 'status') pair.received = message.status;
    else if (message.type === 'log') this.#handlers.log(message.line);
    else if (message.type === 'failed') failed(new WeirError(message.message));
    else {
      if (this.#listening.length === 0) this.#listening = message.urls;
      listening();
    }
  }

  #decoded(pair: Pair, message: FromWorker): void {
    if (message.type === 'status') pair.decoded = message.status;
    else if (message.type === 'log') this.#handlers.log(message.line);
    else if (message.type === 'told') {
      void this.#handlers.told(message.told).then(kept => pair.decoder.tell({ kept }));
    } else if (message.type === 'templates') {
      for (const each of message.exporters) pair.templates.set(keyOf(each), each.templates);
    } else if (message.type === 'block') {
      void this.#handlers.block(message.block).then(() => pair.decoder.tell('taken'));
    } else this.#recovered(message.spools, message.sessions);
  }

  /** From here on the sessions belong to what comes now. */
  #recovered(spools: readonly string[], sessions: SavedSessions): void {
    this.#sessions = sessions;
    if (this.#handlers.sessions(sessions)) for (const spool of spools) new SpoolDirectory(spool).remove();
    for (const { decoder } of this.#pairs.slice(1)) decoder.tell({ sessions });
  }
}
