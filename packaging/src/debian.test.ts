import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDebianPackage } from './debian.js';
import { componentsIn, installedBelow, namesOf } from './testing/installed.js';
import { DebianMachine } from './testing/machine.js';

/** Of linux/capability.h. */
const CAP_NET_ADMIN = 1n << 12n;
/** What the services may be exposed to at most, as `systemd-analyze security` counts: 10 is everything. */
const EXPOSURE = 2;

const folder = mkdtempSync(join(tmpdir(), 'weir-debian-'));
let machine: DebianMachine;

beforeAll(async () => {
  machine = new DebianMachine();
  await machine.start();
}, 300_000);
afterAll(async () => {
  await machine?.end();
  rmSync(folder, { recursive: true });
}, 300_000);

/** Puts the package of this version into the machine. */
function bring(name: 'weir' | 'weir-probe', version: string): string {
  const file = makeDebianPackage(name, { version, folder });
  cpSync(file, join(machine.root, `${name}-${version}.deb`));
  return `/${name}-${version}.deb`;
}

/** As people are told to, but that nothing is asked, and nothing waits for the disk. */
const apt = (words: string) =>
  machine.run(`DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Options::=--force-unsafe-io ${words} 2>&1`);
const install = (file: string) => apt(`install ${file}`);
const property = (unit: string, name: string) => machine.run(`systemctl show -P ${name} ${unit}`).trim();
const ask = (path: string) =>
  JSON.parse(machine.run(`node -e "fetch('http://127.0.0.1:4780${path}').then(r => r.text()).then(console.log)"`));

/** Flows that the collector knows, of traffic on the loopback of the machine. */
async function flowsAfterTraffic(atLeast: number): Promise<number> {
  machine.run(`node -e "
    const socket = require('dgram').createSocket('udp4');
    let left = 5;
    for (let port = 9001; port <= 9005; port++) socket.send('x', port, '127.0.0.1', () => --left || socket.close());"`);
  for (let second = 0; ; second++) {
    const { flows } = ask('/api/v1/summary');
    if (flows >= atLeast || second === 60) return flows;
    await sleep(1000);
  }
}

test('installed it runs: each service as its own user with no more than it needs, and what is metered is shown', async () => {
  install(bring('weir', '0.1.0'));
  for (const unit of ['weir-probe', 'weir-collector']) {
    expect(property(unit, 'ActiveState'), machine.run(`journalctl -u ${unit} --no-pager`)).toBe('active');
    expect(property(unit, 'UnitFileState')).toBe('enabled');
  }
  expect(owned('weir-probe')).toEqual({
    user: 'weir-probe',
    capabilities: [CAP_NET_ADMIN, CAP_NET_ADMIN],
    noNewPrivileges: 1,
    seccomp: 2,
  });
  expect(owned('weir-collector')).toEqual({ user: 'weir', capabilities: [0n, 0n], noNewPrivileges: 1, seccomp: 2 });
  expect(machine.run('cat /proc/sys/net/netfilter/nf_conntrack_acct').trim()).toBe('1');
  expect(await flowsAfterTraffic(5)).toBeGreaterThanOrEqual(5);
  // The collector's user reaches the probe by the socket of its group.
  expect(ask('/api/v1/probe/this-machine/setup')).toMatchObject({ file: '/etc/weir-probe/weir.yaml' });
  const manual = machine.run(
    `node -e "fetch('http://127.0.0.1:4780/docs/how-to/install.html').then(r => r.text()).then(console.log)"`,
  );
  expect(manual).toContain('Install it on Debian');
}, 300_000);

function owned(unit: string): object {
  const status = machine.run(`cat /proc/${property(unit, 'MainPID')}/status`);
  const value = (name: string) => new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)![1]!;
  return {
    user: machine.run(`id -nu ${value('Uid')}`).trim(),
    capabilities: [BigInt(`0x${value('CapEff')}`), BigInt(`0x${value('CapBnd')}`)],
    noNewPrivileges: Number(value('NoNewPrivs')),
    seccomp: Number(value('Seccomp')),
  };
}

