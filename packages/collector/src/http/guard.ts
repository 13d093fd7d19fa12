import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../config/address.js';
import { RequestError } from './errors.js';
import { protectingHeaders } from './headers.js';
import { sameToken } from './token.js';

const COOKIE = 'weir-token';

export interface GuardOptions {
  /** Every request needs it; undefined: only this machine can ask. */
  readonly token: string | undefined;
  /** Whether the connection came through the socket in the data directory, which only its owner can open. */
  readonly isLocal: (socket: Socket) => boolean;
}

/** Lets in who may ask, and gives every answer its protecting headers. */
export function guard(app: FastifyInstance, { token, isLocal }: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(protectingHeaders);
    if (isLocal(request.raw.socket)) return;
    if (token === undefined) {
      checkHost(request);
      checkReads(request);
    } else if (request.url.split('?', 1)[0] !== '/healthz') return checkToken(request, reply, token);
  });
}

/**
 * A page of another site can have its own name point to 127.0.0.1 and then ask us as its own origin (DNS rebinding). Its
 * requests carry its name.
 */
function checkHost(request: FastifyRequest): void {
  if (!isLoopback(request.hostname.replace(/^\[|\]$/g, ''))) {
    throw new RequestError(403, `the collector answers to localhost only, not to "${request.hostname}"; see --http`);
  }
}

/** Without a token anybody on this machine may look, but only the owner of the data directory may change what is there. */
function checkReads({ method }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  throw new RequestError(
    403,
    'changes need a token, which this collector has none of; come through the socket in its data directory, or start it with --token-file',
  );
}

function checkToken(request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply | undefined {
  const url = new URL(request.url, 'http://localhost');
  const inUrl = url.searchParams.get('token');
  if (inUrl !== null && sameToken(inUrl, token)) {
    url.searchParams.delete('token');
    // From here on the browser has it in a cookie: not in the address bar, the history, or a link.
    return reply
      .header('set-cookie', `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`)
      .redirect(localPath(url), 303);
  }
  const given = bearerOf(request) ?? cookieOf(request);
  if (given !== undefined && sameToken(given, token)) return undefined;
  throw new RequestError(
    401,
    'a token is needed: send it as "Authorization: Bearer TOKEN", or open /?token=TOKEN once; it is in the file that --token-file names, by default "token" in the data directory',
  );
}

/** A path of this server whatever the request said: "//host" would lead elsewhere. */
function localPath(url: URL): string {
  return `/${url.pathname.replace(/^\/+/, '')}${url.search}`;
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function cookieOf(request: FastifyRequest): string | undefined {
  return new RegExp(`(?:^|; *)${COOKIE}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1];
}
