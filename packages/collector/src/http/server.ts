import { chmodSync, existsSync, readFileSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, type Server as TlsServer } from 'node:tls';
import swagger from '@fastify/swagger';
import fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { watchRenewal } from '../certificates/renewal.js';
import { formatHostPort } from '../config/address.js';
import type { MapSettings } from '../config/options/map.js';
import type { ServingSettings } from '../config/options/serving.js';
import { WeirError } from '../error.js';
import { Access } from './access.js';
import { Audit } from './audit.js';
import type { ApiContext } from './context.js';
import { answerError, RequestError } from './errors.js';
import { guard } from './guard.js';
import { addSchemas, descriptionOptions } from './openapi.js';
import { routes } from './routes.js';
import { Sessions } from './sessions.js';
import { servePages } from './static.js';
import { readOrMakeToken } from './token.js';
import { Users } from './users.js';

export interface HttpOptions {
  readonly serving: ServingSettings;
  readonly map: MapSettings;
  /** The data directory: logins and the audit file are in it, and the unix socket that serves this user without a token. */
  readonly directory: string;
  readonly version: string;
  /** Takes lines for people about what goes wrong. */
  readonly log: (line: string) => void;
}

export interface HttpServer {
  /** http://HOST:PORT/, or https:// */
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
  const { http: listen, tls } = options.serving;
  const local = new WeakSet<Socket>();
  const access = openAccess(options);
  const app = await application(context, access, options, socket => local.has(socket));
  const unix = createServer((request, response) => app.routing(request, response));
  unix.on('connection', socket => local.add(socket));
  const forget = tls === undefined ? () => {} : renewTls(app, tls, options.log);
  const close = async () => {
    forget();
    unix.close();
    unix.closeAllConnections();
    await app.close();
    access.options.sessions.stop();
  };
  try {
    await app.listen({ host: listen.host, port: listen.port });
    await listenUnix(unix, join(options.directory, 'collector.sock'));
  } catch (error) {
    await close();
    throw listenError(error as NodeJS.ErrnoException, formatHostPort(listen));
  }
  const { address, port } = app.server.address() as AddressInfo;
  return { url: `${tls === undefined ? 'http' : 'https'}://${formatHostPort({ host: address, port })}/`, close };
}

function openAccess({ serving, directory, log }: HttpOptions): Access {
  return new Access({
    token: readOrMakeToken(serving.tokenFile),
    tokenNeeded: serving.tokenNeeded,
    behindProxy: serving.behindProxy,
    users: new Users(serving.usersFile, log),
    sessions: new Sessions(join(directory, 'logins.json'), log),
    audit: new Audit(join(directory, 'audit.jsonl'), log),
  });
}

async function application(
  context: ApiContext,
  access: Access,
  { serving: { tls, behindProxy }, map, version }: HttpOptions,
  isLocal: (socket: Socket) => boolean,
): Promise<FastifyInstance> {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 65_536,
    routerOptions: { maxParamLength: 200 },
    // What a proxy on this machine says of address and scheme counts, and nobody else's word does.
    trustProxy: behindProxy ? 'loopback' : false,
    ...(tls === undefined ? {} : { https: readTls(tls) }),
  } as FastifyHttpOptions<Server>);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async request => {
    throw new RequestError(404, `there is nothing at ${request.url.split('?', 1)[0]}`);
  });
  guard(app, { access, map, isLocal });
  await app.register(swagger, descriptionOptions(version));
  addSchemas(app);
  await app.register(async scope => routes(scope, context, access));
  await servePages(app);
  await app.ready();
  return app;
}

/** Connections from then on get the renewed certificate, and those that are open go on. */
function renewTls(app: FastifyInstance, tls: TlsFiles, log: (line: string) => void): () => void {
  const take = () => {
    (app.server as unknown as TlsServer).setSecureContext(readTls(tls));
    return `https: the renewed certificate ${tls.cert} is in use`;
  };
  return watchRenewal({ files: [tls.cert, tls.key], take, log });
}

type TlsFiles = NonNullable<ServingSettings['tls']>;

/** @throws WeirError where the files are no certificate and key of each other */
function readTls({ cert, key }: TlsFiles): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new WeirError(
      `cannot serve https with http-cert ${cert} and http-key ${key}: ${(error as Error).message}; name the files of a certificate and of its key, in PEM form`,
    );
  }
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

function listenError(error: NodeJS.ErrnoException, where: string): Error {
  if (error.name === 'WeirError') return error;
  const problem = error.code ?? error.message;
  return new WeirError(`cannot serve HTTP on ${where}: ${problem}: ${advice[problem] ?? 'choose another with --http'}`);
}
