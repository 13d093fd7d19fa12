import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const CHUNK_LENGTH = 65_536;

/**
 * Answers with one JSON object a line. The first object is waited for, so that a mistake in the request is still an error
 * answer; an error after that breaks the connection, which tells the asker that lines are missing.
 */
export async function sendLines(
  reply: FastifyReply,
  objects: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<FastifyReply> {
  const chunks = chunksOf(objects);
  const first = await chunks.next();
  async function* rest(): AsyncGenerator<string> {
    try {
      if (first.done !== true) yield first.value;
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  return reply.type('application/x-ndjson').send(Readable.from(rest(), { objectMode: false }));
}

async function* chunksOf(objects: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let chunk = '';
  for await (const object of objects) {
    chunk += `${JSON.stringify(object)}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
