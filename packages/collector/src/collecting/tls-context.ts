import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import type { TlsFiles, TlsSettings } from '../config/listen.js';
import { WeirError } from '../error.js';

/** A certificate that is used for less than this before it ends is told of. */
const SOON = 14 * 86_400_000;

/** What a TLS server is made with. */
export interface TlsIdentity {
  readonly options: TlsOptions;
  /** A line for people where the certificate ends soon. */
  readonly warning?: string;
}

/**
 * Reads and checks certificate, key and authorities of a TLS listener.
 * @param now milliseconds since the epoch
 * @throws WeirError where a file cannot be read or used, the certificate is not valid now, or the key is not its key
 */
export function tlsIdentity(at: string, { cert, key, ca, minVersion }: TlsSettings, now: number): TlsIdentity {
  const chain = read(at, 'certificate', cert);
  const certificate = parsed(at, 'certificate', cert, () => new X509Certificate(chain));
  const keyText = read(at, 'key', key);
  const privateKey = parsed(at, 'key', key, () => createPrivateKey(keyText));
  const authorities = ca === undefined ? undefined : read(at, 'authority', ca);
  if (authorities !== undefined) parsed(at, 'authority', ca!, () => new X509Certificate(authorities));
  check(at, { cert, key }, certificate, privateKey, now);
  // Turned away by the receiver and not by Node.js, which no longer knows the exporter's address when it tells of it.
  const clients = authorities === undefined ? {} : { ca: authorities, requestCert: true, rejectUnauthorized: false };
  const options: TlsOptions = { cert: chain, key: keyText, minVersion, ...clients };
  const left = Date.parse(certificate.validTo) - now;
  if (left > SOON) return { options };
  return { options, warning: `${at}: the certificate ${cert} ends on ${certificate.validTo}; renew it` };
}

function check(
  at: string,
  { cert, key }: TlsFiles,
  certificate: X509Certificate,
  privateKey: KeyObject,
  now: number,
): void {
  if (Date.parse(certificate.validTo) < now) {
    throw new WeirError(`${at}: the certificate ${cert} ended on ${certificate.validTo}; renew it`);
  }
  if (Date.parse(certificate.validFrom) > now) {
    throw new WeirError(
      `${at}: the certificate ${cert} begins on ${certificate.validFrom}; wait until then, or look after the clock`,
    );
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new WeirError(`${at}: ${key} is not the key of the certificate ${cert}; name the two that belong together`);
  }
}

function read(at: string, what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WeirError(`${at}: cannot read the ${what} ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parsed<T>(at: string, what: string, file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint = what === 'key' ? 'an unencrypted key in PEM form' : 'certificates in PEM form';
    throw new WeirError(`${at}: the ${what} ${file} cannot be used (${code ?? message}); name a file with ${hint}`);
  }
}
