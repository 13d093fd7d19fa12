// `weir up` with several namespaces and a configuration that changes, and the doctor where /proc/sys cannot be written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { differences, snapshot } from '../namespaces/snapshot.js';
import { attempt, run } from '../run/command.js';
import { until } from '../run/wait.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir, weir, weirCommand } from '../weir/weir.js';

const reason = missing(['ping', 'unshare', 'mount']);

let lab: Lab;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

test('a namespace added by SIGHUP is prepared, metered, stored and restored; a bad file changes nothing', async () => {
  const [place, guest] = [lab.namespace('place'), lab.namespace('guest')];
  const before = snapshot(guest);
  const folder = lab.directory('up');
  const file = join(folder, 'weir.yaml');
  writeFileSync(file, 'active-timeout: 5\n');
  const running = await RunningWeir.up(lab, place, folder, ['--config', file]);
  const probe = running.child('probe');
  for (const [text, line] of [
    ['active-timeout: 0\n', /everything stays as it was: .*weir\.yaml: active-timeout/],
    ['collector: ["http://x"]\n', /everything stays as it was: collector "http:\/\/x"/],
    [`namespace: [self, "${guest.name}=77"]\nhttp: 127.0.0.1:1\n`, /configuration: active-timeout, namespace changed/],
  ] as const) {
    writeFileSync(file, text);
    running.command.signal('SIGHUP');
    await running.command.output(line, 30);
  }
  expect(running.child('probe')).toBe(probe);
  expect(differences(before, snapshot(guest))).toContain('net.netfilter.nf_conntrack_acct was 0, is 1');
  guest.run(['ping', '-c', '2', '-i', '0.2', '127.0.0.1']);
  destroyKernelFlows(guest);
  const records = await until('the flow of the guest', 30, () => {
    const found = running.records('proto icmp').filter(({ observationDomainId }) => observationDomainId === 77);
    return found.length > 0 ? found : undefined;
  });
  expect(records).toHaveLength(1);
  expect(records[0]!.record.packetDeltaCount).toBe(2);
  expect(await running.stop()).toBe(0);
  expect(differences(before, snapshot(guest))).toEqual([]);
}, 90_000);

test('kill -9 of everything leaves a namespace changed; doctor --restore puts it back', async () => {
  const [place, guest] = [lab.namespace('place'), lab.namespace('guest')];
  const before = snapshot(guest);
  const running = await RunningWeir.up(lab, place, lab.directory('up'), ['--namespace', guest.name]);
  await running.kill();
  expect(differences(before, snapshot(guest))).toContain('net.netfilter.nf_conntrack_acct was 0, is 1');
  const restored = weir(place, ['doctor', '--restore', '--namespace', guest.name, '--namespace', 'self']);
  expect(restored).toMatchObject({ status: 0, stderr: '' });
  expect(differences(before, snapshot(guest))).toEqual([]);
}, 120_000);

test('where /proc/sys is read-only, --fix is not offered for what it cannot do', () => {
  const place = lab.namespace('place');
  const doctor = weirCommand('doctor', '--json').join(' ');
  const command = [
    'unshare',
    '-m',
    'sh',
    '-c',
    `mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && ${doctor}`,
  ];
  const { status, stdout, stderr } = attempt(place.command(command));
  expect([status, stderr]).toEqual([1, '']);
  const findings = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Record<string, unknown>);
  const of = (id: string) => findings.find(finding => finding.id === id)!;
  for (const id of ['accounting', 'timestamps', 'events']) {
    expect(of(id)).toMatchObject({ level: 'problem', fixable: false });
    expect(of(id).command).toMatch(/read-only: from outside of the container/);
  }
  expect(of('tracking-ipv4')).toMatchObject({ level: 'problem', fixable: true });
}, 30_000);

test('files of namespaces that are gone are removed at the next start', async () => {
  const guest = lab.namespace('guest');
  const options = ['probe', '--collector', `file:${join(lab.directory('stale'), 'a.ipfix')}`];
  const first = lab.own(guest.start(weirCommand(...options)));
  await first.output(/^metering/m, 30);
  expect(await first.stop('SIGKILL')).toBeNull();
  const cookieFile = run(['sh', '-c', 'ls -t /run/weir/probe-*.state | head -1']).trim();
  guest.remove();
  const place = lab.namespace('place');
  const second = lab.own(place.start(weirCommand(...options)));
  await until('the removal', 30, () => second.stderr.includes(`${cookieFile}: removed`) || undefined);
  expect(await second.stop('SIGTERM')).toBe(0);
}, 120_000);
