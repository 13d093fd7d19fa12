import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority and what it signs, made by openssl in a directory. */
export class Certificates {
  readonly ca: string;

  constructor(
    private readonly directory: string,
    name = 'authority',
  ) {
    this.ca = this.#path(`${name}.pem`);
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      this.#path(`${name}.key`),
      '-out',
      this.ca,
    );
    this.#authority = name;
  }

  readonly #authority: string;

  /** A certificate for a name; with -1 days one that expired yesterday. */
  issue(name: string, days = 30): { cert: string; key: string } {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map(suffix =>
      this.#path(`${name}.${suffix}`),
    );
    this.#openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      key,
      '-out',
      request,
    );
    writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
    this.#openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      this.ca,
      '-CAkey',
      this.#path(`${this.#authority}.key`),
      '-CAcreateserial',
      '-extfile',
      extensions,
      '-out',
      cert,
      '-days',
      String(days),
    );
    return { cert, key };
  }

  #path(name: string): string {
    return join(this.directory, name);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
