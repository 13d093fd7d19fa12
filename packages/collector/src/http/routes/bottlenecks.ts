import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { bottlenecksOf } from '../../reporting/links.js';
import type { ApiContext } from '../context.js';
import { estimable, json } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf } from '../parameters.js';
import type { Bottlenecks } from '../types.js';

const DAY = 86_400_000;

const parameters = Type.Object(estimableParameters);

/** GET /api/v1/bottlenecks */
export function bottlenecksRoute(app: FastifyInstance, { store, capacities }: ApiContext): void {
  const description =
    'Links that are full, busy, or make traffic wait, the worst first; the time is cut to whole samples of five minutes, of estimates to hours';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/bottlenecks',
    {
      schema: {
        operationId: 'bottlenecks',
        description,
        querystring: parameters,
        response: estimable(json('Bottlenecks', description)),
      },
    },
    async ({ query }, reply): Promise<Bottlenecks> => {
      const now = Date.now();
      const { from, to = now, ...asked } = selectionOf(query, now);
      const answer = await bottlenecksOf(store, capacities, { ...asked, from: from ?? to - DAY, to });
      sayEstimate(reply, asked);
      return answer;
    },
  );
}
