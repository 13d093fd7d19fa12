import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Target } from '../config/transport.js';

export type StreamTarget = Extract<Target, { kind: 'tcp' | 'tls' | 'sctp' }>;

/** Files are read for each connection, so that a renewed certificate is used. @throws where one cannot be read */
export function tlsOptions({
  host,
  ca,
  cert,
  key,
  name,
  minVersion,
}: Extract<Target, { kind: 'tls' }>): ConnectionOptions {
  const serverName = name ?? host;
  return {
    minVersion,
    host: serverName,
    // SNI carries no addresses (RFC 6066 section 3); the certificate is held against the host then.
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}
