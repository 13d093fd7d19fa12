import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { eventKinds } from '../answers/events.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf } from '../parameters.js';

const HOUR = 3_600_000;

const parameters = Type.Object({
  from: Type.Optional(
    Type.String({
      description:
        'events that went on at this time or later: RFC 3339, relative like -1d, or milliseconds; default an hour before to',
    }),
  ),
  to: Type.Optional(Type.String({ description: 'events that began before this time; default now' })),
  kind: Type.Optional(Type.Enum(eventKinds, { description: 'only those of this kind' })),
  limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'only so many, the newest' }),
});

/** GET /api/v1/events */
export function eventsRoute(app: FastifyInstance, { events }: ApiContext): void {
  const description = 'What was unusual in the traffic, the newest first';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/events',
    { schema: { operationId: 'events', description, querystring: parameters, response: json('Events', description) } },
    async ({ query: { kind, limit, ...times } }) => {
      const now = Date.now();
      const { from, to = now } = selectionOf(times, now);
      const asked = { from: from ?? to - HOUR, to, limit, ...(kind === undefined ? {} : { kind }) };
      const { since } = events;
      return { events: await events.list(asked), ...(since === undefined ? {} : { since }) };
    },
  );
}
