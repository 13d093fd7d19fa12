import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const pages = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const YEAR_MILLISECONDS = 365 * 86_400_000;

/** The pages, as the build has left them: each file beside its compressed forms. */
export async function servePages(app: FastifyInstance): Promise<void> {
  if (!existsSync(pages)) {
    app.get('/', { schema: { hide: true } }, async () => 'The pages are not built: npm run build makes them.\n');
    return;
  }
  const common = { preCompressed: true, dotfiles: 'ignore', decorateReply: false } as const;
  // The names of these have a hash of their content, so that they never change.
  await app.register(fastifyStatic, {
    ...common,
    root: join(pages, 'assets'),
    prefix: '/assets/',
    maxAge: YEAR_MILLISECONDS,
    immutable: true,
    index: false,
  });
  // The others are asked for again, and answered 304 where they have not changed.
  await app.register(fastifyStatic, {
    ...common,
    root: pages,
    cacheControl: false,
    setHeaders: reply => reply.header('cache-control', 'no-cache'),
  });
}
