import type { FastifyInstance } from 'fastify';
import type { Access } from '../access.js';
import type { ApiContext } from '../context.js';
import { metricsText } from '../metrics.js';
import { anyObject, json } from '../openapi.js';

/** How the collector is, for pages, for Prometheus and for who watches over processes; and what the API is. */
export function statusRoutes(app: FastifyInstance, context: ApiContext, access: Access): void {
  const status = 'The collector, its store and its exporters';
  app.get(
    '/api/v1/status',
    { schema: { operationId: 'status', description: status, response: json('Status', status) } },
    async () => context.status(),
  );
  const description = 'This description';
  app.get(
    '/api/v1/openapi.json',
    { schema: { operationId: 'openapi', description, response: anyObject('OpenAPI 3.1') } },
    async () => app.swagger(),
  );
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(context, access)),
  );
  app.get('/healthz', { config: { role: 'none' }, schema: { hide: true } }, async (_request, reply) => {
    const { healthy } = context.store.status;
    return reply.code(healthy ? 200 : 503).send(healthy ? 'ok\n' : 'the store is down\n');
  });
}
