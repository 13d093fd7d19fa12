import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { records } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { sendLines } from '../ndjson.js';
import { jsonLines } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';

const parameters = Type.Object({
  ...selectionParameters,
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'default: all' })),
});

/** GET /api/v1/records */
export function recordsRoute(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/records',
    {
      schema: {
        operationId: 'records',
        description: 'Flow Records, one JSON object a line',
        querystring: parameters,
        response: jsonLines('RecordLine', 'Flow Records, earliest end first'),
      },
    },
    async ({ query }, reply) => sendLines(reply, records(store, selectionOf(query, Date.now()), query.limit)),
  );
}
