import { once } from 'node:events';

/** Ends the command quietly when the reader of standard output goes away, as `head` does. */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
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
