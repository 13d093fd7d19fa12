import { expect, test } from 'vitest';
import { AllowedExporters } from './allowed-exporters.js';
import { peerOfText } from './peer.js';

test('those of the networks are admitted, however they come', () => {
  const allowed = new AllowedExporters(['192.0.2.0/25', '2001:db8:1::/48']);
  const admitted = (address: string) => allowed.admits(peerOfText(address, 4739));
  expect(['192.0.2.1', '192.0.2.127', '::ffff:192.0.2.1', '2001:db8:1:2::3'].map(admitted)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['192.0.2.128', '198.51.100.1', '::1', '2001:db8:2::1', '::ffff:198.51.100.1'].map(admitted)).toEqual([
    ...[false, false, false, false, false],
  ]);
});

test('what was answered once is answered the same again', () => {
  const allowed = new AllowedExporters(['192.0.2.0/24']);
  const [inside, outside] = [peerOfText('192.0.2.1', 1), peerOfText('198.51.100.1', 1)];
  for (let i = 0; i < 2; i++) expect([allowed.admits(inside), allowed.admits(outside)]).toEqual([true, false]);
});

test('where no network is named, all are', () => {
  expect(new AllowedExporters([]).admits(peerOfText('203.0.113.7', 1))).toBe(true);
});
