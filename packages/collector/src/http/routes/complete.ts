import { completeFilter } from '@weir/flow';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';

const parameters = Type.Object({
  filter: Type.String({ maxLength: 10_000, default: '', description: 'a filter, as far as it is written' }),
  cursor: Type.Optional(
    Type.Integer({ minimum: 0, description: 'where in the filter, in characters from 0; default: at its end' }),
  ),
});

/** GET /api/v1/complete */
export function completeRoute(app: FastifyInstance, { namesOf }: ApiContext): void {
  const description = 'What can stand at the cursor of a filter';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/complete',
    {
      schema: {
        operationId: 'complete',
        description,
        querystring: parameters,
        response: json('Completion', description),
      },
    },
    async ({ query: { filter, cursor } }) => completeFilter(filter, cursor, namesOf),
  );
}
