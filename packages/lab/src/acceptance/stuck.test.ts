// A probe that does not read while the kernel keeps what it has to deliver: connections must not pile up in the kernel's table, and what
// comes late must not come twice.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import { sleep, until } from '../run/wait.js';
import { burst } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { activeTimeout, type QueriedRecord } from '../weir/records.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing(['mkfifo']);
const flows = 20_000;

let lab: Lab;
let net: Topology;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = lab.topology();
  net.router.sysctl('net.netfilter.nf_conntrack_events', 1);
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

/** UDP flows of one packet each to this port, ended at once. */
async function burstAndEnd(firstPort: number): Promise<void> {
  const { client, server } = addresses;
  await burst(net.client, { source: client.v4, destination: server.v4, flows, firstPort, payload: 20 });
  destroyKernelFlows(net.router);
}

/** Source and destination port of each exported end. */
function exportedFlows(file: string): string[] {
  const filter = `src host ${addresses.client.v4} and proto udp`;
  const { stdout } = weir(net.router, ['read', file, '--format', 'json', '--filter', filter]);
  return Array.from(stdout.matchAll(/"sourceTransportPort":\d+,"destinationTransportPort":\d+/g), ([pair]) => pair);
}

test('a loop that is stuck: reliable delivery is given up, what was lost is counted, and the loop goes on', async () => {
  const folder = lab.directory('stuck');
  const [pipe, file] = [join(folder, 'pipe'), join(folder, 'flows.ipfix')];
  run(['mkfifo', pipe]);
  // Nobody reads the pipe: the loop is stuck in write(2) when it is full. No sweep comes to find the ends by absence.
  const options = ['--collector', `file:${pipe}`, '--state', join(folder, 'state'), '--active-timeout', '3600'];
  const few = ['--event-buffer', '65536', '--filter', `src host ${addresses.client.v4} and proto udp`];
  const probe = lab.own(net.router.start(weirCommand('probe', ...options, ...few)));
  await probe.output(/^metering/m, 30);
  await burstAndEnd(silentUdpPorts.first);
  await sleep(2000);
  expect(kernelFlowCount(net.router)).toBeGreaterThan(flows / 2);
  await probe.output(/loop is stuck: events .* are dropped and counted now/, 60);
  await until('an empty table', 60, () => kernelFlowCount(net.router) === 0 || undefined);

  lab.own(net.router.start(['sh', '-c', `cat ${pipe} > ${file}`]));
  await probe.output(/loop moves again/, 60);
  await probe.output(/events are delivered reliably again/, 60);
  // A buffer for some hundred events, and none is lost any more.
  await burstAndEnd(silentUdpPorts.first + 1);
  await until('an empty table', 60, () => kernelFlowCount(net.router) === 0 || undefined);
  expect(await probe.stop('SIGINT', 30)).toBe(0);

  const exported = exportedFlows(file);
  expect(new Set(exported).size).toBe(exported.length);
  const second = exported.filter(pair => pair.endsWith(`:${silentUdpPorts.first + 1}`));
  expect(second).toHaveLength(flows);
  const [, lost] = (await probe.output(/Flow Records exported, (\d+) flows lost/, 1)) ?? [];
  expect(Number(lost)).toBeGreaterThan(flows / 2);
  // Exactly, but for what the kernel tried between the count and the switch.
  expect(exported.length + Number(lost)).toBeGreaterThanOrEqual(2 * flows);
  expect(exported.length + Number(lost)).toBeLessThanOrEqual(2 * flows + 5);
}, 240_000);

test('a stopped probe: ends that the kernel delivers half a minute late are no ends by absence, and come once', async () => {
  const folder = lab.directory('stopped');
  const file = join(folder, 'flows.ipfix');
  const options = ['--collector', `file:${file}`, '--state', join(folder, 'state'), '--active-timeout', '1'];
  const probe = lab.own(
    net.router.start(weirCommand('probe', ...options, '--mend', 'true', '--event-buffer', '65536')),
  );
  await probe.output(/^metering/m, 30);
  const { client, server } = addresses;
  const firstPort = silentUdpPorts.first;
  await burst(net.client, { source: client.v4, destination: server.v4, flows, firstPort, payload: 20 });
  await until('a report of each flow', 60, () => exportedFlows(file).length >= flows || undefined);
  probe.signal('SIGSTOP');
  destroyKernelFlows(net.router);
  // Longer than a connection has to be out of sight to have ended without an event (UNOBSERVED_END_MILLISECONDS).
  await sleep(32_000);
  probe.signal('SIGCONT');
  await until('an empty table', 60, () => kernelFlowCount(net.router) === 0 || undefined);
  await sleep(3000);
  expect(await probe.stop('SIGINT', 30)).toBe(0);
  expect(await probe.output(/Flow Records exported, (\d+) flows lost/, 1)).toMatchObject({ 1: '0' });
  const { stdout } = weir(net.router, [
    'read',
    file,
    '--format',
    'json',
    '--filter',
    `src host ${client.v4} and proto udp`,
  ]);
  const records = stdout
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as QueriedRecord).record);
  const ends = records.filter(({ flowEndReason }) => flowEndReason !== activeTimeout);
  expect([ends.length, new Set(ends.map(({ sourceTransportPort }) => sourceTransportPort)).size]).toEqual([
    flows,
    flows,
  ]);
  expect(records.reduce((packets, { packetDeltaCount }) => packets + Number(packetDeltaCount), 0)).toBe(flows);
}, 240_000);

test('a probe that is told to stop while the kernel keeps ends takes them first', async () => {
  const folder = lab.directory('stopping');
  const file = join(folder, 'flows.ipfix');
  const options = ['--collector', `file:${file}`, '--state', join(folder, 'state'), '--active-timeout', '3600'];
  const probe = lab.own(
    net.router.start(weirCommand('probe', ...options, '--mend', 'true', '--event-buffer', '65536')),
  );
  await probe.output(/^metering/m, 30);
  probe.signal('SIGSTOP');
  await burstAndEnd(silentUdpPorts.first);
  probe.signal('SIGINT');
  probe.signal('SIGCONT');
  expect(await probe.ended()).toBe(0);
  const exported = exportedFlows(file);
  expect([exported.length, new Set(exported).size]).toEqual([flows, flows]);
  expect(await probe.output(/Flow Records exported, (\d+) flows lost/, 1)).toMatchObject({ 1: '0' });
}, 120_000);
