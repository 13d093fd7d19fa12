import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { meshLoads, SHORTEST } from '../../store/mesh/asked-loads.js';
import { intervalOf } from '../../store/queries/selection.js';
import type { ApiContext } from '../context.js';
import { PUBLIC_STEP, viewOf } from '../mesh/asked.js';
import { roundedLoads } from '../mesh-rounding.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters, stepOf } from '../parameters.js';
import type { MeshLoads } from '../types.js';

const parameters = Type.Object({
  topology: Type.String({ minLength: 1, maxLength: 200, description: 'its name' }),
  from: selectionParameters.from,
  to: selectionParameters.to,
  step: Type.Optional(
    Type.Integer({ minimum: 1, description: 'seconds, rounded up to whole minutes; default: about 300 steps' }),
  ),
  link: Type.Optional(Type.String({ maxLength: 1000, description: 'id: only this link' })),
  node: Type.Optional(Type.String({ maxLength: 500, description: 'id: only this node, and its links' })),
});

/** GET /api/v1/mesh/loads */
export function meshLoadsRoute(app: FastifyInstance, { store, mesh }: Pick<ApiContext, 'store' | 'mesh'>): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/mesh/loads',
    {
      config: { isOfMap: 'answer' },
      schema: {
        operationId: 'meshLoads',
        description: 'What the links and nodes of a topology carried',
        querystring: parameters,
        response: json('MeshLoads', 'loads'),
      },
    },
    async (request): Promise<MeshLoads> => {
      const { query } = request;
      const { isPublic } = viewOf(request, mesh);
      const now = Date.now();
      const { topology, from, to, link, node } = query;
      const selection = selectionOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }, now);
      const shortest = isPublic ? PUBLIC_STEP : SHORTEST;
      const step = Math.ceil(stepOf(query.step, selection, now) / shortest) * shortest;
      const loads = await meshLoads(store, { topology, interval: intervalOf(selection), step, link, node });
      return isPublic ? roundedLoads(loads) : loads;
    },
  );
}
