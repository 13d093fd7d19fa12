import swagger from '@fastify/swagger';
import fastify from 'fastify';
import type { Access, Role } from './access.js';
import type { ApiContext } from './context.js';
import { addSchemas, descriptionOptions } from './openapi.js';
import { routes } from './routes.js';

/** What the API is, without a collector behind it: for the documentation. */
export interface ApiDescription {
  /** OpenAPI 3.1. */
  readonly document: object;
  /** Who may ask, by "METHOD /path", where it is neither viewers for GET nor operators for all else. */
  readonly roles: Readonly<Record<string, Role>>;
}

export async function describeApi(version: string): Promise<ApiDescription> {
  const app = fastify();
  const roles: Record<string, Role> = {};
  await app.register(swagger, descriptionOptions(version));
  addSchemas(app);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.role !== undefined) roles[`${[method].flat()[0]} ${url}`] = config.role;
  });
  await app.register(async scope => routes(scope, nothing as unknown as ApiContext, nothing as unknown as Access));
  await app.ready();
  const document = app.swagger();
  await app.close();
  return { document, roles };
}

const never = (): (() => void) => () => {};
/** What routes ask for when they are made: to be told of news, of which there is none. */
const nothing = {
  onLogOut: never,
  onStored: never,
  mesh: { onChange: never, settings: {} },
  events: { onChange: never },
};
