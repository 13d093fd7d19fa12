import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ReportedError } from './error.js';
import type { ReadyMessage, ReconfigureMessage } from './lifetime.js';
import type { Level } from './log.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** What has not ended in order by then never will. */
const STOP_MILLISECONDS = 30_000;

/** A command of ours as a process that is started again when it dies. */
export class Child {
  #process: ChildProcess | undefined;
  #stopping = false;
  #pause = FIRST_PAUSE_MILLISECONDS;

  constructor(
    private readonly name: string,
    private commandArguments: readonly string[],
    private readonly log: (line: string, level?: Level) => void,
  ) {}

  /** Resolves with what the command says when it works. @throws ReportedError when it ends before; it has said why */
  async start(): Promise<string> {
    if (this.#stopping) throw new ReportedError(`"weir ${this.name}" is not wanted any more`);
    const child = fork(MAIN, [this.name, ...this.commandArguments], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process = child;
    const ready = once(child, 'message').then(([message]) => (message as ReadyMessage).ready);
    const ended = once(child, 'exit').then(() => undefined);
    const line = await Promise.race([ready, ended]);
    if (line === undefined) throw new ReportedError(`"weir ${this.name}" did not start`);
    child.once('exit', (status, signal) => this.#restart(signal ?? `status ${status}`));
    this.#pause = FIRST_PAUSE_MILLISECONDS;
    return line;
  }

  /** Gives the process other options to take over while it runs, and its successors to start with. */
  reconfigure(config: object, commandArguments: readonly string[]): void {
    this.commandArguments = commandArguments;
    // One that has just died reads them when it is started again.
    if (this.#process?.connected) {
      this.#process.send({ reconfigure: config } satisfies ReconfigureMessage, undefined, undefined, () => {});
    }
  }

  /** Asks the process to end in order, and waits until it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
    await ended;
    clearTimeout(overdue);
  }

  #restart(how: string): void {
    if (this.#stopping) return;
    this.log(`"weir ${this.name}" has ended (${how}), starting it again`, 'error');
    setTimeout(() => {
      if (this.#stopping) return;
      this.start().catch(() => this.#restart('it did not start'));
    }, this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MILLISECONDS);
  }
}
