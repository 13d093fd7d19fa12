import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLoopback, parseHostPort } from './address.js';
import { resolveConfig } from './config.js';
import { collectorSchema } from './schema.js';

describe('resolveConfig', () => {
  test('fills in every default', () => {
    const config = resolveConfig({ data: '/tmp/x' });
    expect(config.listen).toEqual([{ scheme: 'udp', host: '127.0.0.1', port: 4739 }]);
    expect(config.directory).toBe('/tmp/x');
    expect(config.http).toEqual({ host: '127.0.0.1', port: 4780 });
    expect(config.tokenNeeded).toBe(false);
    expect(config.tokenFile).toBe('/tmp/x/token');
    expect(config.localNetworks).toContain('fc00::/7');
    expect(config.receiveBuffer).toBe(67_108_864);
  });

  test('a named store is the directory, and a token guards an address beyond loopback', () => {
    const config = resolveConfig({
      store: 'chdb:/tmp/s',
      http: '[::]:80',
      listen: [
        'udp://[::1]',
        'tcp://example',
        'sctp://[::]',
        'tls://0.0.0.0?key=/k&cert=a%20b',
        'tls://h:1?cert=c&key=k&ca=a',
        'tls://h:1?cert=c&key=k&tls=1.2',
      ],
    });
    expect(config.directory).toBe('/tmp/s');
    expect(config.tokenNeeded).toBe(true);
    expect(config.listen).toEqual([
      { scheme: 'udp', host: '::1', port: 4739 },
      { scheme: 'tcp', host: 'example', port: 4739 },
      { scheme: 'sctp', host: '::', port: 4739 },
      { scheme: 'tls', host: '0.0.0.0', port: 4740, tls: { cert: 'a b', key: '/k', minVersion: 'TLSv1.3' } },
      { scheme: 'tls', host: 'h', port: 1, tls: { cert: 'c', key: 'k', ca: 'a', minVersion: 'TLSv1.3' } },
      { scheme: 'tls', host: 'h', port: 1, tls: { cert: 'c', key: 'k', minVersion: 'TLSv1.2' } },
    ]);
  });

  test('everybody has to log in where others than users of this machine can come', () => {
    expect(resolveConfig({ data: '/tmp/x', 'http-behind-proxy': true })).toMatchObject({ tokenNeeded: true });
    expect(resolveConfig({ data: '/tmp/x', 'token-file': '/t' })).toMatchObject({ tokenNeeded: true, tokenFile: '/t' });
    const encrypted = resolveConfig({ data: '/tmp/x', 'http-cert': '/c', 'http-key': '/k' });
    expect(encrypted).toMatchObject({ tokenNeeded: false, tls: { cert: '/c', key: '/k' }, usersFile: '/tmp/x/users' });
    expect(() => resolveConfig({ data: '/tmp/x', 'http-cert': '/c' })).toThrow(/http-cert: https:\/\/ needs both/);
  });

  test('servers', () => {
    const store = 'clickhouse:https://me@a,[::1],b:1/flows_1?password-file=/p&ca=c&cluster=main';
    const config = resolveConfig({ store, data: '/tmp/s' });
    expect(config.directory).toBe('/tmp/s');
    expect(config.server).toEqual({
      urls: ['https://a:8443', 'https://[::1]:8443', 'https://b:1'],
      database: 'flows_1',
      user: 'me',
      passwordFile: '/p',
      ca: resolve('c'),
      cluster: 'main',
    });
    expect(config.storeUrl).toBe('clickhouse:https://a:8443,[::1]:8443,b:1/flows_1');
    const plain = resolveConfig({ store: 'clickhouse:http://127.0.0.1/weir' });
    expect(plain.server).toMatchObject({ urls: ['http://127.0.0.1:8123'], user: 'default', cluster: undefined });
  });

  test.each([
    [{ listen: ['dtls://127.0.0.1:4740'] }, /dtls:\/\/ cannot be listened on yet; use udp/],
    [{ listen: ['sctp://127.0.0.1:4739?ca=a'] }, /sctp:\/\/ has no parameter "ca"/],
    [{ listen: ['tls://127.0.0.1:4740'] }, /names no certificate and key; write tls/],
    [{ listen: ['tls://127.0.0.1:4740?cert=c&key='] }, /names no certificate and key/],
    [{ listen: ['tls://127.0.0.1:4740?cert=c&key=k&cipher=x'] }, /tls:\/\/ has no parameter "cipher"/],
    [{ listen: ['tls://127.0.0.1:4740?cert=c&key=k&tls=1.1'] }, /oldest version of TLS .*tls=1\.3 or tls=1\.2/],
    [{ listen: ['tcp://127.0.0.1:4739?cert=c'] }, /tcp:\/\/ has no parameter "cert"/],
    [{ listen: ['127.0.0.1:4739'] }, /no transport URL/],
    [{ listen: ['udp://127.0.0.1:70000'] }, /no address/],
    [{ listen: ['udp://[1.2.3.4]:1'] }, /no address/],
    [{ listen: 'udp://127.0.0.1' }, /^listen: must be array/],
    [{ store: 'clickhouse:http://127.0.0.1' }, /no address of servers; write clickhouse:http/],
    [{ store: 'clickhouse:tcp://127.0.0.1:9000/weir' }, /no address of servers/],
    [{ store: 'clickhouse:http://h/' }, /"" is no name of a database/],
    [{ store: 'clickhouse:http://h/a;b' }, /"a;b" is no name of a database/],
    [{ store: "clickhouse:http://h/a?cluster=b'" }, /no name of a cluster/],
    [{ store: 'clickhouse:http://u:geheim@h/a' }, /^(?!.*geheim).*a password does not belong in the address/],
    [{ store: 'clickhouse:http://h:70000/a' }, /"h:70000" is no address/],
    [{ store: 'clickhouse:http://h,/a?cluster=c' }, /"" is no address/],
    [{ store: 'clickhouse:http://h,i/a' }, /several servers without cluster=NAME/],
    [{ store: 'clickhouse:http://h/a?ca=f' }, /http:\/\/ has none of/],
    [{ store: 'clickhouse:https://h/a?user=f' }, /no parameter "user"/],
    [{ store: 'chdb:' }, /is no store/],
    [{ http: '127.0.0.1' }, /write HOST:PORT/],
    [{ 'local-networks': ['10.0.0.0/33'] }, /no network/],
    [{ sampling: ['192.0.2.1'] }, /write EXPORTER=N/],
    [{ sampling: ['192.0.2.1=0'] }, /N from 1 to/],
    [{ sampling: ['192.0.2.1=1.5'] }, /write EXPORTER=N/],
    [{ sampling: ['router=100'] }, /sampling: "router" is no network/],
    [{ sampling: ['192.0.2.0/33=100'] }, /no network/],
    [{ 'receive-buffer': 1 }, /^receive-buffer: must be >=/],
    [{ colour: 'red' }, /no option "colour"/],
  ])('refuses %j in one line', (options, message) => {
    expect(() => resolveConfig(options)).toThrow(message);
    expect(() => resolveConfig(options)).toThrow(expect.objectContaining({ name: 'WeirError' }));
  });
});

test('sampling of exporters: addresses and networks', () => {
  const { sampling } = resolveConfig({
    sampling: ['192.0.2.1=1000', '2001:db8::/32 = 5', '::ffff:192.0.2.9=4294967295'],
  });
  expect(sampling).toEqual([
    { address: '192.0.2.1', length: 32, interval: 1000 },
    { address: '2001:db8::', length: 32, interval: 5 },
    { address: '192.0.2.9', length: 32, interval: 4_294_967_295 },
  ]);
});

test('every option says what it is', () => {
  for (const [key, schema] of Object.entries(collectorSchema.properties)) {
    expect((schema as { description?: string }).description?.length, key).toBeGreaterThan(20);
  }
});

test('loopback is told from the rest', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'weir.localhost'])
    expect(isLoopback(host)).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.org', 'localhost.example.org']) {
    expect(isLoopback(host)).toBe(false);
  }
});

test('an authority with user, path or spaces is refused', () => {
  for (const text of ['a@b:1', 'a/b:1', 'a b:1', '', ':1', '[::1', '::1:80']) {
    expect(() => parseHostPort(text, 'http', 1)).toThrow(/is no address/);
  }
});
