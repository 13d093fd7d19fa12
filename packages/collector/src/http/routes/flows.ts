import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { flowRows } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { FlowsResponse } from '../types.js';

const parameters = Type.Object({
  ...selectionParameters,
  order: Type.Enum(['newest', 'largest'], { default: 'newest' }),
  limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
});

/** GET /api/v1/flows */
export function flowsRoute(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/flows',
    {
      schema: {
        operationId: 'flows',
        description: 'Flows, interim reports summed',
        querystring: parameters,
        response: json('FlowsResponse', 'flows'),
      },
    },
    async ({ query }): Promise<FlowsResponse> => {
      const selection = selectionOf(query, Date.now());
      return { flows: await flowRows(store, selection, query.order, query.limit) };
    },
  );
}
