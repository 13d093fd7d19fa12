import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Certificates are made by openssl: Node.js reads them only. */
export const haveOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!haveOpenssl) console.log('skipped: TLS: openssl is not installed (Debian package openssl)');

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates of an authority of its own in a directory, all for "localhost" and 127.0.0.1. */
export class TestAuthority implements CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly #directory: string;

  constructor(directory: string, name: string) {
    this.#directory = directory;
    [this.cert, this.key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
    const fields = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'];
    openssl('req', '-x509', ...NEW_KEY, '-keyout', this.key, '-out', this.cert, '-days', '100', ...fields);
  }

  /** @param days until it ends; negative: it has ended */
  issue(name: string, days = 100): CertificateFiles {
    const [cert, key] = [join(this.#directory, `${name}.pem`), join(this.#directory, `${name}.key`)];
    const request = join(this.#directory, `${name}.csr`);
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    openssl('req', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`, ...names);
    const issuer = ['-CA', this.cert, '-CAkey', this.key, '-CAcreateserial', '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', request, '-out', cert, ...issuer, '-days', String(days));
    return { cert, key };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...options: string[]): void {
  execFileSync('openssl', options, { stdio: 'pipe' });
}
