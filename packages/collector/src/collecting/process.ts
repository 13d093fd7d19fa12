import { Worker } from 'node:worker_threads';
import { WeirError } from '../error.js';
import type { FilledBatch } from './ingest.js';
import type { CollectingStatus, FromWorker, ToWorker, WorkerOptions } from './messages.js';

/** What happens with what the Collecting Process delivers. */
export interface CollectingHandlers {
  /**
   * Takes a batch; when what it returns resolves, the batch no longer counts as waiting: later, where the store is behind.
   * `sessions` belong into the file of sessions with it.
   */
  batch(batch: FilledBatch, sessions: string | undefined): Promise<void>;
  /** Sessions to be kept though no batch comes with them: with new Templates, and at the end. */
  sessions(saved: string): void;
  /** A line for people about what went wrong with a connection. */
  log(line: string): void;
  /** The thread has ended by a defect. */
  died(error: Error): void;
}

/** The build's output is what a thread runs, also when the sources are what is loaded, as tests do. */
const program = new URL('../../dist/collecting/worker.js', import.meta.url);

const nothing: CollectingStatus = {
  exporters: [],
  counters: {
    datagrams: 0,
    streamMessages: 0,
    octets: 0,
    flowRecords: 0,
    optionsRecords: 0,
    batches: 0,
    droppedRecords: 0,
    notIpfix: 0,
    refusedDatagrams: 0,
  },
  streams: { open: 0, accepted: 0, refused: 0, shutDown: 0 },
  diagnostics: {},
  sessions: 0,
  kernelDrops: undefined,
};

/** The Collecting Process, in a thread of its own. */
export class CollectingProcess {
  /** At most a second old while it runs. */
  status: CollectingStatus = nothing;
  /** Transport URLs, in the order asked for. */
  readonly listening: readonly string[];
  readonly #worker: Worker;
  readonly #handlers: CollectingHandlers;
  readonly #ended: Promise<void>;
  #stopping = false;

  private constructor(
    worker: Worker,
    ended: Promise<void>,
    listening: readonly string[],
    handlers: CollectingHandlers,
  ) {
    this.#worker = worker;
    this.#ended = ended;
    this.listening = listening;
    this.#handlers = handlers;
  }

  /** @throws WeirError where an address cannot be listened on. */
  static async start(options: WorkerOptions, handlers: CollectingHandlers): Promise<CollectingProcess> {
    const worker = new Worker(program, { workerData: options, execArgv: [] });
    const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()));
    let running: CollectingProcess | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('error', error => (running === undefined ? reject(error) : handlers.died(error as Error)));
        worker.on('message', (message: FromWorker) => {
          if (message.type === 'failed') reject(new WeirError(message.message));
          else if (message.type === 'log') handlers.log(message.line);
          else if (message.type !== 'listening') {
            if (running !== undefined) running.#take(message);
          } else {
            running = new CollectingProcess(worker, ended, message.urls, handlers);
            resolve();
          }
        });
      });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    const started = running!;
    void ended.then(() => {
      if (!started.#stopping) handlers.died(new Error('the collecting thread has ended by itself'));
    });
    return started;
  }

  /** Reads what has arrived, delivers it, and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#tell('stop');
    await this.#ended;
  }

  #take(message: FromWorker): void {
    if (message.type === 'batch') {
      void this.#handlers.batch(message.batch, message.sessions).then(() => this.#tell('taken'));
    } else if (message.type === 'status') this.status = message.status;
    else if (message.type === 'sessions' || message.type === 'stopped') this.#handlers.sessions(message.sessions);
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
