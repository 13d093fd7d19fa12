import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { report, WeirError } from '../error.js';

/** Ends the command where standard output takes no more: quietly when its reader goes away, as `head` does, else with a line. */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    const reason = code === 'ENOSPC' ? 'there is no space left' : message;
    process.exit(report(new WeirError(`cannot write to standard output: ${reason}`)));
  });
}

/** Where everything is written to. */
let output: Writable = process.stdout;

/** Whether what is written goes to a screen. */
export function writesToTerminal(): boolean {
  return output === process.stdout && process.stdout.isTTY;
}

/**
 * Has everything that `work` writes in this file; standard output where there is none. The file appears under its name when it is whole.
 * @throws WeirError where it cannot be written
 */
export async function writingTo(file: string | undefined, work: () => Promise<void>): Promise<void> {
  if (file === undefined) return await work();
  const part = `${file}.part`;
  const stream = createWriteStream(part);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  output = stream;
  try {
    await Promise.race([once(stream, 'open'), failed]);
    await Promise.race([work(), failed]);
    stream.end();
    await finished(stream);
    renameSync(part, file);
  } catch (error) {
    stream.destroy();
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'open') rmSync(part, { force: true });
    if (syscall === undefined) throw error;
    throw new WeirError(`cannot write ${file}: ${code === 'ENOSPC' ? 'there is no space left' : message}`);
  } finally {
    output = process.stdout;
  }
}

/** Writes, and waits where what it is written to is slow. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!output.write(text)) await once(output, 'drain');
}

const LINES_AT_ONCE = 256;

/** Writes every line, many at once. */
export async function writeLines(lines: AsyncIterable<string>): Promise<void> {
  let waiting: string[] = [];
  for await (const line of lines) {
    waiting.push(line);
    if (waiting.length < LINES_AT_ONCE) continue;
    await write(`${waiting.join('\n')}\n`);
    waiting = [];
  }
  if (waiting.length > 0) await write(`${waiting.join('\n')}\n`);
}

/** The first `count` objects, so that columns can be chosen by them. */
export async function takeFirst<T>(objects: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await objects.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}
