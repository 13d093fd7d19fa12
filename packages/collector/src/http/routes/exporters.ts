import type { FastifyInstance } from 'fastify';
import type { InterfaceName } from '../../flow/told.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import type { Exporters, ExporterTemplate, Interfaces } from '../types.js';

/** What is known of exporters, and what they call their interfaces. */
export function exportersRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store } = context;
  const known = 'Exporters, with their Templates and the names of their interfaces';
  app.get(
    '/api/v1/exporters',
    { schema: { operationId: 'exporters', description: known, response: json('Exporters', known) } },
    async (): Promise<Exporters> => exportersOf(context, await store.interfaces()),
  );
  const description = 'Names of interfaces that exporters have told';
  app.get(
    '/api/v1/interfaces',
    { schema: { operationId: 'interfaces', description, response: json('Interfaces', description) } },
    async (): Promise<Interfaces> => ({ interfaces: await store.interfaces() }),
  );
}

function exportersOf(context: ApiContext, all: readonly InterfaceName[]): Exporters {
  const exporters = context.status().exporters.map(status => {
    const templateList = [...context.templatesOf(status)];
    const interfaces = all
      .filter(({ exporter, observationDomainId }) => {
        return exporter === status.address && observationDomainId === status.observationDomainId;
      })
      .map(({ interface: number, name, description }) => ({ interface: number, name, description }));
    return { ...status, fields: fieldsIn(templateList), interfaces, templateList };
  });
  return { exporters };
}

function fieldsIn(templates: readonly ExporterTemplate[]): Exporters['exporters'][number]['fields'] {
  const counts = new Map<string, number>();
  for (const { fields } of templates) for (const name of new Set(fields)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(counts, ([name, count]) => ({ name, templates: count })).sort(
    (a, b) => b.templates - a.templates || (a.name < b.name ? -1 : 1),
  );
}
