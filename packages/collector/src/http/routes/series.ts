import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { series } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters, stepOf } from '../parameters.js';

const parameters = Type.Object({
  ...selectionParameters,
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 buckets' })),
});

/** GET /api/v1/series */
export function seriesRoute(app: FastifyInstance, { store, localNetworks }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/series',
    {
      schema: {
        operationId: 'series',
        description: 'Octets and packets per second over time',
        querystring: parameters,
        response: json('SeriesResponse', 'rates'),
      },
    },
    async ({ query }) => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      return series(store, selection, stepOf(query.step, selection, now), [...localNetworks]);
    },
  );
}
