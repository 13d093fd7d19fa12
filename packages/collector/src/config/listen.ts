import { WeirError } from '../error.js';
import { type HostPort, parseHostPort } from './address.js';

/** Files in PEM form that a TLS listener needs. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Authorities of exporters' certificates; given: an exporter without such a certificate is turned away. */
  readonly ca?: string;
}

/** What a TLS listener is made of. */
export interface TlsSettings extends TlsFiles {
  /** The oldest version that is spoken. */
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** Where to receive, and over what. */
export interface ListenAddress extends HostPort {
  readonly scheme: 'udp' | 'tcp' | 'tls' | 'sctp';
  /** Of `tls` only. */
  readonly tls?: TlsSettings;
}

/** Ports of IPFIX (RFC 7011 section 10.1). */
const PORTS = { udp: 4739, tcp: 4739, tls: 4740, sctp: 4739 } as const;
const FORMS = 'udp://HOST:PORT, tcp://HOST:PORT, sctp://HOST:PORT or tls://HOST:PORT?cert=FILE&key=FILE';

/**
 * Reads a transport URL to listen on.
 * @throws WeirError
 */
export function parseListen(url: string): ListenAddress {
  const match = /^([a-z]+):\/\/([^?]*)(?:\?(.*))?$/.exec(url);
  const [, scheme, authority, query] = match ?? [];
  if (scheme === 'dtls') {
    throw new WeirError(`listen: dtls:// cannot be listened on yet; use ${FORMS}`);
  }
  if (scheme !== 'udp' && scheme !== 'tcp' && scheme !== 'tls' && scheme !== 'sctp') {
    throw new WeirError(`listen: "${url}" is no transport URL to listen on; use ${FORMS}`);
  }
  const parameters = new URLSearchParams(query ?? '');
  const known = scheme === 'tls' ? ['cert', 'key', 'ca', 'tls'] : [];
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue;
    throw new WeirError(`listen: "${url}": ${scheme}:// has no parameter "${name}"; use ${FORMS}`);
  }
  const at = parseHostPort(authority!, 'listen', PORTS[scheme]);
  return scheme === 'tls' ? { scheme, ...at, tls: tlsSettings(url, parameters) } : { scheme, ...at };
}

function tlsSettings(url: string, parameters: URLSearchParams): TlsSettings {
  const [cert, key, ca] = ['cert', 'key', 'ca'].map(name => parameters.get(name) ?? '');
  const oldest = parameters.get('tls') ?? '1.3';
  if (!cert || !key) {
    throw new WeirError(`listen: "${url}" names no certificate and key; write tls://HOST:PORT?cert=FILE&key=FILE`);
  }
  if (oldest !== '1.2' && oldest !== '1.3') {
    throw new WeirError(
      `listen: "${url}": "tls" is the oldest version of TLS that is spoken; write tls=1.3 or tls=1.2`,
    );
  }
  return { cert, key, ...(ca ? { ca } : {}), minVersion: `TLSv${oldest}` };
}
