// The kernel of a metered node, asked by the lab: flows that ended, flows that live, and packets in total.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { burst, ping, requests, startResponder, transfer } from '../traffic/traffic.js';
import { kernelFlows } from './conntrack.js';
import { type KernelTraffic, KernelTruth } from './kernel.js';

const reason = missing(['ping']);
const port = 7000;
let lab: Lab;
let net: Topology;
let told: KernelTraffic;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  net.router.sysctl('net.netfilter.nf_conntrack_udp_timeout', 1);
  net.router.sysctl('net.netfilter.nf_conntrack_udp_timeout_stream', 1);
  const truth = await KernelTruth.start(lab, net.router, { events: true });
  const { v4, v6 } = addresses.server;
  await requests(net.client, { host: v4, port, flows: 50, firstPort: 30_000, octets: 100 });
  await requests(net.client, { host: v6, port, flows: 20, firstPort: 31_000, octets: 100 });
  // A dump makes the kernel look for expired entries (ctnetlink_dump_table); by itself it does so once a minute.
  await until('flows to expire', 30, () => kernelFlows(net.router).length === 0 || undefined);
  const order = { source: addresses.client.v4, destination: v4, firstPort: silentUdpPorts.first, payload: 20 };
  await burst(net.client, { ...order, flows: 30 });
  await transfer(net.client, { host: v6, port, upload: 200_000, download: 100_000 });
  ping(net.client, v4, 2);
  await sleep(300);
  told = await truth.finish();
}, 60_000);

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

test('flows that ended and flows that live are there once each, and nothing else', () => {
  const count = (protocol: number, to: string): number =>
    told.flows.filter(flow => flow.protocol === protocol && flow.destination === to).length;
  const { v4, v6 } = addresses.server;
  expect([count(17, v4), count(17, v6), count(6, v6), count(1, v4)]).toEqual([80, 20, 1, 1]);
  expect(told.flows).toHaveLength(102);
  expect(told.problems).toEqual([]);
});

test('ended flows have their counters, and their key after translation', () => {
  expect(told.flows.find(flow => flow.sourcePort === 30_007)).toEqual({
    protocol: 17,
    source: addresses.client.v4,
    sourcePort: 30_007,
    destination: addresses.server.v4,
    destinationPort: port,
    packets: 1,
    octets: 128,
    reversePackets: 1,
    reverseOctets: 128,
    translated: {
      protocol: 17,
      source: addresses.outside.v4,
      sourcePort: 30_007,
      destination: addresses.server.v4,
      destinationPort: port,
    },
  });
});

test('nftables counted the same packets and octets', () => {
  for (const [family, protocol] of [
    [4, 17],
    [6, 17],
    [6, 6],
    [4, 1],
  ] as const) {
    const flows = told.flows.filter(flow => flow.protocol === protocol && flow.source.includes(':') === (family === 6));
    const sum = (pick: (flow: (typeof flows)[0]) => number): number => flows.map(pick).reduce((a, b) => a + b, 0);
    expect(told.totals.find(total => total.family === family && total.protocol === protocol)).toEqual({
      family,
      protocol,
      packets: sum(flow => flow.packets! + flow.reversePackets!),
      octets: sum(flow => flow.octets! + flow.reverseOctets!),
    });
  }
  expect(told.totals).toHaveLength(4);
});
