import { type Transferable, Worker } from 'node:worker_threads';

/** A thread of the Collecting Process. It ends when it is told to; if it ends by itself, that is a defect. */
export class CollectingThread<From extends { readonly type: string }, To> {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #stopping = false;

  /** @param program module of the build's output: that is what a thread runs, also when the sources are what is loaded, as tests do */
  constructor(
    program: string,
    workerData: object,
    transfer: readonly Transferable[],
    { message, died }: { message(message: From): void; died(error: Error): void },
  ) {
    const url = new URL(`../../dist/collecting/${program}.js`, import.meta.url);
    this.#worker = new Worker(url, { workerData, transferList: [...transfer], execArgv: [] });
    this.#worker.on('message', message);
    this.#worker.on('error', error => died(error as Error));
    this.#ended = new Promise(resolve => this.#worker.once('exit', () => resolve()));
    void this.#ended.then(() => {
      if (!this.#stopping) died(new Error(`the thread of ${program}.js has ended by itself`));
    });
  }

  tell(message: To): void {
    this.#worker.postMessage(message);
  }

  /** Tells it that it is to end, and waits until it has. */
  async stop(message: To): Promise<void> {
    this.#stopping = true;
    this.tell(message);
    await this.#ended;
  }

  /** Ends it where it stands. */
  async terminate(): Promise<void> {
    this.#stopping = true;
    await this.#worker.terminate();
  }
}
