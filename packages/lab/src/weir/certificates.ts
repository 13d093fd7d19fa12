import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run/command.js';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority in a folder and the certificates that it signs, made by openssl; paths of PEM files. */
export class Certificates {
  readonly ca: string;
  readonly #key: string;

  constructor(private readonly folder: string) {
    [this.ca, this.#key] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
    const files = ['-keyout', this.#key, '-out', this.ca];
    run(['openssl', 'req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=lab authority', ...files]);
  }

  /** A certificate for `name` and its key. */
  issue(name: string): { cert: string; key: string } {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map(end =>
      join(this.folder, `${name}.${end}`),
    );
    run(['openssl', 'req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', key!, '-out', request!]);
    writeFileSync(extensions!, `subjectAltName=DNS:${name}\n`);
    const signer = ['-CA', this.ca, '-CAkey', this.#key, '-CAcreateserial', '-days', '2'];
    run(['openssl', 'x509', '-req', '-in', request!, ...signer, '-extfile', extensions!, '-out', cert!]);
    return { cert: cert!, key: key! };
  }
}
