import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const pages = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const YEAR_MILLISECONDS = 365 * 86_400_000;

/** The page that logs in, in the address of the pages. */
export const LOGIN_PAGE = 'login.html';

const askAgain = (reply: { header(name: string, value: string): unknown }) => reply.header('cache-control', 'no-cache');

/** The pages, as the build has left them: each file beside its compressed forms. */
export async function servePages(app: FastifyInstance): Promise<void> {
  if (!existsSync(pages)) {
    app.get('/', { schema: { hide: true } }, async () => 'The pages are not built: npm run build makes them.\n');
    return;
  }
  const common = { preCompressed: true, dotfiles: 'ignore' } as const;
  await app.register(async scope => {
    // Nothing in them is of this collector, and the page that logs in needs them; the manual says how one gets in.
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, role: 'none' };
    });
    // The names of these have a hash of their content, so that they never change.
    await scope.register(fastifyStatic, {
      ...common,
      ...{ root: join(pages, 'assets'), prefix: '/assets/', index: false, decorateReply: false },
      ...{ maxAge: YEAR_MILLISECONDS, immutable: true },
    });
    await scope.register(fastifyStatic, {
      ...common,
      ...{ root: join(pages, 'docs'), prefix: '/docs/', decorateReply: false },
      ...{ cacheControl: false, setHeaders: askAgain },
    });
    // Relative, so that it leads right also where a proxy has the pages under a path.
    scope.get('/docs', { schema: { hide: true } }, async (_request, reply) => reply.redirect('docs/', 301));
  });
  // The others are asked for again, and answered 304 where they have not changed.
  await app.register(fastifyStatic, {
    ...common,
    root: pages,
    cacheControl: false,
    setHeaders: askAgain,
  });
  for (const name of [LOGIN_PAGE, 'favicon.svg']) {
    app.get(`/${name}`, { config: { role: 'none' }, schema: { hide: true } }, async (_request, reply) =>
      reply.sendFile(name),
    );
  }
}
