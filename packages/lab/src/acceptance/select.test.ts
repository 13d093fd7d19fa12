// What probes export of the same traffic when they filter, sample and anonymise, beside one that does not.
import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import type { LabProcess } from '../run/process.js';
import { sleep } from '../run/wait.js';
import { requests, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing([]);
const port = 7000;
const flows = 400;
const filter = `src net ${addresses.client.v4}/24 and (proto tcp or srcport < 20200) and answered`;
type Fields = Record<string, string | number>;

let lab: Lab;
let net: Topology;
let folder: string;
const probes = new Map<string, LabProcess>();

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  folder = lab.directory('select');
  lab.own(await startResponder(net.server, port));
  expect(weir(net.router, ['doctor', '--fix']).status).toBe(0);
  writeFileSync(join(folder, 'key'), randomBytes(32), { mode: 0o600 });
  await startProbe('plain');
  await startProbe('filtered', '--filter', filter);
  await startProbe('sampled', '--sample', '4', '--anonymise', 'truncate:16,48');
  await startProbe('pan', '--anonymise', `crypto-pan:${join(folder, 'key')}`);
  const { v4, v6 } = addresses.server;
  await requests(net.client, { host: v4, port, flows, firstPort: 20_000, octets: 64 });
  await requests(net.client, { host: v6, port, flows: 50, firstPort: 30_000, octets: 64 });
  for (let i = 0; i < 3; i++) await transfer(net.client, { host: v4, port, upload: 10_000, download: 100 });
  destroyKernelFlows(net.router);
  await sleep(500);
  for (const probe of probes.values()) expect(await probe.stop('SIGINT')).toBe(0);
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(weir(net.router, ['doctor', '--restore']).status).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

async function startProbe(name: string, ...options: string[]): Promise<void> {
  const file = ['--collector', `file:${join(folder, name)}`, '--state', join(folder, `${name}.state`)];
  const probe = lab.own(net.router.start(weirCommand('probe', ...file, '--active-timeout', '600', ...options)));
  probes.set(name, probe);
  await probe.output(/metering/i, 30);
}

/** Flow Records of a probe by the kernel's id of the connection. */
function recordsOf(name: string, ...options: string[]): Map<number, Fields> {
  const { stdout, status } = weir(net.router, ['read', join(folder, name), '--format', 'json', ...options]);
  expect(status).toBe(0);
  const lines = stdout.split('\n').filter(Boolean);
  const records = lines.map(line => JSON.parse(line) as { record: Fields; scope?: Fields });
  const found = records.filter(({ record, scope }) => scope === undefined && 'flowId' in record);
  return new Map(found.map(({ record }) => [Number(record.flowId), record]));
}

function ids(records: ReadonlyMap<number, Fields>): number[] {
  return [...records.keys()].sort((a, b) => a - b);
}

test('the plain probe has all', () => {
  expect(recordsOf('plain').size).toBeGreaterThanOrEqual(flows + 50 + 3);
});

test('the filtered probe exports what the filter fits of all', () => {
  const filtered = recordsOf('filtered');
  expect(ids(filtered)).toEqual(ids(recordsOf('plain', '--filter', filter)));
  expect(filtered.size).toBe(200 + 3);
});

test('one Flow of four is sampled, and its addresses are cut', () => {
  const sampled = recordsOf('sampled', '--filter', `dst port ${port}`);
  const plain = recordsOf('plain');
  expect(sampled.size).toBeGreaterThan(plain.size / 8);
  expect(sampled.size).toBeLessThan(plain.size / 2);
  for (const [id, record] of sampled) {
    expect(plain.has(id)).toBe(true);
    const address = String(record.sourceIPv4Address ?? record.sourceIPv6Address);
    expect(address).toMatch(/^\d+\.\d+\.0\.0$|^[0-9a-f:]+::$/);
  }
});

describe('Crypto-PAn', () => {
  test('gives each address one stand-in, and keeps all else', () => {
    // Neighbour discovery goes on while probes start and stop: only what was made for the test.
    const plain = recordsOf('plain', '--filter', `dst port ${port}`);
    const pan = recordsOf('pan', '--filter', `dst port ${port}`);
    expect(ids(pan)).toEqual(ids(plain));
    const standIns = new Map<unknown, unknown>();
    for (const [id, record] of pan) {
      const real = plain.get(id)!;
      for (const [name, value] of Object.entries(record)) {
        if (!/Address$/.test(name)) expect([name, value]).toEqual([name, real[name]]);
        else expect(standIns.get(real[name]) ?? standIns.set(real[name], value).get(real[name])).toBe(value);
      }
    }
    expect(new Set(standIns.values()).size).toBe(standIns.size);
    expect([...standIns].some(([real, standIn]) => real !== standIn)).toBe(true);
  });
});

describe('mistakes end the probe before it meters', () => {
  const attempt = (...options: string[]) => weir(net.router, ['probe', '--collector', 'file:/dev/null', ...options]);

  test.each([
    [['--filter', 'proto tcp and tcpflags = 3'], /column 15: the probe does not know tcpControlBits/],
    [['--filter', 'port x'], /column 6: expected a port such as 443 or https/],
    [['--anonymise', 'crypto-pan:/nowhere/key'], /cannot read the key file.*head -c 32/],
    [['--anonymise', 'rot13'], /write truncate:24,48/],
    [['--anonymise-networks', '10.0.0.0/8'], /limits anonymise, which is not given/],
    [['--anonymise', 'truncate:8,8', '--anonymise-networks', 'ten'], /"ten" is no network/],
  ])('%s', (options, message) => {
    const { status, stderr } = attempt(...options);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/fault of weir/);
  });

  test('a key that others can read', () => {
    const path = join(folder, 'open');
    writeFileSync(path, randomBytes(32));
    chmodSync(path, 0o644);
    expect(attempt('--anonymise', `crypto-pan:${path}`).stderr).toMatch(/chmod 600/);
  });
});
