import type { FastifyReply } from 'fastify';
import { sendChunks } from './chunks.js';

const CHUNK_LENGTH = 65_536;

/** Answers with one JSON object a line: see sendChunks. */
export function sendLines(
  reply: FastifyReply,
  objects: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<FastifyReply> {
  return sendChunks(reply.type('application/x-ndjson'), chunksOf(objects));
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
