import { expect, test } from 'vitest';
import { canonicalAddress, canonicalMac, canonicalNetwork } from './address.js';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['fe80::1%wlan0', 'fe80::1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['10.0.0', undefined],
  ['300.0.0.1', undefined],
  ['node', undefined],
  ['', undefined],
])('address %s', (text, address) => {
  expect(canonicalAddress(text)).toBe(address);
});

test.each([
  ['10.1.2.3/24', '10.1.2.0/24'],
  ['10.1.2.3/0', '0.0.0.0/0'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['172.31.255.255/9', '172.0.0.0/9'],
  ['2001:db8:1:2::5/50', '2001:db8:1::/50'],
  ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
  ['::1.2.3.4/112', '::1.2.0.0/112'],
  ['::/0', '::/0'],
  ['::ffff:10.1.2.3/120', '10.1.2.0/24'],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/-1', undefined],
  ['10.0.0.0/8/8', undefined],
  ['nonsense/8', undefined],
])('network %s', (text, network) => {
  expect(canonicalNetwork(text)).toBe(network);
});

test('MAC addresses', () => {
  expect(canonicalMac('02-AA-00-00-00-0F')).toBe('02:aa:00:00:00:0f');
  expect(canonicalMac('02:aa:00:00:00')).toBeUndefined();
  expect(canonicalMac('02:aa-00:00:00:0f')).toBeUndefined();
});
