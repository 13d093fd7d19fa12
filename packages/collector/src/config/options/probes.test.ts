import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { probeSettings } from './probes.js';

test('sockets, and HTTP with a token', () => {
  const { probes } = probeSettings({
    probe: [
      'local=unix:/run/weir/probe.sock',
      'near=http://127.0.0.1:4790?token-file=/etc/weir/near',
      'roof=https://[2001:db8::1]:4790?token-file=roof.token&ca=/etc/weir/ca.pem&name=roof.example',
    ],
  });
  expect(probes).toEqual([
    { name: 'local', place: { kind: 'unix', path: '/run/weir/probe.sock' } },
    { name: 'near', place: { kind: 'http', host: '127.0.0.1', port: 4790, tokenFile: '/etc/weir/near' } },
    {
      name: 'roof',
      place: {
        ...{ kind: 'https', host: '2001:db8::1', port: 4790, tokenFile: resolve('roof.token') },
        ...{ ca: '/etc/weir/ca.pem', name: 'roof.example' },
      },
    },
  ]);
});

test.each([
  ['roof', /no name and address/],
  ['a b=unix:/x', /no name and address/],
  ['roof=ftp://192.0.2.1:1', /no address/],
  ['roof=https://192.0.2.1:1', /needs the probe's token/],
  ['roof=http://192.0.2.1:1?token-file=/t', /use https/],
  ['roof=https://192.0.2.1:1?token-file=/t&key=/k', /no parameter "key"/],
  ['roof=https://192.0.2.1?token-file=/t', /HOST:PORT/],
])('%s is refused', (probe, message) => {
  expect(() => probeSettings({ probe: [probe] })).toThrow(message);
});

test('two of one name are refused', () => {
  expect(() => probeSettings({ probe: ['a=unix:/x', 'a=unix:/y'] })).toThrow(/two/);
});
