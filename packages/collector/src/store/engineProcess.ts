import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WeirError } from '../error.js';
import { EngineDied, type FileFormat, type SpooledBlock, type StoreDoor } from './door.js';
import type { Answer, Request } from './messages.js';

export interface EngineProcessOptions {
  /** Absolute directory of the engine's data. */
  readonly directory: string;
  /** Working directory of the process: the files to insert lie in it. */
  readonly spool: string;
  /** Octets that the engine may use. */
  readonly memory: number;
  onDeath(why: string): void;
}

interface Waiting {
  resolve(rows: Uint8Array | null): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout | undefined;
}

const RESTARTING = 'the store is restarting; ask again in a moment';
const ENDED = 'the query was ended by who asked';
const READ_OCTETS = 1 << 20;
const OPEN_TIMEOUT = 60_000;
const QUERY_TIMEOUT = 90_000;
const INSERT_TIMEOUT = 300_000;
/** How long a query waits for an engine that is being restarted. */
const PATIENCE = 20_000;
/** A process killed with its collector may need a moment before the directory is free. */
const LOCK_PATIENCE = 3_000;
const SLOWEST_RESTART = 10_000;
/** The build's output is what runs, also when the sources are what is loaded, as tests do. */
const program = fileURLToPath(new URL('./process.js', import.meta.url)).replace(/([\\/])src([\\/]store)/, '$1dist$2');

/** The door to the embedded engine, in a process of its own: starts it, starts it again when it dies, asks it things. */
export class EngineProcess implements StoreDoor {
  restarts = 0;
  healthy = false;
  readonly #options: EngineProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #closing = false;
  #lastWords = '';
  #ready: Promise<void> = Promise.resolve();

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  /** Process id of the engine, for tests and for people. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async open(): Promise<void> {
    // Of an earlier run that was killed.
    await rm(this.#exports, { recursive: true, force: true });
    const patience = Date.now() + LOCK_PATIENCE;
    for (;;) {
      try {
        return await this.#start();
      } catch (error) {
        const locked = this.#lastWords.includes('Cannot lock file');
        if (locked && Date.now() < patience) {
          await pause(250);
          continue;
        }
        this.#closing = true;
        throw this.#openError(locked, error as Error);
      }
    }
  }

  async command(sql: string): Promise<void> {
    await this.#ask({ kind: 'command', sql }, Infinity, PATIENCE);
  }

  async insert({ file, ...insert }: SpooledBlock): Promise<void> {
    await this.#ask({ kind: 'insert', file: basename(file), insert }, INSERT_TIMEOUT, Infinity);
  }

  async query(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<Uint8Array | null> {
    return await this.#ask({ kind: 'query', sql, parameters }, QUERY_TIMEOUT, PATIENCE, signal);
  }

  async *download(
    sql: string,
    parameters: Record<string, unknown>,
    format: FileFormat,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const file = join(this.#exports, `${randomUUID()}.${format.toLowerCase()}`);
    await mkdir(this.#exports, { recursive: true, mode: 0o700 });
    try {
      await this.#ask({ kind: 'export', sql, parameters, file, format }, Infinity, PATIENCE, signal);
      yield* createReadStream(file, { highWaterMark: READ_OCTETS });
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Files on their way out. */
  get #exports(): string {
    return join(this.#options.spool, '..', 'exports');
  }

