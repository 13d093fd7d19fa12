import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { DEFAULT_STALL, sessionStatistics } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { estimable, json } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf } from '../parameters.js';
import type { SessionStatistics } from '../types.js';

const parameters = Type.Object({
  ...estimableParameters,
  stall: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: DEFAULT_STALL,
    description: 'seconds without a packet from which on a connection has stalled; not less than the active timeout',
  }),
});

/** GET /api/v1/sessions/statistics */
export function sessionStatisticsRoute(app: FastifyInstance, { store }: ApiContext): void {
  const description =
    'TCP connections as a whole: what became of their handshakes, who closed them, how long and how large they were, and how many stalled';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/sessions/statistics',
    {
      schema: {
        operationId: 'sessionStatistics',
        description,
        querystring: parameters,
        response: estimable(json('SessionStatistics', description)),
      },
    },
    async ({ query }, reply): Promise<SessionStatistics> => {
      const selection = selectionOf(query, Date.now());
      const answer = await sessionStatistics(store, selection, query.stall * 1000);
      sayEstimate(reply, selection);
      return answer;
    },
  );
}
