import { completeFilter } from '@weir/flow';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { flowRows, groups, records, series } from '../store/queries.js';
import type { Access } from './access.js';
import { askWhileConnected } from './connected.js';
import type { ApiContext } from './context.js';
import { exportRoute } from './export.js';
import { importRoute } from './import.js';
import { liveRoute } from './live.js';
import { metricsText } from './metrics.js';
import { sendLines } from './ndjson.js';
import { anyObject, json, jsonLines } from './openapi.js';
import {
  completeParameters,
  flowsParameters,
  groupsParameters,
  namesParameters,
  recordsParameters,
  selectionOf,
  seriesParameters,
  stepOf,
} from './parameters.js';
import { accessRoutes } from './routes/access.js';
import { probeRoutes } from './routes/probe.js';
import type { FlowsResponse, Interfaces, Names } from './types.js';

/** Every route but the pages. */
export function routes(app: FastifyInstance, context: ApiContext, access: Access): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  askWhileConnected(app);
  flowRoutes(app, context);
  recordRoutes(app, context);
  const status = 'The collector, its store and its exporters';
  app.get(
    '/api/v1/status',
    { schema: { operationId: 'status', description: status, response: json('Status', status) } },
    async () => context.status(),
  );
  const description = 'This description';
  app.get(
    '/api/v1/openapi.json',
    { schema: { operationId: 'openapi', description, response: anyObject('OpenAPI 3.1') } },
    async () => app.swagger(),
  );
  completeRoute(app, context);
  namesRoute(app, context);
  interfacesRoute(app, context);
  exportRoute(app, context);
  importRoute(app, context);
  liveRoute(app, context);
  accessRoutes(app, access);
  probeRoutes(app, context);
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(context, access)),
  );
  app.get('/healthz', { config: { role: 'none' }, schema: { hide: true } }, async (_request, reply) => {
    const { healthy } = context.store.status;
    return reply.code(healthy ? 200 : 503).send(healthy ? 'ok\n' : 'the store is down\n');
  });
}

function flowRoutes(app: FastifyInstance, { store, localNetworks }: ApiContext): void {
  app.get<{ Querystring: Static<typeof flowsParameters> }>(
    '/api/v1/flows',
    {
      schema: {
        operationId: 'flows',
        description: 'Flows, interim reports summed',
        querystring: flowsParameters,
        response: json('FlowsResponse', 'flows'),
      },
    },
    async ({ query }): Promise<FlowsResponse> => {
      const selection = selectionOf(query, Date.now());
      return { flows: await flowRows(store, selection, query.order, query.limit) };
    },
  );
  app.get<{ Querystring: Static<typeof seriesParameters> }>(
    '/api/v1/series',
    {
      schema: {
        operationId: 'series',
        description: 'Octets and packets per second over time',
        querystring: seriesParameters,
        response: json('SeriesResponse', 'rates'),
      },
    },
    async ({ query }) => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      return series(store, selection, stepOf(query.step, selection, now), [...localNetworks]);
    },
  );
}

function recordRoutes(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof recordsParameters> }>(
    '/api/v1/records',
    {
      schema: {
        operationId: 'records',
        description: 'Flow Records, one JSON object a line',
        querystring: recordsParameters,
        response: jsonLines('RecordLine', 'Flow Records, earliest end first'),
      },
    },
    async ({ query }, reply) => sendLines(reply, records(store, selectionOf(query, Date.now()), query.limit)),
  );
  app.get<{ Querystring: Static<typeof groupsParameters> }>(
    '/api/v1/groups',
    {
      schema: {
        operationId: 'groups',
        description: 'Sums by fields, one JSON object a line, most octets first',
        querystring: groupsParameters,
        response: jsonLines('GroupLine', 'groups, most octets first'),
      },
    },
    async ({ query }, reply) => {
      const by = query.by.split(',').map(name => name.trim());
      const names = by.filter(name => name !== '');
      return sendLines(reply, await groups(store, selectionOf(query, Date.now()), names, query.top));
    },
  );
}

function namesRoute(app: FastifyInstance, { asNames }: ApiContext): void {
  const description = 'Names of autonomous systems';
  app.get<{ Querystring: Static<typeof namesParameters> }>(
    '/api/v1/names',
    {
      schema: { operationId: 'names', description, querystring: namesParameters, response: json('Names', description) },
    },
    async ({ query }): Promise<Names> => {
      const asked = query.as.split(',').filter(text => text !== '');
      const known = asked.map(text => [text, asNames.get(Number(text))] as const);
      return { as: Object.fromEntries(known.filter((pair): pair is [string, string] => pair[1] !== undefined)) };
    },
  );
}

function interfacesRoute(app: FastifyInstance, { store }: ApiContext): void {
  const description = 'Names of interfaces that exporters have told';
  app.get(
    '/api/v1/interfaces',
    { schema: { operationId: 'interfaces', description, response: json('Interfaces', description) } },
    async (): Promise<Interfaces> => ({ interfaces: await store.interfaces() }),
  );
}

function completeRoute(app: FastifyInstance, { namesOf }: ApiContext): void {
  const description = 'What can stand at the cursor of a filter';
  app.get<{ Querystring: Static<typeof completeParameters> }>(
    '/api/v1/complete',
    {
      schema: {
        operationId: 'complete',
        description,
        querystring: completeParameters,
        response: json('Completion', description),
      },
    },
    async ({ query: { filter, cursor } }) => completeFilter(filter, cursor, namesOf),
  );
}
