// Exporters of others, metering while a collector listens: what is in its store is what tshark saw of them on the wire, and what the traffic was.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { until } from '../run/wait.js';
import { ExportCapture } from '../subjects/capture.js';
import { pmacctd } from '../subjects/pmacctd.js';
import { softflowd } from '../subjects/softflowd.js';
import { exportPort, type Subject } from '../subjects/subject.js';
import { ulogd2Subject } from '../subjects/ulogd2.js';
import { requests, shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { type DissectedSums, dissectCapture } from '../truth/dissected.js';
import { RunningWeir, untrackedLoopback } from '../weir/weir.js';

/** Whose records are compared, and of how many flows it keeps the last Message to itself: see ulogd2Subject. */
const exporters: readonly { subject: Subject; kept: number }[] = [
  { subject: ulogd2Subject('ulogd2'), kept: 14 },
  { subject: softflowd, kept: 0 },
  { subject: pmacctd, kept: 0 },
];
const reason = missing([...ExportCapture.needs, 'tshark']);
const flows = 60;
const port = 7000;
const [tcpPort, udpPort] = [40_000, 30_000];
const payload = 100;
/** A request or its answer: IPv4 and UDP headers before the payload. */
const packetOctets = 28 + payload;

let lab: Lab;
let net: Topology;

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  net.router.nft(untrackedLoopback);
  lab.own(await startResponder(net.server, port));
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** TCP connections, then UDP flows of one packet each way. */
async function makeTraffic(): Promise<void> {
  const host = addresses.server.v4;
  const connections = { host, port, connections: flows, firstPort: tcpPort, upload: 500, download: 5000 };
  await shortConnections(net.client, connections);
  const { unanswered } = await requests(net.client, { host, port, flows, firstPort: udpPort, octets: payload });
  expect(unanswered).toEqual([]);
  destroyKernelFlows(net.router);
}

const counter = (metrics: string, name: string): number =>
  Number(new RegExp(`^weir_collector_${name} (\\d+)$`, 'm').exec(metrics)?.[1]);

/** Waits until so many Flow Records are stored, halves that were joined counted, and nothing else is on its way. */
async function stored(collector: RunningWeir, records: number): Promise<void> {
  let seen = '';
  await until(
    `${records} Flow Records in the store`,
    60,
    async () => {
      seen = (await collector.get('/metrics')).body;
      const came = counter(seen, 'stored_records_total') + (counter(seen, 'joined_halves_total') || 0);
      return (came >= records && counter(seen, 'store_pending_batches') === 0) || undefined;
    },
    () => `${counter(seen, 'flow_records_total')} received, ${counter(seen, 'stored_records_total')} stored`,
  );
}

function storedRecords(collector: RunningWeir): Record<string, unknown>[] {
  return collector.records('').map(({ record }) => record as Record<string, unknown>);
}

function sumsOf(collector: RunningWeir): DissectedSums {
  const records = storedRecords(collector);
  const sum = (...names: string[]): number =>
    records.reduce((total, record) => total + names.reduce((n, name) => n + Number(record[name] ?? 0), 0), 0);
  return {
    records: records.length,
    octets: sum('octetDeltaCount', 'octetTotalCount'),
    packets: sum('packetDeltaCount', 'packetTotalCount'),
    reverseOctets: sum('reverseOctetDeltaCount', 'reverseOctetTotalCount'),
    reversePackets: sum('reversePacketDeltaCount', 'reversePacketTotalCount'),
  };
}

test.for([...exporters])(
  '$subject.name: the store has what was on the wire, and the flows that were',
  { timeout: 150_000 },
  async ({ subject, kept }, { skip }) => {
    const lacking = reason ?? missing(subject.needs);
    skip(lacking !== undefined, lacking);
    const listen = `udp://127.0.0.1:${exportPort}`;
    const collector = await RunningWeir.collect(lab, net.router, lab.directory('collect'), listen);
    const capture = await ExportCapture.beside(lab, net.router);
    const running = await subject.start({ lab, namespace: net.router, link: 'inside', activeTimeout: 60 });
    await makeTraffic();
    await running.stop();
    await capture.stop();
    const wire = dissectCapture(capture.file).get('127.0.0.1')!;
    await stored(collector, wire.records);
    expect(await collector.stop()).toBe(0);
    expect(sumsOf(collector)).toEqual(wire);
    const groups = collector.groups('', 'protocolIdentifier');
    const total = (name: 'octets' | 'packets' | 'reverseOctets' | 'reversePackets'): number =>
      groups.reduce((sum, group) => sum + group[name], 0);
    const { records: _, ...sums } = wire;
    expect({
      octets: total('octets'),
      packets: total('packets'),
      reverseOctets: total('reverseOctets'),
      reversePackets: total('reversePackets'),
    }).toEqual(sums);
    checkUdp(collector, kept);
  },
);

test('halves of pmacctd are joined where that is asked for: half the records, the same sums', {
  timeout: 150_000,
}, async ({ skip }) => {
  const lacking = reason ?? missing(pmacctd.needs);
  skip(lacking !== undefined, lacking);
  const listen = `udp://127.0.0.1:${exportPort}`;
  const options = ['--join-halves', '5'];
  const collector = await RunningWeir.collect(lab, net.router, lab.directory('join'), listen, options);
  const capture = await ExportCapture.beside(lab, net.router);
  const running = await pmacctd.start({ lab, namespace: net.router, link: 'inside', activeTimeout: 60 });
  await makeTraffic();
  await running.stop();
  await capture.stop();
  const wire = dissectCapture(capture.file).get('127.0.0.1')!;
  await stored(collector, wire.records);
  const { halves } = await collector.api<{ halves: Record<string, number> }>('/api/v1/status');
  expect(await collector.stop()).toBe(0);
  const { records, octets, packets, reverseOctets, reversePackets } = sumsOf(collector);
  expect(halves).toEqual({ joined: wire.records - records, alone: expect.any(Number), early: 0, waiting: 0 });
  expect(octets + reverseOctets).toBe(wire.octets);
  expect(packets + reversePackets).toBe(wire.packets);
  const between = storedRecords(collector).filter(
    record => record.sourceTransportPort === port || record.destinationTransportPort === port,
  );
  expect(between).toHaveLength(2 * flows);
  for (const record of between) {
    expect(record).toMatchObject({ destinationTransportPort: port, destinationIPv4Address: addresses.server.v4 });
    // Its times are in milliseconds, in which both sides may have begun: then the direction is not said to be known.
    expect([0, 1]).toContain(record.biflowDirection);
    expect(record.reversePacketDeltaCount).toBeGreaterThan(0);
  }
  checkUdp(collector, 0);
});

/** Of the UDP flows each packet is known: one of so many octets each way. */
function checkUdp(collector: RunningWeir, kept: number): void {
  const between = `proto udp and host ${addresses.client.v4} and port ${port}`;
  const byFlow = collector.groups(between, 'sourceTransportPort,destinationTransportPort');
  const sums = new Map<number, { octets: number; packets: number }>();
  for (const group of byFlow) {
    const { sourceTransportPort: from, destinationTransportPort: to } = group as unknown as Record<string, number>;
    const flow = from === port ? to! : from!;
    const sum = sums.get(flow) ?? { octets: 0, packets: 0 };
    sum.octets += group.octets + group.reverseOctets;
    sum.packets += group.packets + group.reversePackets;
    sums.set(flow, sum);
  }
  expect(sums.size).toBeGreaterThanOrEqual(flows - kept);
  expect(sums.size).toBeLessThanOrEqual(flows);
  const wrong = [...sums].filter(([, { octets, packets }]) => octets !== 2 * packetOctets || packets !== 2);
  expect(wrong).toEqual([]);
}
