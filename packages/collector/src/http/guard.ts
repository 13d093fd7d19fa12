import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../config/address.js';
import type { MapSettings } from '../config/options/map.js';
import type { Access, Principal, Role } from './access.js';
import { checkChange } from './csrf.js';
import { RequestError } from './errors.js';
import { protectingHeaders } from './headers.js';
import { LOGIN_PAGE } from './static.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; default: viewers where it is GET, operators else. */
    readonly role?: Role;
    /** Those who are not logged in may ask where the map is public, and get what anybody may know: answers not too often. */
    readonly isOfMap?: 'answer' | 'file';
  }
  interface FastifyRequest {
    principal: Principal;
    /** What a change is of, in a few words for the audit. */
    auditDetail: string | undefined;
  }
}

/** Of an audit line: what a request says is no reason for a line without end. */
const LONGEST_DETAIL = 500;
const ranks: Readonly<Record<Role, number>> = { none: 0, viewer: 1, operator: 2 };

export interface GuardOptions {
  readonly access: Access;
  readonly map: MapSettings;
  /** Whether the connection came through the socket in the data directory, which only its owner can open. */
  readonly isLocal: (socket: Socket) => boolean;
}

/** Lets in who may ask, writes down who changes, and gives every answer its protecting headers. */
export function guard(app: FastifyInstance, { access, map, isLocal }: GuardOptions): void {
  const headers = protectingHeaders(originsOf(map), false);
  const embedded = protectingHeaders(originsOf(map), true);
  app.decorateRequest('principal', undefined as unknown as Principal);
  app.decorateRequest('auditDetail', undefined);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(map.publicMap && isMapPage(request, 'embed') ? embedded : headers);
    if (isLocal(request.raw.socket)) {
      request.principal = { who: 'socket', role: 'operator', from: 'socket' };
      return;
    }
    request.principal = access.principalOf(request);
    if (!access.options.tokenNeeded) checkHost(request);
    const needed = roleOf(request);
    if (needed === 'none') return;
    const cookie = await cookieOfVisit(request, access);
    if (cookie !== undefined) return reply.header('set-cookie', cookie).redirect(pathWithoutToken(request), 303);
    if (request.principal.role === 'none' && map.publicMap && isPublic(request)) return access.letSee(request);
    if (request.principal.role === 'none' && opensPages(request)) return reply.redirect(loginPage(request), 303);
    checkRole(request.principal, needed, access.options.tokenNeeded);
    const { session } = request.principal;
    if (session !== undefined && !isRead(request)) checkChange(request, session);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (!isRead(request) && roleOf(request) !== 'none' && !request.is404) audit(request, reply, access);
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

/** Where a base map comes from. */
function originsOf({ mapTiles }: MapSettings): readonly string[] {
  return mapTiles?.url === undefined ? [] : [new URL(mapTiles.url.replaceAll(/[{}]/g, '')).origin];
}

function isPublic(request: FastifyRequest): boolean {
  return isRead(request) && (request.routeOptions.config?.isOfMap !== undefined || isMapPage(request));
}

/** @param flag what its address has to say besides */
function isMapPage(request: FastifyRequest, flag?: string): boolean {
  const [path, query] = request.url.split('?', 2);
  const asked = new URLSearchParams(query);
  return path === '/' && asked.get('page') === 'map' && (flag === undefined || asked.get(flag) === '1');
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function roleOf(request: FastifyRequest): Role {
  return request.routeOptions.config?.role ?? (isRead(request) ? 'viewer' : 'operator');
}

/** With ?token= a browser gets a session; from then on the token is not in the address bar, the history, or a link. */
async function cookieOfVisit(request: FastifyRequest, access: Access): Promise<string | undefined> {
  const token = request.method === 'GET' ? addressOf(request).searchParams.get('token') : null;
  if (token === null) return undefined;
  try {
    return (await access.logIn(request, token, undefined)).cookie;
  } catch (error) {
    if (request.principal.role === 'none') throw error;
    // An old link of somebody who needs it no more.
    return undefined;
  }
}

/** What begins with several slashes would be read as a host. */
function addressOf({ url }: FastifyRequest): URL {
  return new URL(url.replace(/^\/+/, '/'), 'http://localhost');
}

/** A path of this server whatever the request said: "//host" would lead elsewhere. */
function pathWithoutToken(request: FastifyRequest): string {
  const url = addressOf(request);
  url.searchParams.delete('token');
  return `/${url.pathname.replace(/^\/+/, '')}${url.search}`;
}

/** A person with a browser, who is to see a page and not an error. */
function opensPages(request: FastifyRequest): boolean {
  return (
    request.method === 'GET' && addressOf(request).pathname === '/' && /text\/html/.test(request.headers.accept ?? '')
  );
}

/** Beside the page that was asked for, also where a proxy has it under a path; with its query, to go on with after the login. */
function loginPage(request: FastifyRequest): string {
  return `./${LOGIN_PAGE}${addressOf(request).search}`;
}

function checkRole({ who, role }: Principal, needed: Role, tokenNeeded: boolean): void {
  if (ranks[role] >= ranks[needed]) return;
  if (role === 'none') {
    throw new RequestError(
      401,
      'a token is needed: send it as "Authorization: Bearer TOKEN", or open /?token=TOKEN once; it is in the file that --token-file names, by default "token" in the data directory',
    );
  }
  if (who === 'anonymous' && !tokenNeeded) {
    throw new RequestError(
      403,
      'changes need a token: log in with that of the file "token" in the data directory, or as an operator, or come through the socket there',
    );
  }
  throw new RequestError(403, `${who} may look, but change nothing: that takes an operator`);
}

function audit(
  { principal, auditDetail, routeOptions: { schema, url }, method }: FastifyRequest,
  reply: FastifyReply,
  access: Access,
) {
  const { who, role, from } = principal;
  const { statusCode: status } = reply;
  const { operationId } = (schema ?? {}) as { operationId?: string };
  const detail = auditDetail === undefined ? {} : { detail: auditDetail.slice(0, LONGEST_DETAIL) };
  const outcome = status < 400 ? 'done' : status === 401 || status === 403 ? 'refused' : 'failed';
  access.options.audit.write({
    who,
    role,
    from,
    action: operationId ?? `${method} ${url}`,
    outcome,
    status,
    ...detail,
  });
}
