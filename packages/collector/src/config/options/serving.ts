import { join, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import { type HostPort, isLoopback, parseHostPort } from '../address.js';

const options = Type.Object({
  http: Type.String({ description: 'HOST:PORT of the pages and the HTTP API', default: '127.0.0.1:4780' }),
  'http-cert': Type.Optional(
    Type.String({
      description: 'file with the certificate chain (PEM): pages and API are https:// then',
      minLength: 1,
    }),
  ),
  'http-key': Type.Optional(Type.String({ description: 'file with the key of http-cert (PEM)', minLength: 1 })),
  'http-behind-proxy': Type.Boolean({
    description:
      'whether a proxy on this machine takes https:// for the pages: X-Forwarded-For and -Proto from loopback count, and everybody has to log in',
    default: false,
  }),
  'token-file': Type.Optional(
    Type.String({
      description:
        'file with the token of operators; made where it is not there. Where it is named, or the HTTP address is beyond loopback, pages and API ask for a login (default: token in the data directory)',
      minLength: 1,
    }),
  ),
  'users-file': Type.Optional(
    Type.String({
      description: 'file with the users of the pages, made by "weir user" (default: users in the data directory)',
      minLength: 1,
    }),
  ),
});

/** Where the pages and the HTTP API are, and who may use them. */
export const servingOptions = options.properties;

export interface ServingSettings {
  readonly http: HostPort;
  /** Files of certificate and key, where it is https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly behindProxy: boolean;
  readonly tokenFile: string;
  readonly usersFile: string;
  /** Others than users of this machine can ask, or the user named a token file: every request needs the token or a login. */
  readonly tokenNeeded: boolean;
}

/** @throws WeirError */
export function servingSettings(given: Static<typeof options>, directory: string): ServingSettings {
  const http = parseHostPort(given.http, 'http');
  const tokenFile = given['token-file'];
  const behindProxy = given['http-behind-proxy'];
  const tls = tlsFiles(given);
  return {
    http,
    ...(tls === undefined ? {} : { tls }),
    behindProxy,
    tokenFile: resolve(tokenFile ?? join(directory, 'token')),
    usersFile: resolve(given['users-file'] ?? join(directory, 'users')),
    tokenNeeded: tokenFile !== undefined || behindProxy || !isLoopback(http.host),
  };
}

function tlsFiles({ 'http-cert': cert, 'http-key': key }: Static<typeof options>): ServingSettings['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) };
  throw new WeirError(
    `${cert === undefined ? 'http-key' : 'http-cert'}: https:// needs both http-cert and http-key; give the other, too`,
  );
}
