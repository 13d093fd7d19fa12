import { expect, test } from 'vitest';
import { peerOfText } from '../peer.js';
import { ExporterDrops } from './exporter-drops.js';

const peer = peerOfText('192.0.2.7', 40_000);

function header(version: number, domainAt: number, domain: number, length = 24): Uint8Array {
  const octets = Buffer.alloc(length);
  octets.writeUInt16BE(version);
  octets.writeUInt32BE(domain, domainAt);
  return octets;
}

test('drops are counted by address and Observation Domain, whatever the version and the port', () => {
  const drops = new ExporterDrops();
  drops.count(header(10, 12, 5), peer);
  drops.count(header(9, 16, 5), peerOfText('192.0.2.7', 40_001));
  drops.count(header(5, 20, 0x0102_0000), peer);
  drops.count(header(10, 12, 5), peerOfText('192.0.2.8', 40_000));
  expect(drops.list()).toEqual([
    { address: '192.0.2.7', observationDomainId: 5, datagrams: 2 },
    { address: '192.0.2.7', observationDomainId: 0x0102, datagrams: 1 },
    { address: '192.0.2.8', observationDomainId: 5, datagrams: 1 },
  ]);
});

test('what is cut off or no export belongs to none, and invented exporters are bounded', () => {
  const drops = new ExporterDrops();
  for (const octets of [new Uint8Array(0), header(10, 8, 5, 15), header(9, 12, 5, 19), header(7, 12, 5)])
    drops.count(octets, peer);
  expect(drops.list()).toEqual([]);
  for (let domain = 0; domain < 5000; domain++) drops.count(header(10, 12, domain), peer);
  for (let domain = 0; domain < 5000; domain++) drops.count(header(10, 12, domain), peer);
  expect(drops.list().map(each => each.datagrams)).toEqual(new Array(4096).fill(2));
});
