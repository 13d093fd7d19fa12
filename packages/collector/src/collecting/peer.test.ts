import { expect, test } from 'vitest';
import { peerOf, peerOfText } from './peer.js';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::1', '::1'],
  ['::', '::'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is written %s, and both forms make the same octets', (text, canonical) => {
  const peer = peerOfText(text, 4739);
  expect(peer.address).toBe(canonical);
  expect(peerOf(peer.octets, 4739)).toEqual(peer);
  expect(peer.key).toBe(`${canonical} 4739`);
});

test('IPv4 becomes a mapped address', () => {
  expect([...peerOf(Uint8Array.of(10, 0, 0, 7), 1).octets]).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 7,
  ]);
});
