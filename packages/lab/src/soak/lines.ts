import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WeirError } from '../error.js';
import { run } from '../run/command.js';
import { labEnvironment } from '../run/mark.js';

/** Calls `visit` with each line: for more of them than memory should hold. */
export async function eachLine(from: Readable, visit: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY })) visit(line);
}

export function eachLineOfFile(file: string, visit: (line: string) => void): Promise<void> {
  return eachLine(createReadStream(file, 'utf8'), visit);
}

/** Of what a command writes; throws a WeirError unless it ends in order. */
export async function eachLineOf(command: readonly string[], visit: (line: string) => void): Promise<void> {
  const [file, ...args] = command;
  const running = spawn(file!, args, { env: labEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'close') as Promise<[number | null]>;
  await eachLine(running.stdout, visit);
  const [status] = await ended;
  if (status !== 0) throw new WeirError(`"${command.join(' ')}" ended with ${status}`);
}

/** A file that lines are put into. */
export class LineFile {
  readonly #stream: WriteStream;
  #waiting: string[] = [];

  constructor(readonly file: string) {
    this.#stream = createWriteStream(file);
  }

  put(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length === 10_000) this.#flush();
  }

  async close(): Promise<void> {
    this.#flush();
    this.#stream.end();
    await once(this.#stream, 'close');
  }

  #flush(): void {
    if (this.#waiting.length > 0) this.#stream.write(`${this.#waiting.join('\n')}\n`);
    this.#waiting = [];
  }
}

/** Sorts files of lines into one, by their octets. */
export function sortFiles(files: readonly string[], into: string, folder: string): void {
  run(['env', 'LC_ALL=C', 'sort', '-S', '512M', '-T', folder, '-o', into, ...files], 1800);
}
