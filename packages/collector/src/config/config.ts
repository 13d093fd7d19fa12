import { join, resolve } from 'node:path';
import { Value } from 'typebox/value';
import { WeirError } from '../error.js';
import { checkNetwork, type HostPort, isLoopback, parseHostPort } from './address.js';
import { storeDirectory } from './directory.js';
import { type ListenAddress, parseListen } from './listen.js';
import { type CollectorConfig, collectorSchema } from './schema.js';

/** What the collector runs with: the options checked, parsed, and every default filled in. */
export interface CollectorSettings {
  /** Where to receive. */
  readonly listen: readonly ListenAddress[];
  /** Absolute path of the directory that holds everything of this collector. */
  readonly directory: string;
  readonly http: HostPort;
  readonly tokenFile: string;
  /** The HTTP address is beyond loopback, or the user named a token file: every request needs the token. */
  readonly tokenNeeded: boolean;
  readonly localNetworks: readonly string[];
  /** Octets. */
  readonly receiveBuffer: number;
}

/**
 * Checks the options and fills in what is missing.
 * @throws WeirError for an unknown option, a wrong type or value, or what this version cannot do
 */
export function resolveConfig(options: unknown): CollectorSettings {
  const full = checkOptions(options);
  const directory = storeDirectory(full.store ?? `chdb:${full.data}`);
  const http = parseHostPort(full.http, 'http');
  return {
    listen: full.listen.map(parseListen),
    directory,
    http,
    tokenFile: resolve(full['token-file'] ?? join(directory, 'token')),
    tokenNeeded: full['token-file'] !== undefined || !isLoopback(http.host),
    localNetworks: full['local-networks'].map(network => checkNetwork(network, 'local-networks')),
    receiveBuffer: full['receive-buffer'],
  };
}

function checkOptions(options: unknown): CollectorConfig {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).find(key => !Object.hasOwn(collectorSchema.properties, key));
  if (unknown !== undefined) {
    const known = Object.keys(collectorSchema.properties).join(', ');
    throw new WeirError(`configuration: the collector has no option "${unknown}"; it has ${known}`);
  }
  const full = Value.Default(collectorSchema, given);
  const [error] = Value.Errors(collectorSchema, full);
  if (error !== undefined) throw new WeirError(`${error.instancePath.slice(1) || 'configuration'}: ${error.message}`);
  return full as CollectorConfig;
}
