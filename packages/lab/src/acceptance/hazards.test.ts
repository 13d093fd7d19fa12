// What conntrack does to those who meter by it, each on the real kernel, and what the probe makes of it. Elsewhere: what is not tracked, in
// untracked.test.ts; event loss, in burst.test.ts; events that a dump at the same time does not disturb, on sockets of their own, in
// bursts.test.ts; a reader that is stuck, in stuck.test.ts; late ends and their reasons, in times.test.ts.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { attempt } from '../run/command.js';
import { until } from '../run/wait.js';
import { burst, ping, requests, silentConnection, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { RunningProbe } from '../weir/probe.js';

const reason = missing(['ping']);
const port = 7000;
const host = addresses.server.v4;
const counters = ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'];
const forcedEnd = 4;

let lab: Lab;
let net: Topology;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  for (const name of ['acct', 'timestamp', 'events']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
}, 30_000);

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

/** UDP flows with one request and one answer of `octets` each, from source port `firstPort` on. */
async function ask(flows: number, firstPort: number, octets = 100): Promise<void> {
  expect(await requests(net.client, { host, port, flows, firstPort, octets })).toMatchObject({
    flows,
    answered: flows,
  });
}

/** Waits until as many ends are exported. */
async function ends(probe: RunningProbe, count: number, seconds = 30): ReturnType<typeof waitForEnds> {
  return waitForEnds(probe, count, seconds);
}
const waitForEnds = (probe: RunningProbe, count: number, seconds: number) =>
  until(
    `${count} ends`,
    seconds,
    () => (probe.ends().length >= count ? probe.ends() : undefined),
    () => `${probe.ends().length} came`,
  );

test('accounting off: counters are left out, not zero; those of flows begun later are there', async () => {
  net.router.sysctl('net.netfilter.nf_conntrack_acct', 0);
  const probe = await RunningProbe.start(lab, net.router);
  await ask(10, 30_000);
  net.router.sysctl('net.netfilter.nf_conntrack_acct', 1);
  await ask(10, 31_000);
  destroyKernelFlows(net.router);
  const all = await ends(probe, 20);
  for (const record of all) {
    const counted = Number(record.sourceTransportPort) >= 31_000;
    expect(counters.filter(name => name in record)).toEqual(counted ? counters : []);
    // IPv4 and UDP headers count, Ethernet's does not.
    if (counted)
      expect(record).toMatchObject({ octetDeltaCount: 128, packetDeltaCount: 1, reverseOctetDeltaCount: 128 });
  }
  await probe.stop();
}, 120_000);

test('timestamps off: the start is the first sight, never later than the end', async () => {
  net.router.sysctl('net.netfilter.nf_conntrack_timestamp', 0);
  const probe = await RunningProbe.start(lab, net.router, ['--active-timeout', '1']);
  const before = Date.now();
  await transfer(net.client, { host, port, upload: 400_000, download: 1000, rate: 100_000 });
  await ask(10, 30_000);
  destroyKernelFlows(net.router);
  const all = await ends(probe, 11);
  for (const record of all) {
    if (record.flowStartMilliseconds === undefined) continue;
    const [start, end] = [record.flowStartMilliseconds, record.flowEndMilliseconds].map(time =>
      Date.parse(String(time)),
    );
    expect(start).toBeGreaterThan(before - 1500);
    expect(start).toBeLessThanOrEqual(end!);
  }
  expect(all.find(({ protocolIdentifier }) => protocolIdentifier === 6)).toHaveProperty('flowStartMilliseconds');
  await probe.stop();
}, 120_000);

test('nf_conntrack_events=2, connections older than the probe: the kernel tells no end, their absence does', async () => {
  net.router.sysctl('net.netfilter.nf_conntrack_events', 2);
  await ask(50, 30_000);
  // The kernel meter needs no event.
  const probe = await RunningProbe.start(lab, net.router, ['--active-timeout', '2', '--source', 'ctnetlink']);
  await ask(50, 31_000);
  destroyKernelFlows(net.router);
  const old = (sourcePort: unknown): boolean => Number(sourcePort) < 31_000;
  expect((await ends(probe, 50)).every(record => !old(record.sourceTransportPort))).toBe(true);
  const all = await ends(probe, 100, 60);
  expect(new Set(all.map(record => record.sourceTransportPort)).size).toBe(100);
  const sum = probe.records().reduce((octets, record) => octets + Number(record.octetDeltaCount), 0);
  expect(sum).toBe(100 * 128);
  await probe.stop();
}, 120_000);

test('nf_conntrack_events=0: ends are noticed by absence', async () => {
  net.router.sysctl('net.netfilter.nf_conntrack_events', 0);
  const probe = await RunningProbe.start(lab, net.router, ['--active-timeout', '1']);
  await ask(50, 30_000);
  await until('interim reports', 30, () => probe.records().length >= 50 || undefined);
  destroyKernelFlows(net.router);
  const all = await ends(probe, 50, 60);
  expect(new Set(all.map(record => record.sourceTransportPort)).size).toBe(50);
  const sum = probe.records().reduce((octets, record) => octets + Number(record.octetDeltaCount), 0);
  expect(sum).toBe(50 * 128);
  await probe.stop();
}, 120_000);

