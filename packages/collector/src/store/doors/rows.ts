import type { Readable } from 'node:stream';
import { WeirError } from '../../error.js';

const LINE_FEED = 10;
const BRACE = '{'.charCodeAt(0);

/**
 * Rows of an answer in JSONEachRow as they come, each time whole ones.
 * @throws Error that begins with the engine's code, where the query failed when the answer had begun: the server can only say that
 * behind the rows.
 */
export async function* wholeRows(stream: Readable): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let failed = false;
  try {
    for await (const chunk of stream) {
      const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      failed ||= behindRows(bytes);
      const end = failed ? 0 : bytes.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) yield bytes.subarray(0, end);
      rest = bytes.subarray(end);
    }
  } catch (error) {
    // Some servers break the connection behind the message.
    if (!failed) throw error;
  }
  if (rest.length === 0) return;
  throw new WeirError(
    /Code: \d+\.[^\r\n]*/.exec(rest.toString())?.[0] ?? 'the answer of the store ends amid a row; ask again',
  );
}

/** Whether something follows that is no row, from the beginning of a line. */
function behindRows(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  return bytes[0] !== BRACE || bytes.includes('\n__exception__') || bytes.includes('\nCode: ');
}
