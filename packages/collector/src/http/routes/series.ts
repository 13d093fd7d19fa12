import { parseNetwork } from '@weir/flow';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { series, seriesBy } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { estimable, json } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf, stepOf } from '../parameters.js';
import type { SeriesBy, SeriesResponse } from '../types.js';

const parameters = Type.Object({
  ...estimableParameters,
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 buckets' })),
  towards: Type.Optional(
    Type.String({ maxLength: 50, description: 'a prefix that "in" is towards; default: the local networks' }),
  ),
});

const byParameters = Type.Object({
  ...parameters.properties,
  by: Type.String({ minLength: 1, maxLength: 300, description: 'the field: an IANA name or a short one' }),
  top: Type.Integer({ minimum: 1, maximum: 32, default: 8, description: 'so many values by themselves' }),
});

/** GET /api/v1/series, and /api/v1/series/by */
export function seriesRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store } = context;
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/series',
    {
      schema: {
        operationId: 'series',
        description: 'Octets and packets per second over time',
        querystring: parameters,
        response: estimable(json('SeriesResponse', 'rates')),
      },
    },
    async ({ query }, reply): Promise<SeriesResponse> => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      const step = stepOf(query.step, selection, now);
      const answer = await series(store, selection, step, insideOf(query.towards, context));
      sayEstimate(reply, selection);
      return answer;
    },
  );
  seriesByRoute(app, context);
}

function seriesByRoute(app: FastifyInstance, context: ApiContext): void {
  app.get<{ Querystring: Static<typeof byParameters> }>(
    '/api/v1/series/by',
    {
      schema: {
        operationId: 'seriesBy',
        description: 'Octets per second over time, told apart by a field',
        querystring: byParameters,
        response: estimable(json('SeriesBy', 'rates of the largest values, and of all others together')),
      },
    },
    async ({ query }, reply): Promise<SeriesBy> => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      const { by, top, step } = query;
      const split = { by, top, stepSeconds: stepOf(step, selection, now) };
      const answer = await seriesBy(context.store, selection, split, insideOf(query.towards, context));
      sayEstimate(reply, selection);
      return answer;
    },
  );
}

/**
 * The networks that "in" is towards.
 * @throws RequestError where the one asked for is none
 */
function insideOf(towards: string | undefined, { localNetworks }: ApiContext): readonly string[] {
  if (towards === undefined) return localNetworks;
  if (parseNetwork(towards) !== undefined) return [towards];
  throw new RequestError(400, `towards: "${towards}" is no network; write it as 10.0.0.0/8 or fd00::/8`);
}