  /**
   * Asks the process. Rejects with EngineDied when it dies meanwhile or is not up in time, with WeirError when it refuses.
   * @param timeout milliseconds until a process that does not answer is killed.
   * @param patience milliseconds to wait for a process that is being restarted.
   * @param signal ends the query when it is aborted.
   */
  async #ask(request: Request, timeout: number, patience: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    await this.#up(patience);
    if (signal?.aborted === true) throw new WeirError(ENDED);
    const { id, answer } = this.#send(request, timeout);
    const kill = () => this.#kill(id);
    signal?.addEventListener('abort', kill, { once: true });
    return await answer.finally(() => signal?.removeEventListener('abort', kill));
  }

  /** Who asked is gone: what the engine says to it nobody hears. */
  #kill(query: number): void {
    this.#send({ kind: 'kill', query }, QUERY_TIMEOUT).answer.catch(() => {});
  }

  async *stream(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    await this.#up(PATIENCE);
    const child = this.#child;
    const { id, answer } = this.#send({ kind: 'stream', sql, parameters }, QUERY_TIMEOUT);
    await answer;
    const kill = () => this.#kill(id);
    signal?.addEventListener('abort', kill, { once: true });
    try {
      for (;;) {
        if (this.#child !== child) throw new EngineDied('the store restarted in mid-answer; ask again');
        const rows = await this.#send({ kind: 'next', stream: id }, QUERY_TIMEOUT).answer;
        if (rows === null) return;
        yield rows;
      }
    } finally {
      signal?.removeEventListener('abort', kill);
      if (this.#child === child && this.healthy) await this.#send({ kind: 'cancel', stream: id }, QUERY_TIMEOUT).answer;
    }
  }

  async #up(patience: number): Promise<void> {
    if (!Number.isFinite(patience)) return await this.#ready;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EngineDied(RESTARTING)), patience);
    });
    await Promise.race([this.#ready, tooLate]).finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
    const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
    this.#send({ kind: 'close' }, 10_000).answer.catch(() => {});
    await ended;
    clearTimeout(kill);
  }

  async #start(): Promise<void> {
    this.#lastWords = '';
    const { directory, spool, memory } = this.#options;
    const child = fork(program, [], {
      // Each query in flight holds a thread of the pool.
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      cwd: spool,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString()).slice(-4096);
    });
    child.on('message', (answer: Answer) => this.#settle(answer));
    child.on('error', () => child.kill('SIGKILL'));
    child.once('close', (code, signal) => this.#ended(child, signal ?? `status ${code}`));
    try {
      await this.#send({ kind: 'open', directory, memory }, OPEN_TIMEOUT).answer;
      this.healthy = true;
    } catch (error) {
      await endOf(child);
      throw error;
    }
  }

  #send(request: Request, timeout: number): { id: number; answer: Promise<Uint8Array | null> } {
    const id = ++this.#lastId;
    const answer = new Promise<Uint8Array | null>((resolve, reject) => {
      const child = this.#child;
      if (child === undefined || !child.connected) {
        reject(new EngineDied(RESTARTING));
        return;
      }
      const timer = Number.isFinite(timeout) ? setTimeout(() => child.kill('SIGKILL'), timeout) : undefined;
      this.#waiting.set(id, { resolve, reject, timer });
      child.send({ id, request }, error => {
        if (error) child.kill('SIGKILL');
      });
    });
    return { id, answer };
  }

  #settle({ id, rows, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error === undefined) waiting.resolve(rows ?? null);
    else waiting.reject(new WeirError(error));
  }

  #ended(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    const wasHealthy = this.healthy;
    this.healthy = false;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new EngineDied(`the store's process ended (${how}) before it answered; ask again`));
    }
    this.#waiting.clear();
    if (this.#closing || !wasHealthy) return;
    this.#options.onDeath(`the store's process ended (${how})${lastLine(this.#lastWords)}`);
    this.#ready = this.#restart();
  }

  /** Never rejects: it tries until the engine is up or the store is closed. */
  async #restart(): Promise<void> {
    for (let wait = 100; !this.#closing; wait = Math.min(wait * 2, SLOWEST_RESTART)) {
      try {
        await this.#start();
        this.restarts++;
        return;
      } catch (error) {
        this.#options.onDeath(`the store does not start: ${(error as Error).message}${lastLine(this.#lastWords)}`);
        await pause(wait);
      }
    }
  }

  #openError(locked: boolean, error: Error): WeirError {
    const { directory } = this.#options;
    if (locked) {
      return new WeirError(
        `${directory} is in use by another process; stop the other collector, or name another directory with --data`,
      );
    }
    return new WeirError(`cannot open the store in ${directory}: ${error.message}${lastLine(this.#lastWords)}`);
  }
}

function lastLine(words: string): string {
  const line = words.trim().split('\n').at(-1);
  return line ? `: ${line}` : '';
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Kills the process and waits until it and its last words are over. */
function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return pause(10);
  const over = new Promise<void>(resolve => child.once('close', () => resolve()));
  child.kill('SIGKILL');
  return over;
}
