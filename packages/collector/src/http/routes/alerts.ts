import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Alerting } from '../../alerting/alerting.js';
import { eventKinds } from '../../alerting/mutes.js';
import type { AlertRoute } from '../../alerting/routes.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json } from '../openapi.js';
import type { Acknowledged, AlertChannels, Mutes } from '../types.js';

/** Longest mute by the API, milliseconds: what is to be quiet for longer belongs into the configuration. */
const LONGEST_MUTE = 366 * 86_400_000;
const text = (description: string, maxLength: number) => Type.String({ description, minLength: 1, maxLength });
const comment = Type.Optional(text('why, for people', 500));
const testBody = Type.Object(
  { channel: Type.Optional(text('name of the channel; default: all', 32)) },
  { additionalProperties: false },
);
const muteBody = Type.Object(
  {
    kind: Type.Optional(Type.Enum([...eventKinds, 'any'], { description: 'any: whatever it is' })),
    subject: Type.Optional(text('name of a subject', 500)),
    filter: Type.Optional(text('mutes subjects of which all fits', 2000)),
    until: Type.Number({ description: 'milliseconds since the epoch, within a year' }),
    comment,
  },
  { additionalProperties: false },
);
const acknowledgeBody = Type.Object(
  { id: text('of an event that goes on', 200), comment },
  { additionalProperties: false },
);
const identified = Type.Object({ id: Type.String({ maxLength: 200 }) });
type Identified = { Params: Static<typeof identified> };

/** Who is told of events, what is muted, and who looks after what. */
export function alertRoutes(app: FastifyInstance, { alerting }: ApiContext): void {
  const channels = 'Channels that tell people of events and how they are, and of which events they tell';
  app.get(
    '/api/v1/alerts',
    { schema: { operationId: 'alerts', description: channels, response: json('AlertChannels', channels) } },
    async () => channelsOf(alerting),
  );
  const test = 'Send a test message by one channel or all';
  app.post<{ Body: Static<typeof testBody> }>(
    '/api/v1/alerts/test',
    {
      schema: {
        operationId: 'alertTest',
        description: test,
        body: testBody,
        response: json('AlertTest', 'what came of it'),
      },
    },
    async request => {
      const { channel } = request.body;
      request.auditDetail = channel ?? 'all channels';
      return { results: await alerting.test(channel, Date.now()) };
    },
  );
  muteRoutes(app, alerting);
  acknowledgeRoutes(app, alerting);
}

function muteRoutes(app: FastifyInstance, alerting: Alerting): void {
  const list = 'What nobody is told of';
  const path = '/api/v1/alerts/mutes';
  const answer = (): Mutes => ({ mutes: [...alerting.mutes(Date.now())] });
  const schema = { response: json('Mutes', list, { 404: 'there is no such mute to end' }) };
  app.get(path, { schema: { operationId: 'mutes', description: list, ...schema } }, async () => answer());
  app.post<{ Body: Static<typeof muteBody> }>(
    path,
    {
      schema: {
        operationId: 'mute',
        description: 'Tell nobody of some events until a time',
        body: muteBody,
        ...schema,
      },
    },
    async request => {
      const { body, principal } = request;
      const now = Date.now();
      const { kind, subject, filter, until } = body;
      // A name of a key that is mistaken is not seen: it must not come to be all that happens.
      if (kind === undefined && subject === undefined && filter === undefined)
        throw new RequestError(400, 'say what is to be quiet: kind (any for whatever it is), subject or filter');
      if (!(until > now && until <= now + LONGEST_MUTE))
        throw new RequestError(
          400,
          'until: give a time in the future and within a year, in milliseconds since the epoch',
        );
      const what = subject === undefined ? (filter ?? '') : `"${subject}"`;
      request.auditDetail = `${kind ?? 'any'}=${what} until ${new Date(until).toISOString()}`;
      alerting.mute({ ...patternOf(body), until, by: principal.who }, now);
      return answer();
    },
  );
  app.delete<Identified>(
    `${path}/:id`,
    { schema: { operationId: 'unmute', description: 'End a mute', params: identified, ...schema } },
    async request => {
      const { id } = request.params;
      request.auditDetail = id;
      if (alerting.unmute(id, Date.now())) return answer();
      throw new RequestError(404, `no mute "${id}" can be ended here; those of the configuration are ended there`);
    },
  );
}

function patternOf({ kind, until: _, ...rest }: Static<typeof muteBody>) {
  return { ...rest, ...(kind === undefined || kind === 'any' ? {} : { kind }) };
}

function acknowledgeRoutes(app: FastifyInstance, alerting: Alerting): void {
  const list = 'Events that go on and that somebody looks after';
  const path = '/api/v1/alerts/acknowledged';
  const schema = { response: json('Acknowledged', list, { 404: 'there is no such event, or it is over' }) };
  const missing = (id: string) => new RequestError(404, `no event "${id}" goes on: it is over, or there was none`);
  app.get(path, { schema: { operationId: 'acknowledged', description: list, ...schema } }, async () =>
    acknowledgedOf(alerting),
  );
  app.post<{ Body: Static<typeof acknowledgeBody> }>(
    path,
    {
      schema: {
        operationId: 'acknowledge',
        description: 'Say that one looks after an event: nobody is reminded of it',
        body: acknowledgeBody,
        ...schema,
      },
    },
    async request => {
      const { id, ...rest } = request.body;
      request.auditDetail = id;
      const now = Date.now();
      const done = alerting.acknowledge(id, { by: request.principal.who, at: now, ...rest }, now);
      if (done === undefined) throw missing(id);
      return acknowledgedOf(alerting);
    },
  );
  app.delete<Identified>(
    `${path}/:id`,
    {
      schema: {
        operationId: 'unacknowledge',
        description: 'Have people reminded of an event again',
        params: identified,
        ...schema,
      },
    },
    async request => {
      const { id } = request.params;
      request.auditDetail = id;
      if (alerting.acknowledge(id, undefined, Date.now()) === undefined) throw missing(id);
      return acknowledgedOf(alerting);
    },
  );
}

function channelsOf(alerting: Alerting): AlertChannels {
  const now = Date.now();
  const channels = alerting.channels(now).map(({ counters, lastSent, problem, messages, ...channel }) => ({
    ...channel,
    ...counters,
    ...(lastSent === undefined ? {} : { lastSent }),
    ...(problem === undefined ? {} : { problem }),
    messages: [...messages],
  }));
  const events = alerting.events(now).map(({ entry: { event, told, acknowledged }, mutes }) => ({
    id: event.id,
    told: Object.entries(told).map(([channel, { at }]) => ({ channel, at })),
    mutes: mutes.map(({ id }) => id),
    ...(acknowledged === undefined ? {} : { acknowledged }),
  }));
  return { channels, routes: alerting.routes.map(routeOf), events };
}

function routeOf({ kinds, atLeast, times, channels }: AlertRoute): AlertChannels['routes'][number] {
  return {
    ...(kinds && { kinds: [...kinds] }),
    ...(atLeast && { atLeast: [...atLeast] }),
    ...(times !== undefined && { times }),
    channels: [...channels],
  };
}

function acknowledgedOf(alerting: Alerting): Acknowledged {
  const acknowledged = alerting.acknowledged().map(({ event: { id, kind, subject }, acknowledged }) => ({
    ...{ id, kind, subject: subject.name },
    ...acknowledged!,
  }));
  return { acknowledged };
}
