import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { flowColumns, flowRows } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { cursorText, placeOf } from '../cursor.js';
import { estimable, json } from '../openapi.js';
import { estimableParameters, sayEstimate, selectionOf } from '../parameters.js';
import type { FlowsResponse } from '../types.js';

const parameters = Type.Object({
  ...estimableParameters,
  order: Type.Enum(['newest', 'largest'], { default: 'newest' }),
  limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
  after: Type.Optional(
    Type.String({ maxLength: 100, description: '`next` of the answer that is to be gone on with, of the same order' }),
  ),
  columns: Type.String({
    maxLength: 1000,
    default: '',
    description: 'further fields, separated by commas: IANA names or short ones',
  }),
});

/** GET /api/v1/flows */
export function flowsRoute(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/flows',
    {
      schema: {
        operationId: 'flows',
        description:
          'Flows, interim reports summed. Pages: `next` of an answer is `after` of the next request. Of the newest, a Flow of which a record comes in between is in one page at most',
        querystring: parameters,
        response: estimable(json('FlowsResponse', 'flows')),
      },
    },
    async ({ query }, reply): Promise<FlowsResponse> => {
      const selection = selectionOf(query, Date.now());
      const { order, limit } = query;
      const names = query.columns.split(',').map(name => name.trim());
      const columns = flowColumns(names.filter(name => name !== ''));
      const after = query.after === undefined ? undefined : placeOf(query.after, order);
      const { flows, next } = await flowRows(store, selection, { order, limit, after, columns });
      sayEstimate(reply, selection);
      return { flows, ...(next === undefined ? {} : { next: cursorText(order, next) }) };
    },
  );
}
