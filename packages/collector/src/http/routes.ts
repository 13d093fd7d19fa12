import type { FastifyInstance } from 'fastify';
import type { Access } from './access.js';
import { askWhileConnected } from './connected.js';
import type { ApiContext } from './context.js';
import { accessRoutes } from './routes/access.js';
import { alertRoutes } from './routes/alerts.js';
import { billingRoutes } from './routes/billing.js';
import { completeRoute } from './routes/complete.js';
import { eventsRoute, watchedRoute } from './routes/events.js';
import { exportRoute } from './routes/export.js';
import { exportersRoutes } from './routes/exporters.js';
import { flowsRoute } from './routes/flows.js';
import { groupsRoute } from './routes/groups.js';
import { importRoute } from './routes/import.js';
import { liveRoute } from './routes/live.js';
import { meshRoutes } from './routes/mesh.js';
import { meshBaseRoutes } from './routes/mesh-base.js';
import { meshExportRoutes } from './routes/mesh-export.js';
import { meshLoadsRoute } from './routes/mesh-loads.js';
import { namesRoute } from './routes/names.js';
import { probeRoutes } from './routes/probe.js';
import { qualityRoutes } from './routes/quality.js';
import { recordsRoute } from './routes/records.js';
import { seriesRoutes } from './routes/series.js';
import { sessionRoute } from './routes/session.js';
import { statusRoutes } from './routes/status.js';
import { summaryRoute } from './routes/summary.js';

/** Every route but the pages. */
export function routes(app: FastifyInstance, context: ApiContext, access: Access): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  askWhileConnected(app);
  flowsRoute(app, context);
  seriesRoutes(app, context);
  summaryRoute(app, context);
  sessionRoute(app, context);
  recordsRoute(app, context);
  groupsRoute(app, context);
  statusRoutes(app, context, access);
  completeRoute(app, context);
  namesRoute(app, context);
  exportersRoutes(app, context);
  exportRoute(app, context);
  importRoute(app, context);
  liveRoute(app, context);
  qualityRoutes(app, context);
  eventsRoute(app, context);
  watchedRoute(app, context);
  meshLoadsRoute(app, context);
  billingRoutes(app, context);
  accessRoutes(app, access);
  probeRoutes(app, context);
  meshRoutes(app, context);
  meshExportRoutes(app, context);
  meshBaseRoutes(app, context);
  alertRoutes(app, context);
}
