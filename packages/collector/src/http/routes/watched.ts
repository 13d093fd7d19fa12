import { parseFilter } from '@weir/flow';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { keyOf, type MeshPlace } from '../../analysis/events/event.js';
import { measures, unitOf } from '../../analysis/events/measures.js';
import { placeSchema } from '../answers/events.js';
import { fixedProperties, fixedSchema } from '../answers/watched.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import type { EventsContext, Fixed } from '../events.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Watched, WatchedPreview } from '../types.js';

const DAY = 86_400_000;

const measure = Type.Enum(measures, { default: 'in', description: 'what of it' });
const previewParameters = Type.Object({
  ...selectionParameters,
  measure,
  topology: Type.Optional(Type.String({ maxLength: 200, description: 'of a link or gateway, instead of a filter' })),
  link: Type.Optional(Type.String({ maxLength: 1000, description: 'id of a link' })),
  direction: Type.Optional(Type.Enum(['forward', 'reverse'], { description: 'of the link; forward if not given' })),
  node: Type.Optional(Type.String({ maxLength: 500, description: 'id of a gateway' })),
  tried: Type.Optional(
    Type.Boolean({ description: 'with the parameters given, the others chosen; else with those that it has' }),
  ),
  ...fixedProperties,
});

const fixBody = Type.Object({
  filter: Type.String({ maxLength: 10_000, description: 'of the series; empty for all traffic, and with a place' }),
  place: Type.Optional(placeSchema),
  measure,
  fixed: fixedSchema,
});

/** GET /api/v1/watched, GET /api/v1/watched/preview and POST /api/v1/watched/parameters */
export function watchedRoutes(app: FastifyInstance, { events }: ApiContext): void {
  const description = 'What is watched for what is not usual, and how it is now';
  const schema = { response: json('Watched', description, { 404: 'that is not watched' }) };
  app.get('/api/v1/watched', { schema: { operationId: 'watched', description, ...schema } }, () => answerOf(events));
  app.post<{ Body: Static<typeof fixBody> }>(
    '/api/v1/watched/parameters',
    {
      schema: {
        operationId: 'fixWatched',
        description: 'Fix parameters of a series by hand; what is not given is chosen by what is stored',
        body: fixBody,
        ...schema,
      },
    },
    async request => {
      const { filter, place, measure: of, fixed } = request.body;
      const subject = { filter, ...(place === undefined ? {} : { place }) };
      const series = events.watched.find(each => each.measure === of && keyOf(each.subject) === keyOf(subject));
      if (series === undefined) throw new RequestError(404, `that is not watched; choose what is by "watch"`);
      request.auditDetail = `${of} of ${series.subject.name}: ${JSON.stringify(fixed)}`;
      events.fix(series.subject, of, fixed);
      return answerOf(events);
    },
  );
  previewRoute(app, events);
}

function previewRoute(app: FastifyInstance, events: EventsContext): void {
  app.get<{ Querystring: Static<typeof previewParameters> }>(
    '/api/v1/watched/preview',
    {
      schema: {
        operationId: 'watchedPreview',
        description:
          'What would have been expected and told of a series, had it been watched: of two weeks before the time asked for, a day where nothing is said',
        querystring: previewParameters,
        response: json('WatchedPreview', 'a series with its bands'),
      },
    },
    async ({ query }): Promise<WatchedPreview> => {
      const { filter = '', from, to } = selectionOf(query, Date.now());
      const place = placeOf(query);
      if (filter !== '') parseFilter(filter);
      const end = to ?? Date.now();
      const found = await events.preview({
        subject: { name: filter, filter: place === undefined ? filter : '', ...(place === undefined ? {} : { place }) },
        measure: query.measure,
        ...{ from: from ?? end - DAY, to: end },
        ...(query.tried === true ? { fixed: fixedOf(query) } : {}),
      });
      const { judged, times, events: told, parameters, ...columns } = found;
      return {
        ...{ unit: unitOf[query.measure], judged, times: [...times], ...withNull(columns), parameters },
        events: told.map(({ start, end: last, size, expected = 0 }) => ({
          ...{ start, size, expected },
          ...(last === undefined ? {} : { end: last }),
        })),
      };
    },
  );
}

function answerOf(events: EventsContext): Watched {
  return { series: events.watched.map(each => ({ ...each, unit: unitOf[each.measure] })) };
}

/** @throws RequestError */
function placeOf({ topology, link, node, direction = 'forward', measure: of }: Static<typeof previewParameters>) {
  const isLoad = of === 'load';
  const place: MeshPlace | undefined =
    topology === undefined
      ? undefined
      : link !== undefined
        ? { topology, link, direction }
        : node !== undefined
          ? { topology, node }
          : undefined;
  if (topology !== undefined && place === undefined)
    throw new RequestError(400, 'topology: give a link or a node, too');
  const fits = place === undefined ? !isLoad : 'link' in place ? isLoad : of === 'in' || of === 'out';
  if (!fits) throw new RequestError(400, 'measure: links have "load", gateways "in" and "out", filters all but "load"');
  return place;
}

function fixedOf({ scale, levelHalfLife, weekly, width }: Static<typeof previewParameters>): Fixed {
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(levelHalfLife === undefined ? {} : { levelHalfLife }),
    ...(weekly === undefined ? {} : { weekly }),
    ...(width === undefined ? {} : { width }),
  };
}

type Columns = Record<'values' | 'expected' | 'lower' | 'upper', (number | null)[]>;

/** JSON has no NaN. */
function withNull(columns: Readonly<Record<keyof Columns, readonly number[]>>): Columns {
  const values = Object.entries(columns).map(([name, column]) => [
    name,
    column.map(value => (Number.isFinite(value) ? value : null)),
  ]);
  return Object.fromEntries(values) as Columns;
}
