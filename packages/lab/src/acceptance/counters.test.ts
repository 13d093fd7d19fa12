// Weir in a masquerading router: every flow once, and its sums are the kernel's own counters, interim reports included.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentTcpPort, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { ping, requests, startResponder, transfer, unansweredSyn } from '../traffic/traffic.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows } from '../truth/conntrack.js';
import {
  type FlowSum,
  kernelCounters,
  kernelKey,
  kernelNatSource,
  type QueriedRecord,
  recordKey,
  sumByFlow,
} from '../weir/records.js';
import { RunningWeir } from '../weir/weir.js';

const reason = missing(['ping']);
const port = 7000;
const clients = `src host ${addresses.client.v4} or src host ${addresses.client.v6}`;
const synPort = 45_000;

let lab: Lab;
let net: Topology;
let running: RunningWeir;
/** The kernel's table, just before its flows are destroyed. */
let truth: KernelFlow[];
let records: QueriedRecord[];
let sums: Map<string, FlowSum>;
let steadyPort: number;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('counters'), ['--active-timeout', '2']);
  await makeTraffic();
  truth = kernelFlows(net.router).filter(flow => flow.original.source.match(/^(10|fd)/));
  destroyKernelFlows(net.router);
  await until('the end of every flow', 30, () => {
    records = running.records(clients);
    return records.filter(({ record }) => record.flowEndReason !== 2).length >= truth.length || undefined;
  });
  // What comes twice would come now.
  await sleep(2500);
  records = running.records(clients);
  sums = sumByFlow(records);
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** TCP both ways over both versions, one of them long enough for interim reports, 1,000 UDP flows, ICMP, and a lonely SYN. */
async function makeTraffic(): Promise<void> {
  const { v4, v6 } = addresses.server;
  const steady = transfer(net.client, { host: v4, port, upload: 8_000_000, download: 1000, rate: 1_000_000 });
  await transfer(net.client, { host: v4, port, upload: 3_000_000, download: 5_000_000 });
  await transfer(net.client, { host: v6, port, upload: 5_000_000, download: 3_000_000 });
  const [a, b] = await Promise.all([
    requests(net.client, { host: v4, port, flows: 600, firstPort: 30_000, octets: 200 }),
    requests(net.client, { host: v6, port, flows: 400, firstPort: 31_000, octets: 300 }),
  ]);
  expect([a.answered, b.answered]).toEqual([600, 400]);
  ping(net.client, v4, 5);
  ping(net.client, v6, 5);
  await unansweredSyn(net.client, { host: v4, port: silentTcpPort, localPort: synPort });
  steadyPort = (await steady).localPort;
  // The last acknowledgements.
  await sleep(500);
}

const ofProtocol = (protocol: number): KernelFlow[] => truth.filter(flow => flow.protocol === protocol);

test('the kernel saw what was sent', () => {
  expect([6, 17, 1, 58].map(protocol => ofProtocol(protocol).length)).toEqual([4, 1000, 1, 1]);
});

test('every flow of the kernel is there exactly once, and no other', () => {
  expect([...sums.keys()].sort()).toEqual(truth.map(kernelKey).sort());
  const ends = [...sums.values()].map(sum => sum.finalReports);
  expect(ends.filter(count => count !== 1)).toEqual([]);
});

test("the sums of each flow and direction are the kernel's counters", () => {
  const ours = truth.map(flow => {
    const { packets, octets, reversePackets, reverseOctets } = sums.get(kernelKey(flow))!;
    return { packets, octets, reversePackets, reverseOctets };
  });
  expect(ours).toEqual(truth.map(kernelCounters));
});

test('grouped by the command, the sums are the same, and each flow counts once', () => {
  const groups = running.groups(clients, 'protocolIdentifier');
  for (const protocol of [1, 6, 17, 58]) {
    const kernel = ofProtocol(protocol).map(kernelCounters);
    const sum = (pick: (each: (typeof kernel)[0]) => number): number => kernel.map(pick).reduce((a, b) => a + b, 0);
    expect(groups.find(group => Number(group.protocolIdentifier) === protocol)).toMatchObject({
      flows: kernel.length,
      octets: sum(each => each.octets),
      packets: sum(each => each.packets),
      reverseOctets: sum(each => each.reverseOctets),
      reversePackets: sum(each => each.reversePackets),
    });
  }
});

test('addresses and ports after translation stand in the same record', () => {
  const ours = truth.map(flow => sums.get(kernelKey(flow))!.natSource);
  expect(ours).toEqual(truth.map(kernelNatSource));
});

test('the long transfer was reported on the way, and the parts add up', () => {
  const key = truth.map(kernelKey).find(each => each.includes(` ${steadyPort} `))!;
  const sum = sums.get(key)!;
  expect(sum.interimReports).toBeGreaterThanOrEqual(3);
  expect(sum.octets).toBeGreaterThan(8_000_000);
});

test('the unanswered SYN is a flow of one packet and no answer', () => {
  const syn = [...sums].find(([key]) => key.includes(` ${synPort} `))!;
  expect(syn[1]).toMatchObject({ packets: 1, reversePackets: 0, reverseOctets: 0 });
  const groups = running.groups(
    `(${clients}) and dst port ${silentTcpPort} and not answered`,
    'destinationTransportPort',
  );
  expect(groups.map(group => group.flows)).toEqual([1]);
});

test('times are those of the traffic', () => {
  const start = Math.min(...records.map(({ record }) => Date.parse(String(record.flowStartMilliseconds))));
  for (const { record } of records) {
    const [first, last] = [record.flowStartMilliseconds, record.flowEndMilliseconds].map(time =>
      Date.parse(String(time)),
    );
    expect(last, recordKey(record)).toBeGreaterThanOrEqual(first!);
    expect(last! - start).toBeLessThan(30_000);
  }
});
