import { namespaceIdentity } from '../host/network-namespace.js';
import type { CollectorStatus } from './collector-set.js';
import { STOP_FOR_GOOD, STOP_FOR_NOW } from './control.js';
import type { Log } from './log.js';
import type { LoopStatistics } from './loop-statistics.js';
import { MeteringThread, type ThreadChange, type ThreadSettings } from './metering-thread.js';
import type { NamespaceTarget } from './namespaces.js';

const CHECK_MILLISECONDS = 1000;

/** A network namespace that is metered while it is there: a name may go, and come back as another namespace. */
export class MeteredNamespace {
  /** Resolves with what went wrong when metering has ended by itself. */
  readonly failed: Promise<Error>;
  /** How often the namespace went away while it was metered. */
  disappearances = 0;
  #thread: MeteringThread | undefined;
  #identity: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  /** One thing after the other: a start or an end under way. */
  #work: Promise<unknown> = Promise.resolve();
  #fail: (error: Error) => void = () => {};

  constructor(
    readonly target: NamespaceTarget,
    private settings: ThreadSettings,
    private readonly log: Log,
  ) {
    this.failed = new Promise(done => {
      this.#fail = done;
    });
  }

  /** What the loop counted when it last told; undefined while the namespace is not there. */
  get statistics(): LoopStatistics | undefined {
    return this.#thread?.statistics;
  }

  /**
   * Begins to meter, or to wait for the namespace. @returns connections taken over from a former run
   * @throws Error where metering cannot begin
   */
  async start(): Promise<number> {
    const { path } = this.target;
    if (path === undefined) return this.#begin();
    this.#identity = namespaceIdentity(path);
    this.#timer = setInterval(() => this.#enqueue(() => this.#check(path)), CHECK_MILLISECONDS);
    if (this.#identity !== undefined) return this.#begin();
    this.log(`the namespace is not there (${path}): metering begins when it appears`, 'warning');
    return 0;
  }

  get isStuck(): boolean {
    return this.#thread?.isStuck ?? false;
  }

  get collectors(): CollectorStatus[] {
    return this.#thread?.collectors ?? [];
  }

  /** @throws WeirError where a collector cannot be opened: then nothing has changed */
  change(change: ThreadChange): Promise<void> {
    return this.#after(async () => {
      await this.#thread?.change(change);
      this.settings = { ...this.settings, ...change };
    });
  }

  /** Exports what is left and ends. @returns undefined where the namespace was not there */
  async stop(): Promise<LoopStatistics | undefined> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#work;
    return this.#end(STOP_FOR_NOW);
  }

  #enqueue(work: () => Promise<unknown>): void {
    this.#after(work).catch((error: Error) => this.#fail(error));
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => {});
    return result;
  }

  async #begin(): Promise<number> {
    const thread = new MeteringThread(this.settings, this.log);
    this.#thread = thread;
    void thread.ended.then(error => {
      if (error !== undefined && this.#thread === thread && !this.#stopping) this.#enqueue(() => this.#explain(error));
    });
    try {
      return await thread.ready;
    } catch (error) {
      this.#thread = undefined;
      await this.#unlessGone(error as Error);
      return 0;
    }
  }

  async #end(how: typeof STOP_FOR_NOW | typeof STOP_FOR_GOOD): Promise<LoopStatistics | undefined> {
    const thread = this.#thread;
    this.#thread = undefined;
    return thread?.stop(how);
  }

  async #check(path: string): Promise<void> {
    if (this.#stopping) return;
    const identity = namespaceIdentity(path);
    if (identity === this.#identity) return;
    if (this.#thread !== undefined) {
      this.disappearances++;
      const statistics = await this.#end(STOP_FOR_GOOD);
      const flows = statistics?.exportedFlowRecordTotalCount ?? 0;
      this.log(`the namespace has gone: what was left is exported (${flows} Flow Records in all)`, 'warning');
    }
    this.#identity = identity;
    if (identity === undefined) return;
    await this.#begin();
    if (this.#thread !== undefined) this.log(`the namespace is there: metering`);
  }

  async #explain(error: Error): Promise<void> {
    this.#thread = undefined;
    await this.#unlessGone(error);
  }

  /** A namespace may go while its thread is on the way into it: then the next check tells. */
  async #unlessGone(error: Error): Promise<void> {
    const { path } = this.target;
    if (path === undefined || namespaceIdentity(path) === this.#identity) throw error;
    this.#identity = undefined;
  }
}
