import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { closedBy } from '../../analysis/closing.js';
import { roundTripOf, tcpStates } from '../../analysis/tcp-states.js';
import { parseFlowId, session } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Session } from '../types.js';

const { from, to } = selectionParameters;
const parameters = Type.Object({
  id: Type.String({ maxLength: 50, description: '`id` of a Flow, as /api/v1/flows has it' }),
  ...{ from, to },
});

/** GET /api/v1/session */
export function sessionRoute(app: FastifyInstance, { store }: ApiContext): void {
  const description =
    'One Flow rebuilt from its records: how it went on, how it ended, who saw it and what belongs to it. Of others are looked at what ended since `from` and at most an hour after the Flow';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/session',
    {
      schema: {
        operationId: 'session',
        description,
        querystring: parameters,
        response: json('Session', 'the Flow', { 404: 'no record of such a Flow ended in that time' }),
      },
    },
    async ({ query }): Promise<Session> => {
      const id = parseFlowId(query.id);
      if (id === undefined) throw new RequestError(400, `id: ${JSON.stringify(query.id)} is no id of a Flow`);
      const found = await session(store, selectionOf(query, Date.now()), id);
      if (found !== undefined) return answerOf(found);
      const when = query.from === undefined ? 'in the last 24 hours' : 'between from and to';
      throw new RequestError(404, `no record of the Flow ${query.id} ended ${when}; name an earlier time with from`);
    },
  );
}

function answerOf({ told, flow, ...found }: NonNullable<Awaited<ReturnType<typeof session>>>): Session {
  const [closed, roundTrip, states] = [
    closedBy(told, flow.protocol, flow.flowEndReason),
    roundTripOf(told),
    tcpStates(told),
  ];
  return {
    flow,
    records: [...found.records],
    more: found.more,
    ...(roundTrip === undefined ? {} : { roundTrip }),
    ...(closed === undefined ? {} : { closedBy: closed }),
    ...(states.length === 0 ? {} : { states: states.map(({ at, isExact, state }) => ({ at, exact: isExact, state })) }),
    seenBy: [...found.seenBy],
    related: [...found.related],
  };
}
