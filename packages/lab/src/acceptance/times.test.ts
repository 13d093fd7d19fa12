// When a flow began and when its last packet came, as the probe tells it and as a packet capture of the same traffic does.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { burst, requests, resetTransfer, silentConnection, startResponder, transfer } from '../traffic/traffic.js';
import { type CapturedFlow, PacketCapture } from '../truth/capture.js';
import { kernelFlowCount } from '../truth/conntrack.js';
import { keyText } from '../truth/flow.js';
import { activeTimeout, type QueriedRecord } from '../weir/records.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing(['dumpcap', 'tshark']);
const port = 7000;
const host = addresses.server.v4;
/** Milliseconds that a start or an end may be beside the packet's time. */
const tolerance = 20;

// So short that every connection expires while the test waits, and each state's differs from all others.
const timeouts = {
  udp_timeout: 3,
  udp_timeout_stream: 5,
  tcp_timeout_time_wait: 4,
  tcp_timeout_close: 2,
  tcp_timeout_established: 7,
  tcp_timeout_unacknowledged: 6,
};

/** What one kind of Flow is told by: its key in the capture, and the reason of its end. */
interface Kind {
  name: string;
  protocol: number;
  flowEndReason: number;
  matches: (sourcePort: number, destinationPort: number) => boolean;
}

let lab: Lab;
let net: Topology;
let seen: CapturedFlow[];
let ends: Map<string, Record<string, string | number>>;
const tcpPorts: Record<string, number[]> = { fin: [], reset: [], idle: [] };

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  for (const [name, seconds] of Object.entries(timeouts))
    net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, seconds);
  lab.own(await startResponder(net.server, port));
  expect(weir(net.router, ['doctor', '--fix']).status).toBe(0);
  const folder = lab.directory('times');
  const file = join(folder, 'flows.ipfix');
  const options = ['--collector', `file:${file}`, '--active-timeout', '2', '--state', join(folder, 'state')];
  const probe = lab.own(net.router.start(weirCommand('probe', ...options)));
  await probe.output(/metering/i, 30);
  const capture = await PacketCapture.start(lab, net.router, ['inside']);
  await makeTraffic();
  await until('every connection to expire', 60, () => kernelFlowCount(net.router) === 0 || undefined);
  await sleep(500);
  expect(await probe.stop('SIGINT')).toBe(0);
  seen = (await capture.finish()).flows;
  ends = endsOf(weir(net.router, ['read', file, '--format', 'json']).stdout);
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(weir(net.router, ['doctor', '--restore']).status).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** Flows that last from nothing to some seconds, at several moments. */
async function makeTraffic(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const firstPort = 30_000 + 100 * round;
    const upload = 50_000 * (round + 1);
    const order = {
      source: addresses.client.v4,
      destination: host,
      flows: 20,
      firstPort: silentUdpPorts.first + round,
      payload: 20,
    };
    const [, , fin, reset] = await Promise.all([
      burst(net.client, order),
      requests(net.client, { host, port, flows: 20, firstPort, octets: 100 }),
      transfer(net.client, { host, port, upload, download: 1000, rate: 100_000 }),
      resetTransfer(net.client, { host, port, upload }),
    ]);
    tcpPorts.fin!.push(fin.localPort);
    tcpPorts.reset!.push(reset.localPort);
    const silent = lab.own(await silentConnection(net.client, { host, port, upload }));
    tcpPorts.idle!.push(Number(silent.stdout.match(/"localPort":(\d+)/)![1]));
  }
}

/** The last record of each Flow, by its key as keyText has it. */
function endsOf(text: string): Map<string, Record<string, string | number>> {
  const lines = text.split('\n').filter(Boolean);
  const records = lines.map(line => (JSON.parse(line) as QueriedRecord).record);
  const last = records.filter(({ flowEndReason }) => flowEndReason !== undefined && flowEndReason !== activeTimeout);
  return new Map(
    last.map(record => {
      const {
        protocolIdentifier,
        sourceIPv4Address,
        sourceTransportPort,
        destinationIPv4Address,
        destinationTransportPort,
      } = record;
      const key = [
        protocolIdentifier,
        sourceIPv4Address,
        sourceTransportPort,
        destinationIPv4Address,
        destinationTransportPort,
      ];
      return [key.join(' '), record];
    }),
  );
}

const [idle, detected] = [1, 3];
const kinds: Kind[] = [
  { name: 'UDP, one packet without answer', protocol: 17, flowEndReason: idle, matches: (_, to) => to !== port },
  { name: 'UDP, request and answer', protocol: 17, flowEndReason: idle, matches: (_, to) => to === port },
  { name: 'TCP, closed by FIN', protocol: 6, flowEndReason: detected, matches: from => tcpPorts.fin!.includes(from) },
  { name: 'TCP, reset', protocol: 6, flowEndReason: detected, matches: from => tcpPorts.reset!.includes(from) },
  {
    name: 'TCP, silent until it expires',
    protocol: 6,
    flowEndReason: idle,
    matches: from => tcpPorts.idle!.includes(from),
  },
];

test.each(kinds)('$name: start and end are those of the packets', ({ name, protocol, flowEndReason, matches }) => {
  const errors: number[] = [];
  for (const flow of seen) {
    if (flow.protocol !== protocol || !matches(flow.sourcePort, flow.destinationPort)) continue;
    const [key, { first, last }] = [keyText(flow), flow];
    const record = ends.get(key);
    expect(record, `${key} is exported`).toBeDefined();
    expect(record, key).toMatchObject({ flowEndReason });
    errors.push(
      Date.parse(String(record!.flowStartMilliseconds)) - first,
      Date.parse(String(record!.flowEndMilliseconds)) - last,
    );
  }
  expect(errors.length).toBeGreaterThanOrEqual(10);
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  console.info(
    `${name}: ${errors.length / 2} flows, median ${sorted[errors.length >> 1]!.toFixed(1)} ms, worst ${sorted.at(-1)!.toFixed(1)} ms`,
  );
  expect(sorted.at(-1)).toBeLessThan(tolerance);
});
