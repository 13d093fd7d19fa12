import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Point, Series } from '../../store/mesh/series.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { at, PUBLIC_STEP, stateOf, timeOf, topology, topologyOf, viewOf } from '../mesh/asked.js';
import { coverageOf } from '../mesh/coverage.js';
import { clientsSeen, linkSeen, nodeSeen, topologySeen, type View } from '../mesh/view.js';
import { json } from '../openapi.js';
import { selectionOf, stepOf } from '../parameters.js';
import type { MeshChanges, MeshCoverage, MeshHistory, MeshState, Topologies } from '../types.js';
import { baseOf } from './mesh-base.js';

const DAY = 86_400_000;
const config = { isOfMap: 'answer' } as const;

const stateParameters = Type.Object({ topology, at });
const between = {
  from: Type.Optional(
    Type.String({
      maxLength: 50,
      description: 'behind this time: RFC 3339, relative like -15m, or milliseconds; default a day before `to`',
    }),
  ),
  to: Type.Optional(Type.String({ maxLength: 50, description: 'up to this time; default now' })),
};
const coverageParameters = Type.Object({
  from: Type.Optional(
    Type.String({
      maxLength: 50,
      description:
        'from this time on: RFC 3339, relative like -15m, or milliseconds; default the first look at a topology',
    }),
  ),
  to: between.to,
});
const changesParameters = Type.Object({
  topology,
  ...between,
  step: Type.Integer({
    minimum: 1,
    maximum: 604_800,
    default: 1,
    description: 'seconds; changes within a step are told together, at its end; in the public view at least 300',
  }),
});
const historyParameters = Type.Object({
  topology,
  ...between,
  node: Type.Optional(Type.String({ maxLength: 500, description: 'id of a node' })),
  link: Type.Optional(Type.String({ maxLength: 1000, description: 'id of a link' })),
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 steps' })),
});

/** GET /api/v1/mesh and what of meshes is below it, but for loads, exports and the base map. */
export function meshRoutes(app: FastifyInstance, context: ApiContext): void {
  topologiesRoute(app, context);
  stateRoute(app, context);
  changesRoute(app, context);
  coverageRoute(app, context);
  historyRoute(app, context);
}

function topologiesRoute(app: FastifyInstance, { mesh }: ApiContext): void {
  const description = 'The topologies of meshes that are set, how they are, and the base map';
  app.get(
    '/api/v1/mesh',
    { config, schema: { operationId: 'mesh', description, response: json('Topologies', description) } },
    async (request): Promise<Topologies> => {
      const view = viewOf(request, mesh);
      const topologies = mesh.topologies().map(each => topologySeen(each, view));
      return { topologies, public: view.isPublic, map: baseOf(mesh.settings) };
    },
  );
}

function stateRoute(app: FastifyInstance, { mesh }: ApiContext): void {
  app.get<{ Querystring: Static<typeof stateParameters> }>(
    '/api/v1/mesh/state',
    {
      config,
      schema: {
        operationId: 'meshState',
        description: 'Nodes and links of a topology, as they were at a time',
        querystring: stateParameters,
        response: json('MeshState', 'the state', { 404: 'no such topology, or nothing known of it then' }),
      },
    },
    async (request): Promise<MeshState> => {
      const view = viewOf(request, mesh);
      const name = topologyOf(mesh, request.query.topology);
      const state = await stateOf(mesh, name, timeOf(request.query.at));
      const nodes = state.mesh.nodes.map(node => nodeSeen(node, view));
      return { topology: name, at: state.at, nodes, links: state.mesh.links.map(linkSeen) };
    },
  );
}

function changesRoute(app: FastifyInstance, { mesh }: ApiContext): void {
  app.get<{ Querystring: Static<typeof changesParameters> }>(
    '/api/v1/mesh/changes',
    {
      config,
      schema: {
        operationId: 'meshChanges',
        description: 'What became different in a topology: the state at `from` and then these make the state at `to`',
        querystring: changesParameters,
        response: json('MeshChanges', 'changes, in the order of time', { 404: 'no such topology' }),
      },
    },
    async (request): Promise<MeshChanges> => {
      const view = viewOf(request, mesh);
      const name = topologyOf(mesh, request.query.topology);
      const step = Math.max(request.query.step, view.isPublic ? PUBLIC_STEP : 1);
      const { changes, more } = await mesh.history.changes({ topology: name, ...timesOf(request.query), step });
      const seen = changes.map(({ at, nodes, links, goneNodes, goneLinks }) => ({
        ...{ at, nodes: nodes.map(node => nodeSeen(node, view)), links: links.map(linkSeen) },
        ...{ goneNodes: [...goneNodes], goneLinks: [...goneLinks] },
      }));
      return { topology: name, changes: seen, more };
    },
  );
}

function coverageRoute(app: FastifyInstance, { mesh }: ApiContext): void {
  const description = 'When topologies were seen, and when there were flows';
  app.get<{ Querystring: Static<typeof coverageParameters> }>(
    '/api/v1/mesh/coverage',
    {
      config,
      schema: {
        operationId: 'meshCoverage',
        description,
        querystring: coverageParameters,
        response: json('MeshCoverage', description),
      },
    },
    async ({ query }): Promise<MeshCoverage> => {
      const now = Date.now();
      const { from, to = now } = selectionOf(query, now);
      const names = mesh.topologies().map(({ name }) => name);
      return await coverageOf(mesh.history, names, { from, to });
    },
  );
}

function historyRoute(app: FastifyInstance, { mesh }: ApiContext): void {
  const description = 'A node or a link over time: what held at the end of each step, null where it was not seen';
  app.get<{ Querystring: Static<typeof historyParameters> }>(
    '/api/v1/mesh/history',
    {
      config,
      schema: {
        operationId: 'meshHistory',
        description,
        querystring: historyParameters,
        response: json('MeshHistory', description, { 404: 'no such topology' }),
      },
    },
    async (request): Promise<MeshHistory> => {
      const { query } = request;
      const { node, link } = query;
      const id = node ?? link;
      if (id === undefined || (node !== undefined && link !== undefined))
        throw new RequestError(400, 'name either a node or a link by its id');
      const times = timesOf(query);
      const view = viewOf(request, mesh);
      const step = Math.max(stepOf(query.step, times, Date.now()), view.isPublic ? PUBLIC_STEP : 1);
      const kind = node === undefined ? 'link' : 'node';
      const asked = { topology: topologyOf(mesh, query.topology), kind, id, ...times, step } as const;
      return answerOf(kind, await mesh.history.series(asked), view);
    },
  );
}

/** @throws RequestError */
function timesOf(query: { from?: string; to?: string }): { from: number; to: number } {
  const now = Date.now();
  const { from, to = now } = selectionOf(query, now);
  return { from: from ?? to - DAY, to };
}

function answerOf(kind: 'node' | 'link', { times, points }: Series, view: View): MeshHistory {
  const of = <T>(value: (point: Point) => T | undefined) =>
    points.map(point => (point === null ? null : (value(point) ?? null)));
  if (kind === 'link')
    return { times: [...times], quality: of(each => each.quality), reverseQuality: of(each => each.reverseQuality) };
  const clients = of(each => (each.clients === undefined ? undefined : clientsSeen(each.clients, view)));
  return { times: [...times], online: of(each => each.online), clients };
}
