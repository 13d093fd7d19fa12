import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeDebianPackage } from './debian.js';
import { Container } from './testing/container.js';

/** Of linux/capability.h. */
const CAP_NET_ADMIN = 1n << 12n;
const patience = { timeout: 120_000, interval: 500 };

const packages = mkdtempSync(join(tmpdir(), 'weir-images-'));
let container: Container;

beforeAll(() => {
  makeDebianPackage('weir', { folder: packages });
  makeDebianPackage('weir-probe', { folder: packages });
}, 300_000);
afterEach(() => container?.end(), 300_000);
afterAll(() => rmSync(packages, { recursive: true }));

const capabilities = (name: string) => BigInt(`0x${container.status(name)}`);

test('the collector’s: a user without any privilege collects, is healthy, and asks for its token', async () => {
  container = new Container('collector');
  await container.build(packages);
  expect(container.recipe).toMatchObject({ user: 'weir', volumes: ['/var/lib/weir'], ports: ['4739/udp', '4780/tcp'] });
  container.start();
  await expect
    .poll(() => container.said, patience)
    .toContain('collecting on udp://0.0.0.0:4739, page http://0.0.0.0:4780/');
  expect(container.status('Uid')).not.toMatch(/\b0\b/);
  expect([capabilities('CapEff'), capabilities('CapBnd')]).toEqual([0n, 0n]);
  container.run(...container.recipe.health!);
  const ask = "fetch('http://127.0.0.1:4780/api/v1/summary').then(({ status }) => console.log(status))";
  expect(container.run('node', '-e', ask).trim()).toBe('401');
}, 300_000);

test('the probe’s: with CAP_NET_ADMIN alone it meters, and says what only the machine itself can switch on', async () => {
  container = new Container('probe');
  await container.build(packages);
  const settings = join(container.root, 'etc/weir-probe/weir.yaml');
  const text = readFileSync(settings, 'utf8');
  expect(text).not.toMatch(/^control:/m);
  writeFileSync(settings, text.replace('udp://127.0.0.1:4739', 'file:/tmp/flows.ipfix').replace('10', '1'));
  container.start(['net_admin']);
  await expect.poll(() => container.said, patience).toContain('metering, exporting to');
  expect([capabilities('CapEff'), capabilities('CapBnd')]).toEqual([CAP_NET_ADMIN, CAP_NET_ADMIN]);
  expect(container.said).toContain('sysctl -w net.netfilter.nf_conntrack_acct=1 (not from in here');
  const send = "const s = require('dgram').createSocket('udp4'); s.send('x', 9001, '127.0.0.1', () => s.close())";
  container.run('node', '-e', send);
  const read = () => container.run('weir', 'read', '/tmp/flows.ipfix', '--format', 'json', '--filter', 'dst port 9001');
  await expect.poll(read, patience).toContain('"destinationTransportPort":9001');
}, 300_000);
