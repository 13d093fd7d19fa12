// What senders wrote down, held against the counters of the kernel of the router between them.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { scenarioDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { loadScenario, loadTopology } from '../scenario/load.js';
import type { TrafficStep } from '../scenario/scenario.js';
import { buildTopology } from '../topology/build.js';
import { missingFeatures } from '../topology/features.js';
import type { Network } from '../topology/network.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows, parseConntrack } from '../truth/conntrack.js';
import { keyText, type SentFlow } from '../truth/flow.js';
import { runTraffic } from './run.js';

const reason = missing(['ping', 'tc']);
const ends = { from: 'client', to: 'server', family: 4 } as const;
const ends6 = { ...ends, family: 6 } as const;

let lab: Lab;
let network: Network;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  destroyKernelFlows(network.node('router'));
});

beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  network = buildTopology(lab, loadTopology('nat'));
  network.node('router').sysctl('net.netfilter.nf_conntrack_acct', 1);
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

function kernelKey({ protocol, original }: KernelFlow): string {
  const { source, sourcePort = 0, destination, destinationPort = 0 } = original;
  return keyText({ protocol, source, sourcePort, destination, destinationPort });
}

/** Asserts that the kernel has the same flows, each with the counters that the sender knows. */
function expectAgreement(sent: readonly SentFlow[], kernel: readonly KernelFlow[]): void {
  const byKey = new Map(kernel.map(flow => [kernelKey(flow), flow]));
  expect(sent.map(keyText).sort()).toEqual([...byKey.keys()].sort());
  for (const flow of sent) {
    const { original, reply } = byKey.get(keyText(flow))!;
    const counted = {
      packets: original.packets,
      octets: original.octets,
      reversePackets: reply.packets,
      reverseOctets: reply.octets,
    };
    const { packets, octets, reversePackets, reverseOctets } = flow;
    const written = { packets, octets, reversePackets, reverseOctets };
    // What the sender does not know, it does not say.
    expect({ ...counted, ...JSON.parse(JSON.stringify(written)) }, keyText(flow)).toEqual(counted);
    expect(original.octets!).toBeGreaterThanOrEqual(flow.payload ?? 0);
    expect(reply.octets!).toBeGreaterThanOrEqual(flow.reversePayload ?? 0);
    expect(reply.packets! > 0).toBe(flow.answered);
  }
}

test.each<[string, TrafficStep[], number]>([
  ['transfers', [{ transfer: { ...ends, upload: 50_000, download: 90_000, connections: 4 } }], 4],
  ['a reset and a silent connection', [{ reset: { ...ends6, upload: 100 } }, { idle: { ...ends, upload: 1000 } }], 2],
  [
    'requests',
    [{ requests: { ...ends, flows: 40, octets: 100 } }, { requests: { ...ends6, flows: 40, octets: 7 } }],
    80,
  ],
  ['attempts', [{ unanswered: { ...ends, flows: 30 } }, { unanswered: { ...ends6, flows: 30 } }], 60],
  ['echo', [{ together: [{ ping: { ...ends, count: 4 } }, { ping: { ...ends6, count: 4 } }] }], 2],
  ['SCTP', [{ sctp: { ...ends, flows: 5 } }, { sctp: { ...ends6, flows: 5 } }], 10],
  ['FTP', [{ ftp: { ...ends, octets: 30_000 } }], 2],
  ['extension headers', [{ 'extension-headers': { ...ends, flows: 20, fragments: 1 } }], 20],
  ['fragments', [{ 'extension-headers': { ...ends, flows: 20, fragments: 3 } }], 20],
  ['a flood', [{ flood: { ...ends, flows: 70_000, octets: 10 } }], 70_000],
])(
  '%s',
  async (_, steps, flows) => {
    const sent = await runTraffic(network, steps);
    expect(sent.flows).toHaveLength(flows);
    expectAgreement(sent.flows, kernelFlows(network.node('router')));
  },
  60_000,
);

