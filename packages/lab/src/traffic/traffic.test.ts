import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentTcpPort, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { destroyKernelFlows, kernelFlowCount, kernelFlows } from '../truth/conntrack.js';
import { burst, ping, requests, startResponder, transfer, unansweredSyn } from './traffic.js';

const reason = missing(['ping']);

let lab: Lab;
let net: Topology;
const port = 7000;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  net.router.sysctl('net.netfilter.nf_conntrack_acct', 1);
  lab.own(await startResponder(net.server, port));
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

test.each([addresses.server.v4, addresses.server.v6])('a transfer to %s is one connection, masqueraded', async host => {
  const done = await transfer(net.client, { host, port, upload: 300_000, download: 500_000 });
  expect(done).toMatchObject({ sent: 300_016, received: 500_000 });
  const found = kernelFlows(net.router).filter(flow => flow.original.sourcePort === done.localPort);
  expect(found).toHaveLength(1);
  const [{ original, reply }] = found as [(typeof found)[0]];
  expect([addresses.outside.v4, addresses.outside.v6]).toContain(reply.destination);
  expect(original.octets).toBeGreaterThan(300_016);
  expect(reply.octets).toBeGreaterThan(500_000);
  expect(reply.octets).toBeLessThan(550_000);
});

test('a constant rate is kept', async () => {
  const done = await transfer(net.client, {
    host: addresses.server.v4,
    port,
    upload: 200_000,
    download: 0,
    rate: 200_000,
  });
  expect(done.end - done.start).toBeGreaterThan(950);
  expect(done.end - done.start).toBeLessThan(1500);
});

test.each([
  [addresses.server.v4, 28],
  [addresses.server.v6, 48],
])('each request to %s is a connection of two packets', async (host, header) => {
  const done = await requests(net.client, { host, port, flows: 50, firstPort: 30_000, octets: 100 });
  expect(done).toEqual({ flows: 50, answered: 50, unanswered: [] });
  const found = kernelFlows(net.router).filter(flow => flow.protocol === 17 && flow.original.destination === host);
  expect(found.map(flow => flow.original.sourcePort).sort()).toEqual(Array.from({ length: 50 }, (_, i) => 30_000 + i));
  for (const { original, reply } of found) {
    expect([original.packets, original.octets, reply.packets, reply.octets]).toEqual([
      1,
      100 + header,
      1,
      100 + header,
    ]);
  }
});

test.each([
  [addresses.server.v4, 1],
  [addresses.server.v6, 58],
])('echo to %s', (host, protocol) => {
  const { packets, packetOctets } = ping(net.client, host, 3);
  const [flow] = kernelFlows(net.router).filter(each => each.protocol === protocol);
  expect(flow!.original).toMatchObject({ packets, octets: packets * packetOctets });
  expect(flow!.reply).toMatchObject({ packets, octets: packets * packetOctets });
});

test('an unanswered SYN is one packet one way', async () => {
  const done = await unansweredSyn(net.client, { host: addresses.server.v4, port: silentTcpPort, localPort: 45_000 });
  expect(done).toEqual({ connected: false });
  const [flow] = kernelFlows(net.router).filter(each => each.original.destinationPort === silentTcpPort);
  expect([flow!.original.packets, flow!.reply.packets]).toEqual([1, 0]);
});

test('a burst makes exactly as many connections', async () => {
  destroyKernelFlows(net.router);
  const done = await burst(net.client, {
    source: addresses.client.v4,
    destination: addresses.server.v4,
    flows: 50_000,
    firstPort: silentUdpPorts.first,
    payload: 20,
  });
  expect(done.octets).toBe(50_000 * 48);
  expect(kernelFlowCount(net.router)).toBe(50_000);
  destroyKernelFlows(net.router);
  console.info(`50,000 connections of one packet in ${done.seconds.toFixed(1)} s`);
}, 30_000);
