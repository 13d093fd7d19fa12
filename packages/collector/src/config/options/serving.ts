import { join, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { type HostPort, isLoopback, parseHostPort } from '../address.js';

const options = Type.Object({
  http: Type.String({ description: 'HOST:PORT of the pages and the HTTP API', default: '127.0.0.1:4780' }),
  'token-file': Type.Optional(
    Type.String({
      description:
        'file with the token that pages and API ask for; made when the HTTP address is beyond loopback (default: token in the data directory)',
      minLength: 1,
    }),
  ),
});

/** Where the pages and the HTTP API are, and who may use them. */
export const servingOptions = options.properties;

export interface ServingSettings {
  readonly http: HostPort;
  readonly tokenFile: string;
  /** The HTTP address is beyond loopback, or the user named a token file: every request needs the token. */
  readonly tokenNeeded: boolean;
}

/** @throws WeirError */
export function servingSettings(given: Static<typeof options>, directory: string): ServingSettings {
  const http = parseHostPort(given.http, 'http');
  const tokenFile = given['token-file'];
  return {
    http,
    tokenFile: resolve(tokenFile ?? join(directory, 'token')),
    tokenNeeded: tokenFile !== undefined || !isLoopback(http.host),
  };
}
