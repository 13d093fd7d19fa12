import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { groups } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { sendLines } from '../ndjson.js';
import { estimable, jsonLines } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf } from '../parameters.js';

const parameters = Type.Object({
  ...estimableParameters,
  by: Type.String({
    maxLength: 1000,
    description: 'fields to group by, separated by commas: IANA names or short ones; empty: one group of all',
  }),
  top: Type.Optional(Type.Integer({ minimum: 1, description: 'only the largest groups; default: all' })),
  largest: Type.Enum(['sent', 'both'], {
    default: 'sent',
    description: 'which octets make a group large: those that sources sent, or those of both directions',
  }),
});

/** GET /api/v1/groups */
export function groupsRoute(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/groups',
    {
      schema: {
        operationId: 'groups',
        description: 'Sums by fields, one JSON object a line, the largest first',
        querystring: parameters,
        response: estimable(jsonLines('GroupLine', 'groups, the largest first')),
      },
    },
    async ({ query }, reply) => {
      const by = query.by.split(',').map(name => name.trim());
      const names = by.filter(name => name !== '');
      const selection = selectionOf(query, Date.now());
      const found = await groups(store, selection, names, query.top, query.largest);
      sayEstimate(reply, selection);
      return sendLines(reply, found);
    },
  );
}
