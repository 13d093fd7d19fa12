import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { bottlenecksOf } from '../../reporting/links.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Bottlenecks } from '../types.js';

const DAY = 86_400_000;

const parameters = Type.Object(selectionParameters);

/** GET /api/v1/bottlenecks */
export function bottlenecksRoute(app: FastifyInstance, { store, capacities }: ApiContext): void {
  const description =
    'Links that are full, busy, or make traffic wait, the worst first; the time is cut to whole samples of five minutes';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/bottlenecks',
    {
      schema: {
        operationId: 'bottlenecks',
        description,
        querystring: parameters,
        response: json('Bottlenecks', description),
      },
    },
    async ({ query }): Promise<Bottlenecks> => {
      const now = Date.now();
      const { from, to = now, ...filter } = selectionOf(query, now);
      return await bottlenecksOf(store, capacities, { ...filter, from: from ?? to - DAY, to });
    },
  );
}
