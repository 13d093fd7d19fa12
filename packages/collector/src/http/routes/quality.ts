import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { qualityBy, qualitySeries } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { sendLines } from '../ndjson.js';
import { estimable, json, jsonLines } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf, stepOf } from '../parameters.js';
import type { QualitySeries } from '../types.js';

const parameters = Type.Object({
  ...estimableParameters,
  by: Type.String({
    minLength: 1,
    maxLength: 1000,
    description: 'fields to group by, separated by commas: IANA names or short ones',
  }),
  top: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 100,
    description: 'so many groups, those with most Flows',
  }),
});

const seriesParameters = Type.Object({
  ...estimableParameters,
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 buckets' })),
});

/** GET /api/v1/quality, and /api/v1/quality/series */
export function qualityRoutes(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/quality',
    {
      schema: {
        operationId: 'quality',
        description: 'Answers, connections that never opened, resets and round trips by fields, one JSON object a line',
        querystring: parameters,
        response: estimable(jsonLines('QualityLine', 'groups, those with most Flows first')),
      },
    },
    async ({ query }, reply) => {
      const by = query.by.split(',').map(name => name.trim());
      const selection = selectionOf(query, Date.now());
      const found = await qualityBy(store, selection, by, query.top);
      sayEstimate(reply, selection);
      return sendLines(reply, found);
    },
  );
  app.get<{ Querystring: Static<typeof seriesParameters> }>(
    '/api/v1/quality/series',
    {
      schema: {
        operationId: 'qualitySeries',
        description: 'Answers, connections that never opened, resets and round trips over time',
        querystring: seriesParameters,
        response: estimable(json('QualitySeries', 'shares and percentiles')),
      },
    },
    async ({ query }, reply): Promise<QualitySeries> => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      const answer = await qualitySeries(store, selection, stepOf(query.step, selection, now));
      sayEstimate(reply, selection);
      return answer;
    },
  );
}
