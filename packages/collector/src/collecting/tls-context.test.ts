import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TlsSettings } from '../config/listen.js';
import { haveOpenssl, TestAuthority } from './testing/certificates.js';
import { tlsIdentity } from './tls-context.js';

const AT = 'tls://127.0.0.1:4740';
const DAY = 86_400_000;

describe.skipIf(!haveOpenssl)('certificates', () => {
  let directory: string;
  let ca: TestAuthority;
  let good: TlsSettings;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'weir-tls-'));
    ca = new TestAuthority(directory, 'authority');
    good = issue('good');
  });
  const issue = (name: string, days?: number): TlsSettings => ({ ...ca.issue(name, days), minVersion: 'TLSv1.3' });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('a good one is taken, and told of where it ends soon', () => {
    expect(tlsIdentity(AT, { ...good, ca: ca.cert }, Date.now()).warning).toBeUndefined();
    expect(tlsIdentity(AT, good, Date.now() + 90 * DAY).warning).toMatch(/^tls:.* ends on .*; renew it$/);
  });

  test('one that is not valid now is refused', () => {
    expect(() => tlsIdentity(AT, good, Date.now() + 101 * DAY)).toThrow(/good\.pem ended on .*; renew it/);
    expect(() => tlsIdentity(AT, good, Date.now() - DAY)).toThrow(/good\.pem begins on .* clock/);
    expect(() => tlsIdentity(AT, issue('old', -1), Date.now())).toThrow(/old\.pem ended on/);
  });

  test('files that cannot be used are one line each', () => {
    const other = ca.issue('other');
    const text = join(directory, 'text');
    writeFileSync(text, 'no PEM at all');
    const errors: [Parameters<typeof tlsIdentity>[1], RegExp][] = [
      [{ ...good, cert: '/nowhere' }, /cannot read the certificate \/nowhere: ENOENT/],
      [{ ...good, key: '/nowhere' }, /cannot read the key \/nowhere: ENOENT/],
      [{ ...good, ca: '/nowhere' }, /cannot read the authority \/nowhere: ENOENT/],
      [
        { ...good, cert: text },
        /the certificate .*text cannot be used \(.*\); name a file with certificates in PEM form/,
      ],
      [{ ...good, key: text }, /the key .*text cannot be used \(.*\); name a file with an unencrypted key/],
      [{ ...good, ca: text }, /the authority .*text cannot be used/],
      [{ ...good, key: other.key }, /other\.key is not the key of the certificate .*good\.pem/],
    ];
    for (const [files, message] of errors) {
      const attempt = () => tlsIdentity(AT, files, Date.now());
      expect(attempt).toThrow(message);
      expect(attempt).toThrow(
        expect.objectContaining({ name: 'WeirError', message: expect.not.stringContaining('\n') }),
      );
    }
  });
});
