import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What becomes of an insert: the connection breaks when half of the body has come; when it is done but not answered; at once, while it goes on
 * for a while; or a gateway in front of the server answers.
 */
export type Fault = 'break in body' | 'break before answer' | 'break and go on' | 'bad gateway';

export interface TestServerOptions {
  readonly directory: string;
  /** Undefined: everybody may ask. */
  readonly user?: string;
  readonly password?: string;
  /** Files in PEM form. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const program = fileURLToPath(new URL('./server-process.js', import.meta.url)).replace(
  /([\\/])src([\\/]store)/,
  '$1dist$2',
);

/** A server that can be killed and started again at its port. */
export class TestServer {
  port = 0;
  readonly #options: TestServerOptions;
  readonly #own: boolean;
  #child: ChildProcess | undefined;

  private constructor(options: Partial<TestServerOptions>) {
    this.#own = options.directory === undefined;
    this.#options = { ...options, directory: options.directory ?? mkdtempSync(join(tmpdir(), 'weir-server-')) };
  }

  static async start(options: Partial<TestServerOptions> = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = fork(program, [JSON.stringify({ ...this.#options, port: this.port })], {
      cwd: this.#options.directory,
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      execArgv: [],
    });
    this.#child = child;
    const { port } = await new Promise<{ port: number }>((resolve, reject) => {
      child.once('message', message => resolve(message as { port: number }));
      child.once('exit', code => reject(new Error(`the test server ended with ${code}`)));
    });
    this.port = port;
  }

  /** As a power cut would do it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** The next insert that has no fault yet has this one. */
  async fault(fault: Fault): Promise<void> {
    const heard = new Promise(resolve => this.#child!.once('message', resolve));
    this.#child!.send({ fault });
    await heard;
  }

  async end(): Promise<void> {
    await this.kill();
    if (this.#own) rmSync(this.#options.directory, { recursive: true, force: true });
  }
}