test('it consists of what its bill of materials says', () => {
  const installed = installedBelow(join(machine.root, 'usr/lib/weir/node_modules'));
  expect(installed.some(name => name.startsWith('chdb@'))).toBe(true);
  expect(namesOf(componentsIn(join(machine.root, 'usr/share/doc/weir/sbom.cdx.json')))).toEqual(installed);
});

test('what the services are exposed to', () => {
  const lines = machine.run('systemd-analyze security --no-pager').split('\n');
  for (const unit of ['weir-probe', 'weir-collector']) {
    const exposure = Number(lines.find(line => line.startsWith(`${unit}.service`))!.split(/\s+/)[1]);
    console.log(`${unit}: exposure ${exposure}`);
    expect(exposure).toBeLessThan(EXPOSURE);
  }
});

test('a probe that does not move is started anew by the watchdog', async () => {
  const before = property('weir-probe', 'MainPID');
  machine.run(
    'mkdir -p /run/systemd/system/weir-probe.service.d; printf "[Service]\\nWatchdogSec=3\\n" > /run/systemd/system/weir-probe.service.d/test.conf; systemctl daemon-reload; systemctl restart weir-probe',
  );
  const started = property('weir-probe', 'MainPID');
  expect(started).not.toBe(before);
  // As long as it is well it stays.
  await sleep(5000);
  expect(property('weir-probe', 'MainPID')).toBe(started);
  machine.run(`kill -STOP ${started}`);
  for (let second = 0; second < 30 && [started, '0'].includes(property('weir-probe', 'MainPID')); second++)
    await sleep(1000);
  expect(property('weir-probe', 'NRestarts')).toBe('1');
  expect(machine.run('journalctl -u weir-probe --no-pager')).toContain('Watchdog timeout');
}, 60_000);

test('an upgrade keeps settings and records, and goes on', async () => {
  const { flows } = ask('/api/v1/summary');
  machine.run('sed -i "s/^active-timeout: .*/active-timeout: 7/" /etc/weir-probe/weir.yaml');
  install(bring('weir', '0.1.1~test'));
  for (const unit of ['weir-probe', 'weir-collector']) expect(property(unit, 'ActiveState')).toBe('active');
  expect(machine.run('dpkg-query -W weir').trim()).toMatch(/\s0\.1\.1~test$/);
  expect(machine.run('cat /etc/weir-probe/weir.yaml')).toContain('active-timeout: 7');
  expect(machine.run('stat -c "%U %a" /etc/weir-probe/weir.yaml').trim()).toBe('weir-probe 640');
  expect(await flowsAfterTraffic(flows + 5)).toBeGreaterThanOrEqual(flows + 5);
}, 300_000);

test('the probe alone takes the place of both', () => {
  install(bring('weir-probe', '0.1.2~test'));
  expect(property('weir-probe', 'ActiveState')).toBe('active');
  expect(property('weir-collector', 'LoadState')).toBe('not-found');
  expect(machine.run('weir --version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(machine.run('weir collect 2>&1 || echo $?')).toMatch(
    /engine \(chdb\) is not part of this installation.*\n1\n$/,
  );
  expect(machine.run('du -sm /usr/lib/weir').split('\t')[0]).toSatisfy(megabytes => Number(megabytes) < 100);
}, 300_000);

test('after a purge nothing is left', () => {
  apt('purge weir-probe weir');
  machine.run('rm -rf /*.deb /run/systemd/system/weir-probe.service.d');
  const found = machine.run('find / -xdev -iname "*weir*" -not -path "/proc/*" -not -path "/var/log/journal/*"');
  expect(found).toBe('');
  expect(machine.run('getent passwd; getent group')).not.toContain('weir');
  expect(machine.run('cat /proc/sys/net/netfilter/nf_conntrack_acct').trim()).toBe('0');
  expect(machine.run('nft list ruleset')).toBe('');
}, 120_000);

test('a package is the same octets each time', () => {
  const [once, again] = [1, 2].map(i => {
    const file = makeDebianPackage('weir-probe', { folder: join(folder, String(i)) });
    return readFileSync(file);
  });
  expect(again!.equals(once!)).toBe(true);
}, 300_000);
