import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

export function haveProgram(program: string): boolean {
  return runs('sh', '-c', `command -v ${program}`);
}

/** Prints each datagram as its port and its octets in hex. */
const RECEIVER = `for (const port of process.argv.slice(1)) {
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', message => console.log(port + ' ' + message.toString('hex')));
  socket.bind(Number(port), '127.0.0.1', () => console.error('bound'));
}`;

/** A network namespace of its own, with nothing but loopback, where exporters run and their datagrams are received. */
export class PeerNamespace {
  readonly folder = mkdtempSync(join(tmpdir(), 'weir-peers-'));
  readonly #name = `weir-peers-${process.pid}`;
  readonly #children = new Set<ChildProcess>();
  readonly #received: string[] = [];

  /** Whether this user may make one. */
  static possible(): boolean {
    const name = `weir-try-${process.pid}`;
    return runs('ip', 'netns', 'add', name) && runs('ip', 'netns', 'del', name);
  }

  constructor() {
    execFileSync('ip', ['netns', 'add', this.#name]);
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /** Runs a program to its end. */
  run(program: string, ...args: string[]): void {
    spawnSync('ip', ['netns', 'exec', this.#name, program, ...args], { stdio: 'ignore', cwd: this.folder });
  }

  /** Starts a program that runs until it is stopped. */
  start(program: string, ...args: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#name, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.folder,
    });
    child.stdout?.resume();
    child.stderr?.resume();
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Writes a file in the folder where the programs run. */
  file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Receives on those ports from now on. */
  async receive(ports: readonly number[]): Promise<void> {
    const child = this.start(process.execPath, '-e', RECEIVER, ...ports.map(String));
    let rest = '';
    child.stdout?.on('data', chunk => {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      this.#received.push(...lines);
    });
    let bound = 0;
    while (bound < ports.length) bound += String((await once(child.stderr!, 'data'))[0]).split('bound').length - 1;
  }

  /** What has come to a port. */
  messages(port: number): Uint8Array[] {
    const mine = this.#received.filter(line => line.startsWith(`${port} `));
    return mine.map(line => Uint8Array.from(Buffer.from(line.slice(String(port).length + 1), 'hex')));
  }

  /** Waits until that is so; in vain for at most so long. */
  async until(condition: () => boolean, milliseconds: number): Promise<void> {
    for (const end = Date.now() + milliseconds; !condition() && Date.now() < end; ) await pause(50);
  }

  /** Ends one of the programs, and waits for it. */
  async stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await Promise.race([exit, pause(5000).then(() => child.kill('SIGKILL'))]);
  }

  async close(): Promise<void> {
    for (const child of this.#children) await this.stop(child);
    runs('ip', 'netns', 'del', this.#name);
    rmSync(this.folder, { recursive: true });
  }
}
