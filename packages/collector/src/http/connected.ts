import type { FastifyInstance } from 'fastify';
import { asking } from '../store/asking.js';

/** Ends the queries of a request when who asked goes away before the answer is whole. */
export function askWhileConnected(app: FastifyInstance): void {
  app.addHook('preHandler', (_request, reply, done) => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    asking.run(gone.signal, done);
  });
}
