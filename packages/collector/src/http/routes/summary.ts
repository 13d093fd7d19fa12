import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { summary } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { estimable, json } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf } from '../parameters.js';
import type { Summary } from '../types.js';

const parameters = Type.Object(estimableParameters);

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
        response: estimable(json('Summary', description)),
      },
    },
    async ({ query }, reply): Promise<Summary> => {
      const selection = selectionOf(query, Date.now());
      const answer = await summary(store, selection);
      sayEstimate(reply, selection);
      return answer;
    },
  );
}
