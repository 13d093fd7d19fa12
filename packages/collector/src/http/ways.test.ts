import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../collecting/testing/certificates.js';
import { ask, errorIn, logIn } from './testing/ask.js';
import { PeopledCollector, passwords } from './testing/peopled.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-ways-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('behind a proxy, what it says of address and scheme counts', async () => {
  const proxied = await PeopledCollector.start(directory, 'proxied', { 'http-behind-proxy': true });
  try {
    expect((await ask(proxied.http, '/api/v1/status', { headers: { host: 'weir.example.org' } })).status).toBe(401);
    const through = (address: string, scheme: string) => ({
      'x-forwarded-for': `198.51.100.9, ${address}`,
      'x-forwarded-proto': scheme,
    });
    const plain = await logIn(proxied.http, 'vera', passwords.vera, through('192.0.2.1', 'http'));
    expect([plain.status, errorIn(plain)]).toEqual([403, expect.stringMatching(/unencrypted/)]);
    expect((await logIn(proxied.http, 'vera', passwords.vera)).status).toBe(403);
    const good = await logIn(proxied.http, 'vera', passwords.vera, through('192.0.2.1', 'https'));
    expect(good.headers['set-cookie']).toEqual([expect.stringMatching(/; Secure;/)]);
    for (let i = 0; i < 5; i++) {
      expect((await logIn(proxied.http, 'vera', 'wrong', through('2001:db8::1', 'https'))).status).toBe(401);
    }
    const refused = await logIn(proxied.http, 'vera', passwords.vera, through('2001:db8::2', 'https'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await logIn(proxied.http, 'vera', passwords.vera, through('2001:db8:0:1::1', 'https'))).status).toBe(200);
  } finally {
    await proxied.stop();
  }
});

test.skipIf(!haveOpenssl)('over https:// everything is as it is over http://', async () => {
  const { cert, key } = new TestAuthority(directory, 'authority').issue('pages');
  const encrypted = await PeopledCollector.start(directory, 'encrypted', { 'http-cert': cert, 'http-key': key });
  try {
    expect(encrypted.http).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect((await ask(encrypted.http, '/api/v1/status')).status).toBe(200);
    const answer = await logIn(encrypted.http, 'otto', passwords.otto);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/; Secure; Path=/)]);
    await expect(ask(encrypted.http.replace('https', 'http'), '/healthz')).rejects.toThrow();
  } finally {
    await encrypted.stop();
  }
  const starting = (name: string, options: object) => PeopledCollector.start(directory, name, options);
  await expect(starting('no-key', { 'http-cert': cert, 'http-key': cert })).rejects.toThrow(
    /cannot serve https with http-cert/,
  );
  await expect(starting('no-cert', { 'http-key': key })).rejects.toThrow(/needs both/);
});
