import { expect, test } from 'vitest';
import { parseAnonymise } from './anonymise.js';

test.each([
  ['truncate:24,48', { technique: 'truncate', ipv4Bits: 24, ipv6Bits: 48 }],
  ['truncate:0,128', { technique: 'truncate', ipv4Bits: 0, ipv6Bits: 128 }],
  ['crypto-pan:/etc/weir/key', { technique: 'crypto-pan', keyFile: '/etc/weir/key' }],
])('%s', (text, expected) => {
  expect(parseAnonymise(text)).toEqual(expected);
});

test.each([
  ['truncate', /write truncate:24,48 or crypto-pan:KEYFILE/],
  ['truncate:24', /write truncate:24,48/],
  ['truncate:33,48', /IPv4 at most 32/],
  ['truncate:24,129', /IPv6 at most 128/],
  ['crypto-pan:', /crypto-pan:KEYFILE/],
  ['rot13', /"rot13" means nothing/],
])('%s is refused with what to do', (text, message) => {
  expect(() => parseAnonymise(text)).toThrow(message);
});