test('something else sets the counters to zero: sums stay right, nothing goes below zero', async () => {
  const probe = await RunningProbe.start(lab, net.router, ['--active-timeout', '1']);
  const sending = transfer(net.client, { host, port, upload: 600_000, download: 1000, rate: 100_000 });
  await until('two interim reports', 30, () => probe.records().length >= 2 || undefined);
  const before = probe.records().reduce((octets, record) => octets + Number(record.octetDeltaCount), 0);
  net.router.run(['conntrack', '-L', '-z']);
  const { sent } = await sending;
  destroyKernelFlows(net.router);
  await ends(probe, 1);
  const sum = probe.records().reduce((octets, record) => octets + Number(record.octetDeltaCount), 0);
  // Lost is what was counted between the last report and the zero, at most one interval and its sweep.
  expect(sum).toBeGreaterThan(before);
  expect(sum).toBeGreaterThan(sent - 250_000);
  expect(sum).toBeLessThan(sent * 1.2);
  await probe.stop();
}, 120_000);

test('a connection that is removed while it lives has a forced end; tcpControlBits are never made up', async () => {
  const probe = await RunningProbe.start(lab, net.router);
  lab.own(await silentConnection(net.client, { host, port, upload: 1000 }));
  ping(net.client, host, 3);
  destroyKernelFlows(net.router);
  const all = await ends(probe, 2);
  expect(all.map(record => record.flowEndReason)).toEqual([forcedEnd, forcedEnd]);
  expect(all.filter(record => 'tcpControlBits' in record)).toEqual([]);
  // Three echo requests of 56 octets, with ICMP's header and IPv4's.
  const icmp = all.find(record => record.protocolIdentifier === 1);
  expect(icmp).toMatchObject({ octetDeltaCount: 3 * 84, reverseOctetDeltaCount: 3 * 84, packetDeltaCount: 3 });
  await probe.stop();
}, 120_000);

test('zones: two connections with the same addresses and ports are two flows', async () => {
  // The same packets twice, the rules of the second time put them into another zone.
  const zoned = (zone: number): string => `flush chain inet zones first
add rule inet zones first iifname "inside" ct zone set ${zone}
add rule inet zones first iifname "outside" ct zone set ${zone}\n`;
  net.router.nft('table inet zones { chain first { type filter hook prerouting priority raw; }; }');
  const order = {
    source: addresses.client.v4,
    destination: host,
    flows: 10,
    firstPort: silentUdpPorts.first,
    payload: 20,
  };
  const probe = await RunningProbe.start(lab, net.router, ['--active-timeout', '1']);
  for (const zone of [1, 2]) {
    net.router.nft(zoned(zone));
    await burst(net.client, order);
  }
  expect(kernelFlowCount(net.router)).toBe(20);
  destroyKernelFlows(net.router);
  const all = await ends(probe, 20);
  expect(all).toHaveLength(20);
  expect(new Set(all.map(record => `${record.sourceTransportPort}`)).size).toBe(10);
  expect(new Set(all.map(record => record.flowId)).size).toBe(20);
  const packets = probe.records().reduce((sum, record) => sum + Number(record.packetDeltaCount), 0);
  expect(packets).toBe(20);
  await probe.stop();
}, 120_000);

test('untracked traffic is invisible, what is tracked beside it is not', async () => {
  net.router.nft(
    `table inet untracked { chain first { type filter hook prerouting priority raw; udp dport ${silentUdpPorts.first} notrack; }; }`,
  );
  const probe = await RunningProbe.start(lab, net.router);
  const order = { source: addresses.client.v4, destination: host, flows: 10, payload: 20 };
  await burst(net.client, { ...order, firstPort: silentUdpPorts.first });
  await burst(net.client, { ...order, firstPort: silentUdpPorts.first + 1 });
  destroyKernelFlows(net.router);
  const all = await ends(probe, 10);
  expect(all.map(record => record.destinationTransportPort)).toEqual(Array(10).fill(silentUdpPorts.first + 1));
  await probe.stop();
}, 120_000);

/** Lays a software flowtable over both links. Returns false where this kernel has no such. */
function offload(counter: string): boolean {
  const table = `table inet fastpath {
    flowtable fast { hook ingress priority 0; devices = { "inside", "outside" }; ${counter} }
    chain forward { type filter hook forward priority filter; meta l4proto { tcp, udp } flow add @fast; }
  }`;
  const { status, stderr } = attempt(net.router.command(['nft', '-f', '-']), 10, table);
  // ENOENT is the kernel's word for a kind of flowtable that it has not; anything else is a mistake of ours.
  expect(status === 0 || stderr.includes('No such file or directory'), stderr).toBe(true);
  return status === 0;
}

test.for([
  ['with counters', 'counter;', true],
  ['without counters', '', false],
] as const)('a software flowtable %s', { timeout: 120_000 }, async ([, counter, counted], context) => {
  context.skip(!offload(counter), 'this kernel has no software flowtables (nf_flow_table)');
  const probe = await RunningProbe.start(lab, net.router);
  const { sent } = await transfer(net.client, { host, port, upload: 3_000_000, download: 1000 });
  destroyKernelFlows(net.router);
  const [flow] = await ends(probe, 1);
  // Without counters only what passed before the offload is known: that is the kernel's word, and doctor warns of it.
  if (counted) expect(Number(flow!.octetDeltaCount)).toBeGreaterThan(sent);
  else expect(Number(flow!.octetDeltaCount)).toBeLessThan(sent);
  await probe.stop();
});
