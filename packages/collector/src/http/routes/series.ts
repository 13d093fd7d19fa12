import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { series, seriesBy } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters, stepOf } from '../parameters.js';
import type { SeriesBy } from '../types.js';

const parameters = Type.Object({
  ...selectionParameters,
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 buckets' })),
});

const byParameters = Type.Object({
  ...parameters.properties,
  by: Type.String({ minLength: 1, maxLength: 300, description: 'the field: an IANA name or a short one' }),
  top: Type.Integer({ minimum: 1, maximum: 32, default: 8, description: 'so many values by themselves' }),
});

/** GET /api/v1/series, and /api/v1/series/by */
export function seriesRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, localNetworks } = context;
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
      return series(store, selection, stepOf(query.step, selection, now), localNetworks);
    },
  );
  seriesByRoute(app, context);
}

function seriesByRoute(app: FastifyInstance, { store, localNetworks }: ApiContext): void {
  app.get<{ Querystring: Static<typeof byParameters> }>(
    '/api/v1/series/by',
    {
      schema: {
        operationId: 'seriesBy',
        description: 'Octets per second over time, told apart by a field',
        querystring: byParameters,
        response: json('SeriesBy', 'rates of the largest values, and of all others together'),
      },
    },
    async ({ query }): Promise<SeriesBy> => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      const { by, top, step } = query;
      return seriesBy(store, selection, { by, top, stepSeconds: stepOf(step, selection, now) }, localNetworks);
    },
  );
}
