import { once } from 'node:events';
import { report, WeirError } from '../error.js';

/** Ends the command where standard output takes no more: quietly when its reader goes away, as `head` does, else with a line. */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    const reason = code === 'ENOSPC' ? 'there is no space left' : message;
    process.exit(report(new WeirError(`cannot write to standard output: ${reason}`)));
  });
}

/** Writes to standard output, and waits where it is slow. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
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
