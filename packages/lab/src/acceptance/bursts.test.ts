// 300,000 flows that end at once, again and again, while 50,000 others live and are reported: each exactly once, none lost.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { raiseTableLimit } from '../namespaces/globals.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { until } from '../run/wait.js';
import { burst, destroyMarked } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { RunningWeir, reportedLost, untrackedLoopback } from '../weir/weir.js';

const reason = missing([]);
const bursts = 5;
const flows = 300_000;
const living = 50_000;
const payload = 20;
const mark = 7;
/** Destination ports: 60,000 flows to each. */
const livingPort = silentUdpPorts.last;
const portsOfBurst = flows / 60_000;
const ended = `src host ${addresses.client.v4} and proto udp and not dst port ${livingPort}`;
const alive = `src host ${addresses.client.v4} and proto udp and dst port ${livingPort}`;

let lab: Lab;
let net: Topology;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  lab.later(raiseTableLimit(2_500_000));
  net = lab.topology();
  net.router.nft(untrackedLoopback);
  net.router.nft(`table inet marks {
    chain forward { type filter hook forward priority filter; udp dport != ${livingPort} ct mark set ${mark}; }
  }`);
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** One packet for each flow. */
async function send(count: number, firstPort: number): Promise<void> {
  await burst(net.client, {
    source: addresses.client.v4,
    destination: addresses.server.v4,
    flows: count,
    firstPort,
    payload,
  });
}

test(`${bursts} bursts of 300,000 flows beside 50,000 that live`, async () => {
  const running = await RunningWeir.up(lab, net.router, lab.directory('bursts'), ['--active-timeout', '4']);
  for (let i = 0; i < bursts; i++) {
    await send(living, livingPort);
    await send(flows, silentUdpPorts.first + i * portsOfBurst);
    expect(kernelFlowCount(net.router)).toBeGreaterThanOrEqual(living + flows);
    // Without waiting for the ends to be read: what is not delivered yet keeps its place in the table.
    await destroyMarked(net.router, mark);
  }
  destroyKernelFlows(net.router);
  const all = bursts * flows;
  await until(
    'every flow in the store',
    120,
    () => (running.flowCount(ended) >= all && running.groups(alive, 'flowEndReason').length > 1) || undefined,
    () => `${running.flowCount(ended)} came`,
  );
  // One packet each: a record too many would be a packet too many.
  const octets = all * (28 + payload);
  expect(running.groups(ended, 'protocolIdentifier')).toMatchObject([
    { flows: all, packets: all, octets, reversePackets: 0, reverseOctets: 0 },
  ]);
  expect(running.groups(alive, 'protocolIdentifier')).toMatchObject([{ flows: living, packets: bursts * living }]);
  expect(await reportedLost(running)).toEqual({ byExporter: 0, byCollector: 0 });
  expect(await running.stop()).toBe(0);
}, 300_000);
