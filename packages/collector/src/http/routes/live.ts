import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Access, Principal } from '../access.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { events } from '../openapi.js';

const MAXIMUM_LISTENERS = 64;
/** A listener that does not read is let go when so many octets wait for it. */
const MAXIMUM_BACKLOG = 1 << 20;
const STATUS_MILLISECONDS = 1000;

/**
 * GET /api/v1/live: server-sent events `status`, once a second, `stored`, after each stored batch, `mesh`, after each change of a
 * mesh, and `event`, after each change of one. It ends with the login that opened it: nothing is told after that.
 */
export function liveRoute(app: FastifyInstance, context: ApiContext, access: Access): void {
  const listeners = new Map<ServerResponse, Principal>();
  const endRefused = () => {
    for (const [listener, principal] of listeners) {
      if (access.isStill(principal)) continue;
      listeners.delete(listener);
      listener.end();
    }
  };
  const tell = (event: string, data: unknown) => {
    endRefused();
    if (listeners.size === 0) return;
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const listener of listeners.keys()) {
      listener.write(text);
      if (listener.writableLength > MAXIMUM_BACKLOG) listener.destroy();
    }
  };
  const timer = setInterval(() => tell('status', context.status()), STATUS_MILLISECONDS);
  const forget = [
    access.onLogOut(endRefused),
    context.onStored(event => tell('stored', event)),
    context.mesh.onChange(event => tell('mesh', event)),
    context.events.onChange(change => tell('event', change)),
  ];
  app.addHook('preClose', async () => {
    clearInterval(timer);
    for (const each of forget) each();
    for (const listener of listeners.keys()) listener.end();
  });
  const description = 'Server-sent events: status, stored, mesh, event';
  app.get(
    '/api/v1/live',
    { schema: { operationId: 'live', description, response: events('LiveEvent', description) } },
    async (request, reply) => {
      if (listeners.size >= MAXIMUM_LISTENERS)
        throw new RequestError(503, `there are ${MAXIMUM_LISTENERS} listeners already`);
      const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, headers as Record<string, string>);
      response.write(`retry: 1000\nevent: status\ndata: ${JSON.stringify(context.status())}\n\n`);
      listeners.set(response, request.principal);
      response.on('close', () => listeners.delete(response));
      response.on('error', () => response.destroy());
    },
  );
}
