import type { LabProcess } from '../run/process.js';
import { processTree, readProc } from '../run/tree.js';
import { sleep } from '../run/wait.js';

/** As the units of the packages have it (RestartSec). */
const RESTART_MILLISECONDS = 2000;

/** From the start of a process until its end. Times are milliseconds since the Unix epoch. */
export interface Life {
  pid: number;
  /** When it said that it was ready. */
  ready: number;
  ended?: number;
}

/** A command that is started again where it ends by itself or is killed, as a service manager does. */
export class Supervised {
  readonly lives: Life[] = [];
  /** Ends that nobody had asked for, and starts that failed, one line each. */
  readonly troubles: string[] = [];
  #process: LabProcess | undefined;
  #meant = false;
  #restarting: Promise<void> | undefined;

  /** @param start a process that is ready */
  constructor(
    readonly name: string,
    private readonly start: () => Promise<LabProcess>,
  ) {}

  get pid(): number {
    return this.#process?.pid ?? -1;
  }

  /** All below it. */
  children(): number[] {
    return processTree(this.pid).slice(1);
  }

  get output(): string {
    return `${this.#process?.stdout ?? ''}${this.#process?.stderr ?? ''}`;
  }

  async begin(): Promise<void> {
    const running = await this.start();
    const life: Life = { pid: running.pid, ready: Date.now() };
    this.#process = running;
    this.lives.push(life);
    void running.ended().then(status => {
      life.ended = Date.now();
      if (this.#meant) return;
      this.troubles.push(`${this.name} ended by itself with ${status}: ${this.output.slice(-1000)}`);
      this.#restarting = this.#again();
    });
  }

  /** kill -9 of the process and all below it at once; resolves when another one is ready. */
  async kill(): Promise<void> {
    this.#meant = true;
    // Stopped first: none of them is to notice the end of another and tidy up.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) signalAll(this.pid, signal);
    await this.#process!.ended();
    await this.#again();
  }

  /** Ends it in order, until it is told to begin again. @returns its exit status */
  async end(seconds = 120): Promise<number | null> {
    await this.#restarting;
    this.#meant = true;
    const tooLong = setTimeout(
      () => {
        const there = processTree(this.pid).map(pid => readProc(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200));
        this.troubles.push(`${this.name} does not end for ${seconds} s; there are still: ${there.join('; ')}`);
      },
      seconds * 1000 - 500,
    );
    const status = await this.#process!.stop('SIGTERM', seconds);
    clearTimeout(tooLong);
    if (status !== 0) this.troubles.push(`${this.name} ended with ${status} when told to: ${this.output.slice(-1000)}`);
    return status;
  }

  async #again(): Promise<void> {
    for (;;) {
      await sleep(RESTART_MILLISECONDS);
      this.#meant = false;
      try {
        return await this.begin();
      } catch (problem) {
        this.troubles.push(`${this.name} did not start: ${(problem as Error).message}`);
      }
    }
  }
}

function signalAll(pid: number, signal: NodeJS.Signals): void {
  for (const each of processTree(pid)) {
    try {
      process.kill(each, signal);
    } catch {
      // It ended in between.
    }
  }
}
