import { createHmac } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { RequestError } from './errors.js';
import { sameToken } from './token.js';

const HEADER = 'x-weir-csrf';

/** What a page of ours sends with each change of a session: of the session's secret, but of no use in its place. */
export function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

/**
 * A browser sends the cookie along whoever makes it ask: changes need what only a page of ours can know.
 * @throws RequestError
 */
export function checkChange(request: FastifyRequest, secret: string): void {
  checkOrigin(request);
  const given = request.headers[HEADER];
  if (typeof given === 'string' && sameToken(given, csrfOf(secret))) return;
  throw new RequestError(403, `changes by a session need the header ${HEADER}, with what /api/v1/me says as csrf`);
}

/**
 * Browsers say whose page asks (Fetch Metadata; Origin, RFC 6454 section 7); programs that are no browsers say neither.
 * @throws RequestError where it is a page of another site
 */
export function checkOrigin({ headers, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (headers.origin === undefined || hostOf(headers.origin) === host)) return;
  throw new RequestError(403, 'pages of other sites may change nothing here');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
