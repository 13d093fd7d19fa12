// Two probes meter the same traffic at the same time, each by a source of its own, and tell the same of every Flow. The records are read by
// the lab's own reader. Both by ctnetlink, they show what the comparison is worth; with the kernel meter, in an emulated machine.
import { afterEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentTcpPort, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { sleep } from '../run/wait.js';
import { skipKernelMeter } from '../subjects/kernel-meter.js';
import type { Source } from '../subjects/weir.js';
import {
  burst,
  ping,
  requests,
  resetTransfer,
  silentConnection,
  startResponder,
  transfer,
  unansweredSyn,
} from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { differenceLines, differences, flowCounts } from '../verdict/same-flows.js';
import { RunningProbe } from '../weir/probe.js';
import { readFlowRecords, type TextRecord } from '../wire/index.js';

const reason = missing(['ping']);
const port = 7000;
const { client, inside, server } = addresses;
/** Behind the server, so that there is a next hop. */
const beyond = { v4: '10.99.0.1', v6: 'fd99::1' };
const translatedPort = 7070;
const zone = { id: 7, port: 41_000 };
const mark = 0x2a;

const rules = `
table inet sources {
  chain zones {
    type filter hook prerouting priority raw
    udp sport ${zone.port}-${zone.port + 9} ct zone set ${zone.id}
    udp dport ${zone.port}-${zone.port + 9} ct zone set ${zone.id}
  }
  chain marks {
    type filter hook forward priority filter
    meta l4proto { icmp, udp } ct mark set ${mark}
  }
  chain translation {
    type nat hook prerouting priority dstnat
    ip daddr ${inside.v4} tcp dport ${translatedPort} dnat ip to ${server.v4}:${port}
  }
}`;

let lab: Lab;
let net: Topology;

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

async function build(): Promise<void> {
  lab = new Lab();
  net = lab.topology();
  net.router.nft(rules);
  net.server.ip('address', 'add', `${beyond.v4}/32`, 'dev', 'lo');
  net.server.ip('address', 'add', `${beyond.v6}/128`, 'dev', 'lo');
  net.router.ip('route', 'add', beyond.v4, 'via', server.v4);
  net.router.ip('route', 'add', beyond.v6, 'via', server.v6);
  lab.own(await startResponder(net.server, port));
  for (const name of ['acct', 'timestamp', 'events']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
  // So that neighbours are known.
  for (const host of [beyond.v4, beyond.v6]) ping(net.client, host, 1);
  destroyKernelFlows(net.router);
}

/** The traffic. Some of it lasts over several active timeouts. */
async function makeTraffic(): Promise<void> {
  const from = net.client;
  const long = { port, upload: 300_000, download: 20_000, rate: 100_000 };
  const source = { source: client.v4, destination: server.v4 };
  await Promise.all([
    transfer(from, { ...long, host: server.v4 }),
    transfer(from, { ...long, host: beyond.v6 }),
    transfer(from, { host: beyond.v4, port, upload: 1000, download: 100_000 }),
    transfer(from, { host: inside.v4, port: translatedPort, upload: 5000, download: 5000 }),
    resetTransfer(from, { host: server.v6, port, upload: 10_000 }),
    requests(from, { host: server.v4, port, flows: 20, firstPort: 31_000, octets: 100 }),
    requests(from, { host: server.v6, port, flows: 10, firstPort: 32_000, octets: 1000 }),
    requests(from, { host: server.v4, port, flows: 10, firstPort: zone.port, octets: 50 }),
    burst(from, { ...source, flows: 20, firstPort: silentUdpPorts.first, payload: 20 }),
    unansweredSyn(from, { host: server.v4, port: silentTcpPort, localPort: 33_000 }),
  ]);
  ping(from, beyond.v4, 5);
  ping(from, server.v6, 5);
  lab.own(await silentConnection(from, { host: server.v6, port, upload: 2000 }));
}
/** As many as there are above, at least. */
const leastFlows = 69;

/** Hosts also have things of their own to say, and a probe talks to itself on loopback. */
function isTheClients(record: TextRecord): boolean {
  return record.get('sourceIPv4Address') === client.v4 || record.get('sourceIPv6Address') === client.v6;
}

/** How many records have this field, or this value in it. */
function count(records: readonly TextRecord[], field: string, value?: string): number {
  return records.filter(record => (value === undefined ? record.has(field) : record.get(field) === value)).length;
}

async function compare(source: Source): Promise<void> {
  await build();
  const options = (source: Source): string[] => ['--source', source, '--active-timeout', '1'];
  const probes = await Promise.all(
    (['ctnetlink', source] as const).map(each => RunningProbe.start(lab, net.router, options(each))),
  );
  await makeTraffic();
  const flows = kernelFlowCount(net.router);
  destroyKernelFlows(net.router);
  await sleep(1500);
  for (const probe of probes) await probe.stop();
  const [first, second] = probes.map(({ file }) => readFlowRecords(file).filter(isTheClients)) as [
    TextRecord[],
    TextRecord[],
  ];
  expect(flows).toBeGreaterThanOrEqual(leastFlows);
  for (const records of [first, second]) {
    const counted = flowCounts(records);
    expect(counted.flows).toBeGreaterThanOrEqual(leastFlows);
    expect(counted.interimReports).toBeGreaterThanOrEqual(4);
  }
  // What is compared is there to be compared.
  for (const field of ['ipNextHopIPv4Address', 'ipNextHopIPv6Address', 'sourceMacAddress', 'egressInterface'])
    expect(count(first, field), field).toBeGreaterThan(0);
  expect(count(first, 'postNAPTDestinationTransportPort', String(port))).toBeGreaterThan(0);
  expect(count(first, '32473:7', zone.id.toString(16).padStart(4, '0'))).toBeGreaterThanOrEqual(10);
  expect(count(first, '32473:6', mark.toString(16).padStart(8, '0'))).toBeGreaterThanOrEqual(60);
  expect(differenceLines(differences(first, second))).toEqual([]);
}

test('ctnetlink twice: the same records', async ({ skip }) => {
  skip(reason !== undefined, reason);
  await compare('ctnetlink');
}, 180_000);

test('ctnetlink and the kernel meter: the same records', async ({ skip }) => {
  const lacking = await skipKernelMeter(reason);
  skip(lacking !== undefined, lacking);
  await compare('kernel');
}, 300_000);
