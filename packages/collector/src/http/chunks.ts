import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Who does not read for so long is let go: its query holds one of few places. */
const PATIENCE = 60_000;

/**
 * Answers with the chunks as they come. The first is waited for, so that a mistake in the request is still an error answer; an error
 * after that breaks the connection, which tells the asker that something is missing.
 * @param patience milliseconds that the asker may leave what is there unread
 */
export async function sendChunks(
  reply: FastifyReply,
  chunks: AsyncGenerator<string | Uint8Array>,
  patience = PATIENCE,
): Promise<FastifyReply> {
  const first = await chunks.next();
  async function* rest(): AsyncGenerator<string | Uint8Array> {
    let stalled: NodeJS.Timeout | undefined;
    try {
      for (let next = first; next.done !== true; next = await chunks.next()) {
        stalled = setTimeout(() => reply.raw.destroy(), patience);
        // Goes on when what was there before has been read.
        yield next.value;
        clearTimeout(stalled);
      }
    } finally {
      clearTimeout(stalled);
      await chunks.return(undefined);
    }
  }
  return reply.send(Readable.from(rest(), { objectMode: false }));
}
