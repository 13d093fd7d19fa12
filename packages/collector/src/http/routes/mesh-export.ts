import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { ApiContext } from '../context.js';
import { at, stateOf, timeOf, topology, topologyOf, viewOf } from '../mesh/asked.js';
import { type Exported, geojson, meshviewer, netjson } from '../mesh/exports.js';
import { linkSeen, nodeSeen, rateSeen, type View } from '../mesh/view.js';
import { anyObject } from '../openapi.js';

/** Milliseconds before the time of the state that traffic is averaged over. */
const TRAFFIC = 300_000;

/** What anybody may know pages of other sites may read, too: a meshviewer, for one. */
const forEverybody = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

const parameters = Type.Object({ topology, at });

const formats = [
  { name: 'netjson', id: 'meshNetjson', what: 'a NetworkGraph of NetJSON', write: netjson },
  {
    name: 'geojson',
    id: 'meshGeojson',
    what: 'GeoJSON (RFC 7946) of nodes and links that have a position',
    write: geojson,
  },
  { name: 'meshviewer.json', id: 'meshMeshviewer', what: 'a meshviewer.json', write: meshviewer },
] as const;

/** GET /api/v1/mesh/export/...: a state for other programs, with what its links carry. */
export function meshExportRoutes(app: FastifyInstance, { mesh, status }: ApiContext): void {
  for (const { name, id, what, write } of formats) {
    app.get<{ Querystring: Static<typeof parameters> }>(
      `/api/v1/mesh/export/${name}`,
      {
        config: { isOfMap: 'answer' },
        schema: {
          operationId: id,
          description: `The state of a topology, with the traffic of its links (bits per second over the five minutes before, as \`weir\`), as ${what}`,
          querystring: parameters,
          response: anyObject(what),
        },
      },
      async (request, reply) => {
        const view = viewOf(request, mesh);
        if (view.isPublic) reply.headers(forEverybody);
        const topology = topologyOf(mesh, request.query.topology);
        const then = timeOf(request.query.at);
        const { mesh: found, at } = await stateOf(mesh, topology, then);
        const time = then ?? Date.now();
        const rates = seen(await mesh.rates(topology, time - TRAFFIC, time), view);
        const nodes = found.nodes.map(node => nodeSeen(node, view));
        const state = { topology, at, nodes, links: found.links.map(linkSeen) };
        return write({ state, rates, version: status().version });
      },
    );
  }
}

function seen(rates: Exported['rates'], view: View): Exported['rates'] {
  return new Map(
    [...rates].map(([link, { forward, reverse }]) => [
      link,
      { forward: rateSeen(forward, view), reverse: rateSeen(reverse, view) },
    ]),
  );
}
