import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { formatHostPort, type HostPort } from '../config/address.js';
import { WeirError } from '../error.js';
import type { ApiContext } from './context.js';
import { answerError, RequestError } from './errors.js';
import { guard } from './guard.js';
import { addSchemas, descriptionOptions } from './openapi.js';
import { routes } from './routes.js';
import { servePages } from './static.js';

export interface HttpOptions {
  readonly listen: HostPort;
  readonly token: string | undefined;
  /** Path of the unix socket that serves this user without a token. */
  readonly socket: string;
  readonly version: string;
}

export interface HttpServer {
  /** http://HOST:PORT/ */
  readonly url: string;
  close(): Promise<void>;
}

/** struct sockaddr_un holds 108 octets with the closing zero. */
const LONGEST_SOCKET_PATH = 107;

/**
 * Serves the API and the pages on a TCP address and on a unix socket.
 * @throws WeirError where either cannot be listened on; nothing stays open then
 */
export async function startHttp(context: ApiContext, options: HttpOptions): Promise<HttpServer> {
  const local = new WeakSet<Socket>();
  const app = await application(context, options, socket => local.has(socket));
  const unix = createServer((request, response) => app.routing(request, response));
  unix.on('connection', socket => local.add(socket));
  const close = async () => {
    unix.close();
    unix.closeAllConnections();
    await app.close();
  };
  try {
    await app.listen({ host: options.listen.host, port: options.listen.port });
    await listenUnix(unix, options.socket);
  } catch (error) {
    await close();
    throw listenError(error as NodeJS.ErrnoException, options);
  }
  const { address, port } = app.server.address() as AddressInfo;
  return { url: `http://${formatHostPort({ host: address, port })}/`, close };
}

async function application(
  context: ApiContext,
  { token, version }: HttpOptions,
  isLocal: (socket: Socket) => boolean,
): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 65_536, routerOptions: { maxParamLength: 200 } });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async request => {
    throw new RequestError(404, `there is nothing at ${request.url.split('?', 1)[0]}`);
  });
  guard(app, { token, isLocal });
  await app.register(swagger, descriptionOptions(version));
  addSchemas(app);
  await app.register(async scope => routes(scope, context));
  await servePages(app);
  await app.ready();
  return app;
}

/** The directory is known to be ours alone (the store has locked it), so a socket that is there is a dead one. */
async function listenUnix(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
    throw new WeirError(
      `the path of the data directory is too long for a socket in it: ${path} has more than ${LONGEST_SOCKET_PATH} octets; choose a shorter one with --data`,
    );
  }
  if (existsSync(path)) unlinkSync(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another with --http',
  EACCES: 'ports below 1024 need root; choose another with --http',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --http',
  ENOTFOUND: 'the name has no address; choose another with --http',
};

function listenError(error: NodeJS.ErrnoException, { listen }: HttpOptions): Error {
  if (error.name === 'WeirError') return error;
  const problem = error.code ?? error.message;
  return new WeirError(
    `cannot serve HTTP on ${formatHostPort(listen)}: ${problem}: ${advice[problem] ?? 'choose another with --http'}`,
  );
}
