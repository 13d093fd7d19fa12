// The probe in operation: the configuration changed under traffic, namespaces that come and go, and others who change what metering needs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { addresses } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import type { LabProcess } from '../run/process.js';
import { sleep, until } from '../run/wait.js';
import { requests, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount, kernelFlows } from '../truth/conntrack.js';
import type { QueriedRecord } from '../weir/records.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing(['ping', 'curl']);
const port = 7000;
const metrics = '127.0.0.1:9100';
const forcedEnd = 4;

let lab: Lab;
let folder: string;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  folder = lab.directory('operation');
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

async function startProbe(place: Namespace, options: readonly string[]): Promise<LabProcess> {
  const probe = lab.own(place.start(weirCommand('probe', '--mend', 'true', '--active-timeout', '1', ...options)));
  await probe.output(/^metering/m, 30);
  return probe;
}

/** All records of all IPFIX files in the folder. */
function records(place: Namespace): QueriedRecord[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.ipfix'));
  const { stdout } = weir(place, ['read', ...files.map(name => join(folder, name)), '--format', 'json']);
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map(line => JSON.parse(line) as QueriedRecord).filter(({ record }) => 'flowId' in record);
}

/** How many lines of the probe match. */
const told = (probe: LabProcess, pattern: RegExp): number => probe.stderr.match(new RegExp(pattern, 'gm'))?.length ?? 0;

/** Value of one sample; the text follows the exposition format, version 0.0.4. */
function sample(place: Namespace, name: string, labels = ''): number {
  const text = place.run(['curl', '-sf', `http://${metrics}/metrics`]);
  const line = text.split('\n').find(each => each.startsWith(`${name}${labels}`));
  return Number(line?.split(' ').at(-1));
}

const threads = (pid: number): number =>
  Number(/^Threads:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

test('20 reloads under traffic, collectors and active timeout changing: every flow once', async () => {
  const net = lab.topology();
  lab.own(await startResponder(net.server, port));
  const file = join(folder, 'weir.yaml');
  const configure = (round: number): void =>
    writeFileSync(
      file,
      `collector: [file:${folder}/${round % 2}.ipfix, file:${folder}/${2 + (round % 3)}.other]\nactive-timeout: ${1 + (round % 2)}\n`,
    );
  configure(0);
  const probe = lab.own(
    net.router.start(weirCommand('probe', '--config', file, '--mend', 'true', '--state', join(folder, 'state'))),
  );
  await probe.output(/^metering/m, 30);
  const [rounds, flows] = [20, 300];
  for (let round = 1; round <= rounds; round++) {
    configure(round);
    const traffic = requests(net.client, {
      host: addresses.server.v4,
      port,
      flows,
      firstPort: 20_000 + round * 1000,
      octets: 100,
    });
    await sleep(100);
    probe.signal('SIGHUP');
    expect(await traffic).toMatchObject({ flows, answered: flows });
    // Two signals that meet are one.
    await until(`reload ${round}`, 30, () => told(probe, /^weir: configuration: .*changed$/) >= round || undefined);
    if (round % 4 === 0) destroyKernelFlows(net.router);
  }
  destroyKernelFlows(net.router);
  expect(await probe.stop('SIGTERM')).toBe(0);
  const clients = records(net.router).filter(({ record }) => record.sourceIPv4Address === addresses.client.v4);
  const ends = clients.filter(({ record }) => record.flowEndReason !== 2);
  expect(ends).toHaveLength(rounds * flows);
  expect(new Set(ends.map(({ record }) => record.sourceTransportPort)).size).toBe(rounds * flows);
  const octets = clients.reduce((sum, { record }) => sum + Number(record.octetDeltaCount ?? 0), 0);
  expect(octets).toBe(rounds * flows * 128);
}, 120_000);

test('a configuration that is not valid changes nothing and names the key; keys that need a restart are named', async () => {
  const place = lab.namespace('place');
  const file = join(folder, 'weir.yaml');
  const write = (text: string): void => writeFileSync(file, `collector: ["file:${folder}/a.ipfix"]\n${text}`);
  write('');
  const probe = await startProbe(place, ['--config', file]);
  for (const [text, line] of [
    ['active-timeout: soon\n', /everything stays as it was: .*weir\.yaml: active-timeout/],
    ['namespace: ["a=1", "b=1"]\n', /everything stays as it was: .*"a" and "b" have the same Observation Domain/],
    ['domain: 7\n', /configuration: domain need a restart/],
  ] as const) {
    write(text);
    probe.signal('SIGHUP');
    await probe.output(line, 30);
  }
  // One that cannot be opened: nothing else of that file is taken over either.
  writeFileSync(file, `collector: ["file:${folder}/none/a.ipfix"]\ntemplate-refresh-interval: 7\n`);
  probe.signal('SIGHUP');
  await probe.output(/everything stays as it was: the new collectors cannot be used/, 30);
  write('template-refresh-interval: 7\n');
  probe.signal('SIGHUP');
  await probe.output(/configuration: template-refresh-interval changed/, 30);
  expect(await probe.stop('SIGTERM')).toBe(0);
}, 120_000);

test('namespaces are Observation Domains of their own; one deleted under traffic is reported and let go of', async () => {
  const place = lab.namespace('place');
  const [one, two] = [lab.namespace('one'), lab.namespace('two')];
  const named = [
    '--namespace',
    `${one.name}=11`,
    '--namespace',
    `${two.name}=12`,
    '--metrics',
    metrics,
    '--active-timeout',
    '60',
  ];
  const probe = await startProbe(place, ['--collector', `file:${folder}/a.ipfix`, ...named]);
  for (const each of [one, two]) lab.own(each.start(['ping', '-i', '0.2', '127.0.0.1']));
  await until('both flows', 30, () => (kernelFlowCount(one) > 0 && kernelFlowCount(two) > 0) || undefined);
  await sleep(1500);
  // The traffic goes on until the namespace does: its process is ended by its removal.
  one.remove();
  await probe.output(/one: the namespace has gone/, 30);
  expect(sample(place, 'weir_probe_namespace_present', `{namespace="${one.name}"`)).toBe(0);
  expect(sample(place, 'weir_probe_namespace_disappearances_total', `{namespace="${one.name}"`)).toBe(1);
  expect(sample(place, 'weir_probe_namespace_present', `{namespace="${two.name}"`)).toBe(1);
  const left = records(place).filter(({ observationDomainId }) => observationDomainId === 11);
  expect(left.at(-1)?.record).toMatchObject({ flowEndReason: forcedEnd, protocolIdentifier: 1 });

  expect(await probe.stop('SIGTERM')).toBe(0);
  expect(new Set(records(place).map(({ observationDomainId }) => observationDomainId))).toEqual(new Set([11, 12]));
  expect(two.run(['nft', 'list', 'ruleset'])).toBe('');
}, 120_000);

test('a namespace that comes and goes leaves no descriptor, no thread and no file', async () => {
  const place = lab.namespace('place');
  const name = `weir-${process.pid}-guest`;
  const probe = await startProbe(place, [
    '--collector',
    `file:${folder}/a.ipfix`,
    '--namespace',
    'self',
    '--namespace',
    name,
  ]);
  const before = { threads: 0, descriptors: 0 };
  const files = (): number => readdirSync('/run/weir').length;
  let filesBefore = 0;
  // 50 cycles by hand: WEIR_LONG=1.
  const cycles = process.env.WEIR_LONG ? 50 : 5;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    run(['ip', 'netns', 'add', name]);
    lab.later(() => run(['sh', '-c', `ip netns delete ${name} 2>/dev/null || true`]));
    await until('metering', 30, () => told(probe, /guest: the namespace is there/) >= cycle || undefined);
    run(['ip', 'netns', 'delete', name]);
    await until('the end', 30, () => told(probe, /guest: the namespace has gone/) >= cycle || undefined);
    if (cycle > 1) continue;
    // The first one loads what all others need.
    Object.assign(before, { threads: threads(probe.pid), descriptors: descriptors(probe.pid) });
    filesBefore = files();
  }
  expect(threads(probe.pid)).toBeLessThanOrEqual(before.threads);
  expect(descriptors(probe.pid)).toBeLessThanOrEqual(before.descriptors);
  expect(readdirSync('/run/weir').filter(each => each.startsWith('probe-')).length).toBeLessThanOrEqual(filesBefore);
  expect(await probe.stop('SIGTERM')).toBe(0);
}, 400_000);

