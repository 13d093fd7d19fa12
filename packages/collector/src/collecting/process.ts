import { Worker } from 'node:worker_threads';
import { WeirError } from '../error.js';
import type { FilledBatch } from './ingest.js';
import type { CollectingStatus, FromWorker, Listening, ToWorker, WorkerOptions } from './messages.js';

/** What happens with what the Collecting Process delivers. */
export interface CollectingHandlers {
  /** Takes a batch; when it returns, the batch no longer counts as waiting. `sessions` belong into the file of sessions with it. */
  batch(batch: FilledBatch, sessions: string | undefined): void;
  /** Sessions to be kept though no batch comes with them: with new Templates, and at the end. */
  sessions(saved: string): void;
  /** The thread has ended by a defect. */
  died(error: Error): void;
}

/** The build's output is what a thread runs, also when the sources are what is loaded, as tests do. */
const program = new URL('../../dist/collecting/worker.js', import.meta.url);

const nothing: CollectingStatus = {
  exporters: [],
  counters: {
    datagrams: 0,
    octets: 0,
    flowRecords: 0,
    optionsRecords: 0,
    batches: 0,
    droppedRecords: 0,
    notIpfix: 0,
    refusedDatagrams: 0,
  },
  diagnostics: {},
  sessions: 0,
  kernelDrops: undefined,
};

/** The Collecting Process, in a thread of its own. */
export class CollectingProcess {
  /** At most a second old while it runs. */
  status: CollectingStatus = nothing;
  readonly listening: Listening;
  readonly #worker: Worker;
  readonly #handlers: CollectingHandlers;
  readonly #ended: Promise<void>;
  #stopping = false;

  private constructor(worker: Worker, ended: Promise<void>, listening: Listening, handlers: CollectingHandlers) {
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
          else if (message.type !== 'listening') {
            if (running !== undefined) running.#take(message);
          } else {
            running = new CollectingProcess(worker, ended, message.listening, handlers);
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
      this.#handlers.batch(message.batch, message.sessions);
      this.#tell('taken');
    } else if (message.type === 'status') this.status = message.status;
    else if (message.type === 'sessions' || message.type === 'stopped') this.#handlers.sessions(message.sessions);
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
