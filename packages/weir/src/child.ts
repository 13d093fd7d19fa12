import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ReportedError, WeirError } from './error.js';
import type { Answer, Question, ReadyMessage } from './lifetime.js';
import type { Level } from './log.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** What has not ended in order by then never will. */
const STOP_MILLISECONDS = 30_000;
/** A collector that is taken away is given time to take what is left. */
const ANSWER_MILLISECONDS = 60_000;

/** A command of ours as a process that is started again when it dies. */
export class Child {
  #process: ChildProcess | undefined;
  #stopping = false;
  /** The one before, while it ends. */
  #ending: Promise<void> = Promise.resolve();
  #pause = FIRST_PAUSE_MILLISECONDS;
  #questions = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

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
    const ready = this.#listen(child);
    const ended = once(child, 'exit').then(() => undefined);
    const line = await Promise.race([ready, ended]);
    if (line === undefined) throw new ReportedError(`"weir ${this.name}" did not start`);
    child.once('exit', (status, signal) => {
      if (child === this.#process) this.#restart(signal ?? `status ${status}`);
    });
    this.#pause = FIRST_PAUSE_MILLISECONDS;
    return line;
  }

  get isRunning(): boolean {
    return this.#process?.connected ?? false;
  }

  /** What the process is to be started with the next time. */
  startWith(commandArguments: readonly string[]): void {
    this.commandArguments = commandArguments;
  }

  /** @throws WeirError where the process does not run, or refuses */
  async ask(question: Omit<Question, 'number'> = {}): Promise<unknown> {
    const child = this.#process;
    if (child === undefined || !this.isRunning)
      throw new WeirError(`"weir ${this.name}" does not run at the moment: try again`);
    const number = ++this.#questions;
    const answered = new Promise<Answer>(done => this.#waiting.set(number, done));
    const gone = () => this.#waiting.get(number)?.({ number, error: `"weir ${this.name}" has ended meanwhile` });
    const timer = setTimeout(gone, ANSWER_MILLISECONDS);
    child.once('exit', gone);
    child.send({ ...question, number } satisfies Question, undefined, undefined, () => {});
    const { value, error } = await answered;
    clearTimeout(timer);
    child.off('exit', gone);
    this.#waiting.delete(number);
    if (error !== undefined) throw new WeirError(error);
    return value;
  }

  /**
   * Ends the process in order, and starts it with other arguments.
   *
   * @throws ReportedError where it does not start with them: it is started with the former ones then
   */
  async replace(next: readonly string[], former: readonly string[]): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    this.#ending = endInOrder(child);
    await this.#ending;
    this.commandArguments = next;
    try {
      await this.start();
    } catch (error) {
      this.commandArguments = former;
      this.#restart('it did not start');
      throw error;
    }
  }

  /** Asks the process to end in order, and waits until it has. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#ending;
    await endInOrder(this.#process);
  }

  /** @returns what the command says when it works */
  #listen(child: ChildProcess): Promise<string> {
    return new Promise(done => {
      child.on('message', message => {
        if ('ready' in (message as object)) done((message as ReadyMessage).ready);
        else this.#waiting.get((message as Answer).number)?.(message as Answer);
      });
    });
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

async function endInOrder(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await ended;
  clearTimeout(overdue);
}
