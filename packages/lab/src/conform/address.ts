import { isIPv6 } from 'node:net';
import { WeirError } from '../error.js';
import type { Transport } from './case.js';

/** Where a Collecting Process listens. */
export interface TransportAddress {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
}

/** IANA's port of IPFIX (RFC 7011 section 10.1). */
export const IPFIX_PORT = 4739;

/** "udp://HOST[:PORT]" or "tcp://...". Throws a WeirError on anything else. */
export function parseAddress(text: string): TransportAddress {
  const [, transport, bracketed, plain, port] =
    /^(udp|tcp):\/\/(?:\[([^\]]+)\]|([^:/]+))(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? IPFIX_PORT : Number(port);
  if (
    transport === undefined ||
    host === undefined ||
    number > 65535 ||
    (bracketed !== undefined && !isIPv6(bracketed))
  ) {
    throw new WeirError(`"${text}" is no transport address; write udp://HOST:PORT or tcp://HOST:PORT`);
  }
  return { transport: transport as Transport, host, port: number };
}

export function addressText({ transport, host, port }: TransportAddress): string {
  return `${transport}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
