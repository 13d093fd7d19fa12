import { readFileSync } from 'node:fs';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { WeirError } from '../../error.js';
import type { ServerSettings } from './settings.js';

/** The socket's own time-out is not used: each request has one that fits it. */
const NEVER = 2 ** 31 - 1;
/** Streams, queries and inserts at once. */
const CONNECTIONS = 40;

/**
 * A client for each server.
 * @throws WeirError where a file cannot be read
 */
export function clientsOf({ urls, database, user, passwordFile, ca }: ServerSettings): ClickHouseClient[] {
  const password =
    passwordFile === undefined ? process.env.WEIR_STORE_PASSWORD : fileOf(passwordFile, 'password').toString().trim();
  const authorities = ca === undefined ? undefined : fileOf(ca, 'authorities of certificates');
  return urls.map(url =>
    createClient({
      url,
      database,
      username: user,
      password: password ?? '',
      application: 'weir',
      request_timeout: NEVER,
      max_open_connections: CONNECTIONS,
      log: { level: ClickHouseLogLevel.OFF },
      ...(authorities === undefined ? {} : { tls: { ca_cert: authorities } }),
    }),
  );
}

function fileOf(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WeirError(`cannot read the ${what} of the store: ${(error as Error).message}`);
  }
}

/** What went wrong on the way to a server, in a few words. */
export function reasonOf(error: unknown): string {
  const { message, name, cause } = error as Error;
  if (name === 'TimeoutError' || (cause as Error | undefined)?.name === 'TimeoutError') return 'no answer in time';
  const errors = (error as AggregateError).errors as Error[] | undefined;
  const text = message || errors?.[0]?.message || name;
  return text.trim().split('\n', 1)[0]!.slice(0, 200) || 'an empty answer';
}

const advice: Readonly<Record<string, string>> = {
  '81': '; make it there: CREATE DATABASE',
  '193': '; see the user in the address of the store, and its password',
  '194': '; see the user in the address of the store, and its password',
  '516': '; see the user in the address of the store, and its password',
  '497': '; give the user that right: see docs/how-to/cluster.md',
  '164': '; the user must be allowed to change settings (readonly = 0 or 2): see docs/how-to/cluster.md',
};

/** What to do about a server's refusal at the opening. */
export function adviceOn(error: unknown): string {
  const code = error instanceof ClickHouseError ? error.code : /^Code: (\d+)\./.exec((error as Error).message)?.[1];
  return advice[code ?? ''] ?? '';
}
