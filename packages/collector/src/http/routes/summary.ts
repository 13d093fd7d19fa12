import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { summary } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Summary } from '../types.js';

const parameters = Type.Object(selectionParameters);

/** GET /api/v1/summary */
export function summaryRoute(app: FastifyInstance, { store }: ApiContext): void {
  const description = 'Sums over all Flows, how many were answered, and the round trips of handshakes';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/summary',
    {
      schema: {
        operationId: 'summary',
        description,
        querystring: parameters,
        response: json('Summary', description),
      },
    },
    async ({ query }): Promise<Summary> => summary(store, selectionOf(query, Date.now())),
  );
}
