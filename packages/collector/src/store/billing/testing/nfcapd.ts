import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../collecting/testing/exporter.js';

/** A Flow as nfdump tells it. */
export interface ToldFlow {
  readonly source: string;
  readonly destination: string;
  readonly octets: number;
  readonly reverseOctets: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
}

/** Whether nfcapd and nfdump are there. */
export function hasNfcapd(): boolean {
  return ['nfcapd', 'nfdump'].every(program => spawnSync(program, ['-V']).status === 0);
}

/** nfcapd on loopback. */
export class Nfcapd {
  readonly #port = 20_000 + (process.pid % 10_000);
  readonly #directory = mkdtempSync(join(tmpdir(), 'weir-nfcapd-'));
  readonly #process: ChildProcess;
  readonly #socket = createSocket('udp4');

  constructor() {
    const where = ['-b', '127.0.0.1', '-p', String(this.#port), '-B', '16000000'];
    this.#process = spawn('nfcapd', [...where, '-w', this.#directory], { stdio: 'ignore' });
  }

  /** Waits until it listens. */
  async ready(): Promise<void> {
    const port = this.#port.toString(16).toUpperCase().padStart(4, '0');
    await until(() => readFileSync('/proc/net/udp', 'utf8').includes(`0100007F:${port} `));
  }

  /** Sends datagrams not faster than they are read. */
  async send(messages: readonly Uint8Array[]): Promise<void> {
    for (const [i, message] of messages.entries()) {
      await new Promise<void>(resolve => this.#socket.send(message, this.#port, '127.0.0.1', () => resolve()));
      if (i % 50 === 0) await until(() => this.#waiting() === 0);
    }
    await until(() => this.#waiting() === 0);
  }

  /** Ends it, and tells what it has. */
  async flows(): Promise<ToldFlow[]> {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
    return this.#ask('-o', 'fmt:%sa,%da,%ibyt,%obyt,%ts,%te').map(flowOf);
  }

  /** The sum of a counter over all that fits a filter of nfdump; once it has ended. */
  octets(filter: string, counter: '%ibyt' | '%obyt'): number {
    return this.#ask('-o', `fmt:${counter}`, filter).reduce((sum, line) => sum + Number(line), 0);
  }

  #ask(...options: string[]): string[] {
    const { stdout, status } = spawnSync('nfdump', ['-R', this.#directory, '-q', '-N', '-6', ...options], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, TZ: 'UTC' },
    });
    if (status !== 0) throw new Error('nfdump cannot read what nfcapd wrote');
    return stdout.trim().split('\n');
  }

  close(): void {
    this.#process.kill('SIGKILL');
    this.#socket.close();
    rmSync(this.#directory, { recursive: true });
  }

  /** Octets in its receive buffer. */
  #waiting(): number {
    const port = this.#port.toString(16).toUpperCase().padStart(4, '0');
    const line = readFileSync('/proc/net/udp', 'utf8')
      .split('\n')
      .find(each => each.includes(`0100007F:${port} `));
    return Number.parseInt(/ [0-9A-F]{8}:([0-9A-F]{8}) /.exec(line ?? '')?.[1] ?? '0', 16);
  }
}

function flowOf(line: string): ToldFlow {
  const [source, destination, octets, reverseOctets, start, end] = line.split(',').map(cell => cell.trim());
  return {
    ...{ source: source!, destination: destination!, octets: Number(octets), reverseOctets: Number(reverseOctets) },
    ...{ start: Date.parse(`${start}Z`), end: Date.parse(`${end}Z`) },
  };
}
