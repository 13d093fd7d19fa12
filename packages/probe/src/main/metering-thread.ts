import { Worker } from 'node:worker_threads';
import { WeirError } from '../error.js';
import { type CollectorPlan, CollectorSet, type CollectorStatus } from './collector-set.js';
import { CHANGES, CONTROL_WORDS, STOP, type STOP_FOR_GOOD, type STOP_FOR_NOW } from './control.js';
import { explain } from './explain.js';
import type { Log } from './log.js';
import type { LoopStatistics } from './loop-statistics.js';
import { LoopWatch } from './loop-watch.js';
import type { WorkerOutput } from './worker.js';
import type { WorkerInput } from './worker-input.js';

/** What can be changed while the thread runs. */
export interface ThreadChange {
  /** Milliseconds. */
  readonly activeTimeout: number;
  readonly plan: CollectorPlan;
}

/** What a thread is started with. */
export type ThreadSettings = ThreadChange &
  Omit<WorkerInput, 'control' | 'collectors' | 'exporting'> & {
    /** Observation Domain ID. */
    readonly domain: number;
  };

/** The thread that meters one network namespace, seen from the one that started it. */
export class MeteringThread {
  /** What the loop counted when it last told, about a second ago. */
  statistics: LoopStatistics | undefined;
  /** Connections taken over from a former run; resolves when all connections have been seen once. */
  readonly ready: Promise<number>;
  /** Resolves with what went wrong, or undefined where the thread was stopped. */
  readonly ended: Promise<Error | undefined>;
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4));
  readonly #collectors: CollectorSet;
  readonly #worker: Worker;
  readonly #domain: number;
  readonly #watch: LoopWatch;
  #stopped = false;
  /** Data Records that were left when the sessions ended. */
  #left = 0;
  #changed: (refusal: string | undefined) => void = () => {};

  /** @throws WeirError where a collector cannot be opened */
  constructor(
    settings: ThreadSettings,
    private readonly log: Log,
  ) {
    const { plan, domain, ...rest } = settings;
    this.#domain = domain;
    this.#collectors = new CollectorSet(log);
    const { collectors, transferList } = this.#collectors.become(plan);
    const control = this.#control.buffer as SharedArrayBuffer;
    const workerData: WorkerInput = { ...rest, collectors, exporting: { ...plan.exporting, domain }, control };
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, transferList });
    this.#watch = new LoopWatch(this.#control, log);
    const watch = this.#watch.start();
    this.ended = this.#end().finally(() => clearInterval(watch));
    this.ready = this.#begin();
    // Who only waits for the end must not be surprised by this one.
    this.ready.catch(() => {});
  }

  /** The loop has not moved for some ten seconds. */
  get isStuck(): boolean {
    return this.#watch.isStuck;
  }

  get collectors(): CollectorStatus[] {
    return this.#collectors.status();
  }

  /** Resolves when the loop works by it. @throws WeirError where a collector cannot be opened: then nothing has changed */
  async change({ activeTimeout, plan }: ThreadChange): Promise<void> {
    const { collectors, transferList, retire, giveUp } = this.#collectors.become(plan);
    const changed = new Promise<string | undefined>(done => {
      this.#changed = done;
    });
    const exporting = { ...plan.exporting, domain: this.#domain };
    this.#worker.postMessage({ activeTimeout, collectors, exporting }, transferList);
    Atomics.add(this.#control, CHANGES, 1);
    const refusal = await Promise.race([changed, this.ended.then(() => undefined)]);
    if (refusal === undefined) return retire();
    await giveUp();
    throw new WeirError(`the new collectors cannot be used: ${refusal}`);
  }

  /**
   * Exports what is left.
   *
   * @param how for good: the network namespace has gone, nobody will go on with its flow table
   * @throws Error where the thread has ended by itself before
   */
  async stop(how: typeof STOP_FOR_NOW | typeof STOP_FOR_GOOD): Promise<LoopStatistics> {
    Atomics.store(this.#control, STOP, how);
    const error = await this.ended;
    if (error !== undefined) throw error;
    const { notSentFlowTotalCount, ...others } = this.statistics!;
    return { ...others, notSentFlowTotalCount: notSentFlowTotalCount + this.#left };
  }

  async #begin(): Promise<number> {
    const ready = new Promise<number>(done => {
      this.#worker.on('message', (output: WorkerOutput) => {
        if (output.kind === 'ready') done(output.adopted);
        else if (output.kind === 'log') this.log(output.line, output.level);
        else if (output.kind === 'changed') this.#changed(undefined);
        else if (output.kind === 'refused') this.#changed(output.why);
        else {
          this.statistics = output.statistics;
          this.#stopped = output.kind === 'stopped';
        }
      });
    });
    const first = await Promise.race([ready, this.ended]);
    if (typeof first !== 'number') throw first ?? new WeirError('the probe has ended before it was ready');
    return first;
  }

  async #end(): Promise<Error | undefined> {
    const failure = await this.#exit();
    // What the loop has made is sent or kept also where it failed.
    this.#left = await this.#collectors.stop();
    return failure;
  }

  #exit(): Promise<Error | undefined> {
    return new Promise(done => {
      let failure: Error | undefined;
      this.#worker.once('error', error => {
        failure = explain(error as Error);
      });
      // Only then is the network namespace let go of.
      this.#worker.once('exit', () =>
        done(failure ?? (this.#stopped ? undefined : new WeirError('the probe has ended without a word'))),
      );
    });
  }
}