test('payloads are those that were asked for', async () => {
  const { flows } = await runTraffic(network, [
    { transfer: { ...ends, upload: 1000, download: 2000, connections: 1 } },
    { ftp: { ...ends, octets: 4321 } },
  ]);
  // A transfer's 16 octets of header come on top.
  expect(flows[0]).toMatchObject({ payload: 1016, reversePayload: 2000 });
  expect(flows[2]).toMatchObject({ payload: 0, reversePayload: 4321 });
});

test('the same step again makes other flows', async () => {
  const steps: TrafficStep[] = [
    { requests: { ...ends, flows: 10, octets: 10 } },
    { unanswered: { ...ends, flows: 10 } },
    { sctp: { ...ends, flows: 2 } },
    { flood: { ...ends, flows: 10, octets: 10 } },
  ];
  const { flows } = await runTraffic(network, [...steps, { wait: 1 }, ...steps]);
  expect(new Set(flows.map(keyText)).size).toBe(flows.length);
  expect(flows).toHaveLength(64);
});

test('a scan, whose flows the kernel forgets with each RST', async () => {
  const router = network.node('router');
  const events = lab.own(router.start(['conntrack', '-E', '-e', 'NEW,DESTROY', '-o', 'extended,id', '-b', '8388608']));
  // It says nothing until the first event.
  await runTraffic(network, [{ ping: { ...ends, count: 20 } }]);
  await events.output(/icmp/, 10);
  const { flows } = await runTraffic(network, [{ scan: { ...ends, ports: 30 } }, { scan: { ...ends6, ports: 15 } }]);
  destroyKernelFlows(router);
  const ended = await until('the end of every flow', 10, () => {
    const text = events.stdout.replace(/^.*\[NEW\].*$/gm, '');
    const found = parseConntrack(text).filter(({ protocol }) => protocol === 6);
    return found.length >= flows.length ? found : undefined;
  });
  // Port 9 is silent, and FTP is open here: both of them are in the table until the end.
  expect(flows.filter(({ answered }) => !answered).map(each => each.destinationPort)).toEqual([9, 9]);
  expectAgreement(flows, ended);
});

test('a capture is replayed with what it holds, its checksums made anew', async () => {
  const { topology, traffic } = loadScenario(join(scenarioDirectory, 'replay.yaml'));
  const replayed = buildTopology(lab, topology);
  replayed.node('router').sysctl('net.netfilter.nf_conntrack_acct', 1);
  const { flows } = await runTraffic(replayed, traffic);
  expect(flows.map(({ protocol }) => protocol).sort()).toEqual([1, 17, 17, 17, 17, 17, 6, 6, 6]);
  expectAgreement(flows, kernelFlows(replayed.node('router')));
});

test('a link is saturated', async context => {
  const absent = missing(['iperf3', 'ss']);
  context.skip(absent !== undefined, absent);
  const { flows, throughput } = await runTraffic(network, [{ saturate: { ...ends, seconds: 1 } }]);
  expect(throughput).toBeGreaterThan(0.05);
  expectAgreement(flows, kernelFlows(network.node('router')));
  expect(Math.max(...flows.map(({ payload = 0 }) => payload))).toBeGreaterThan(5_000_000);
}, 60_000);

test('where packets are lost, requests without an answer are told so', async context => {
  const spec = loadTopology('lossy');
  const absent = missingFeatures(spec);
  context.skip(absent.length > 0, absent.join('; '));
  const links = spec.links.map(link => (link.loss === undefined ? link : { ...link, loss: 0.3 }));
  const lossy = buildTopology(lab, { ...spec, links });
  lossy.node('router').sysctl('net.netfilter.nf_conntrack_acct', 1);
  const { flows } = await runTraffic(lossy, [{ requests: { ...ends, flows: 30, octets: 10 } }]);
  const unanswered = flows.filter(({ answered }) => !answered).length;
  expect(unanswered).toBeGreaterThan(0);
  expect(unanswered).toBeLessThan(30);
  expectAgreement(flows, kernelFlows(lossy.node('router')));
}, 60_000);
