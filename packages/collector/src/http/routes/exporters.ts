import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import type { Interfaces } from '../types.js';

/** What is known of exporters. */
export function exportersRoutes(app: FastifyInstance, { store }: ApiContext): void {
  const description = 'Names of interfaces that exporters have told';
  app.get(
    '/api/v1/interfaces',
    { schema: { operationId: 'interfaces', description, response: json('Interfaces', description) } },
    async (): Promise<Interfaces> => ({ interfaces: await store.interfaces() }),
  );
}