test('nft flush ruleset: the table is put back within seconds, and counted', async () => {
  const place = lab.namespace('place');
  const probe = await startProbe(place, ['--collector', `file:${folder}/a.ipfix`, '--metrics', metrics]);
  for (let times = 1; times <= 2; times++) {
    place.run(['nft', 'flush', 'ruleset']);
    await until('the table', 30, () => place.run(['nft', 'list', 'tables']).includes('inet weir') || undefined);
    await until('the count', 30, () => sample(place, 'weir_probe_table_restores_total') === times || undefined);
  }
  place.run(['ping', '-c', '1', '127.0.0.1']);
  expect(kernelFlows(place).filter(({ protocol }) => protocol === 1)).toHaveLength(1);
  expect(await probe.stop('SIGTERM')).toBe(0);
  expect(place.run(['nft', 'list', 'tables'])).toBe('');
}, 120_000);

test('sysctls switched off under the probe: said and counted, and left to who switched them', async () => {
  const place = lab.namespace('place');
  const probe = await startProbe(place, ['--collector', `file:${folder}/a.ipfix`, '--metrics', metrics]);
  for (const [name, meaning] of [
    ['acct', /nf_conntrack_acct has been changed from 1 to 0: .*no octets/],
    ['timestamp', /nf_conntrack_timestamp has been changed from 1 to 0: .*no exact start/],
    ['events', /nf_conntrack_events has been changed from 1 to 0: ends are found by sweeps/],
    ['events', /nf_conntrack_events has been changed from 0 to 1: metering goes on/],
  ] as const) {
    place.sysctl(`net.netfilter.nf_conntrack_${name}`, meaning.source.includes('to 1') ? 1 : 0);
    await probe.output(meaning, 30);
  }
  await until('the count', 30, () => sample(place, 'weir_probe_setting_changes_total') === 4 || undefined);
  place.run(['ping', '-c', '1', '127.0.0.1']);
  destroyKernelFlows(place);
  expect(await probe.stop('SIGTERM')).toBe(0);
  const pings = records(place).filter(({ record }) => record.protocolIdentifier === 1);
  expect(pings).toHaveLength(1);
  expect(Object.keys(pings[0]!.record).filter(name => /DeltaCount/.test(name))).toEqual([]);
  // Switched off by someone else: not ours to switch on again.
  expect(place.run(['sysctl', '-n', 'net.netfilter.nf_conntrack_acct'])).toBe('0\n');
}, 120_000);

test('log lines as JSON', async () => {
  const place = lab.namespace('place');
  const probe = lab.own(
    place.start(weirCommand('probe', '--collector', `file:${folder}/a.ipfix`, '--log-format', 'json')),
  );
  await probe.output(/"message":"metering/, 30);
  expect(await probe.stop('SIGTERM')).toBe(0);
  const lines = probe.stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, string>);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['time', 'level', 'message']);
    expect(['info', 'warning', 'error']).toContain(line.level);
    expect(Number.isNaN(Date.parse(line.time!))).toBe(false);
  }
}, 120_000);
