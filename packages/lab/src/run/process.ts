import { type ChildProcess, spawn } from 'node:child_process';
import { labEnvironment } from './mark.js';
import { until } from './wait.js';

const keepAtMost = 16 * 1024 * 1024;

/** A long-running command whose output is kept (its last 16 MiB) and that always can be ended. */
export class LabProcess {
  stdout = '';
  stderr = '';
  #child: ChildProcess;
  #ended: Promise<number | null>;
  #status: number | null | undefined;

  constructor(readonly command: readonly string[]) {
    const [file, ...args] = command;
    this.#child = spawn(file!, args, { env: labEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout = (this.stdout + text).slice(-keepAtMost);
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keepAtMost);
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('error', problem => {
        this.stderr += problem.message;
        resolve((this.#status = null));
      });
      this.#child.once('close', status => resolve((this.#status = status)));
    });
  }

  /** Process id. `ip netns exec` replaces itself, so this is the command itself and no wrapper. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Exit status; null after a signal; undefined while it runs. */
  get status(): number | null | undefined {
    return this.#status;
  }

  /** Resolves with the exit status when the command and its output have ended (null after a signal). */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits for output that matches; throws a WeirError with the output so far after `seconds` or when the command ends first. */
  output(pattern: RegExp, seconds: number): Promise<RegExpMatchArray> {
    let over = false;
    return until(
      `output ${pattern} of "${this.command.join(' ')}"`,
      seconds,
      () => {
        const match = this.stdout.match(pattern) ?? this.stderr.match(pattern);
        if (match !== null) return match;
        if (over) throw this.#failure(pattern);
        over = this.#status !== undefined;
        return undefined;
      },
      () => this.#tail(),
    );
  }

  /** Sends a signal if the command still runs. */
  signal(name: NodeJS.Signals): void {
    if (this.#status === undefined) this.#child.kill(name);
  }

  /** Asks the command to end, waits at most `seconds`, then kills it. Resolves with its exit status, null if it was killed. */
  async stop(name: NodeJS.Signals = 'SIGTERM', seconds = 15): Promise<number | null> {
    this.signal(name);
    const timer = setTimeout(() => this.signal('SIGKILL'), seconds * 1000);
    const status = await this.#ended;
    clearTimeout(timer);
    return status;
  }

  #failure(pattern: RegExp): Error {
    return new Error(`"${this.command.join(' ')}" ended with ${this.#status} before ${pattern}. ${this.#tail()}`);
  }

  #tail(): string {
    return `stdout: ${this.stdout.slice(-2000)} stderr: ${this.stderr.slice(-2000)}`;
  }
}
