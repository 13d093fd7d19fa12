// What goes over the wire is IPFIX that others read: tshark's dissector and nfcapd, beside our own collector.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import type { LabProcess } from '../run/process.js';
import { sleep, until } from '../run/wait.js';
import { ping, requests, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows } from '../truth/conntrack.js';
import { kernelCounters } from '../weir/records.js';
import { RunningWeir, weir, weirCommand } from '../weir/weir.js';

const reason = missing(['tshark', 'dumpcap', 'nfcapd', 'nfdump', 'ping']);
const port = 7000;
const [ourPort, theirPort] = [4739, 9995];
const clients = `src host ${addresses.client.v4} or src host ${addresses.client.v6}`;

let lab: Lab;
let net: Topology;
let running: RunningWeir;
let probe: LabProcess;
let capture: string;
let nfcapdFolder: string;
let truth: KernelFlow[];
let flowsOfWeir: number;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  capture = join(lab.directory('capture'), 'export.pcapng');
  nfcapdFolder = lab.directory('nfcapd');
  lab.own(await startResponder(net.server, port));
  const peers = await startPeers();
  running = await RunningWeir.collect(lab, net.router, lab.directory('wire'), `udp://127.0.0.1:${ourPort}`);
  expect(weir(net.router, ['doctor', '--fix']).status).toBe(0);
  await startProbe();
  await makeTraffic();
  truth = kernelFlows(net.router).filter(flow => flow.original.source.match(/^(10|fd)/));
  destroyKernelFlows(net.router);
  await until('every flow in the store', 30, () => running.flowCount(clients) >= truth.length || undefined);
  flowsOfWeir = running.flowCount(clients);
  expect(await probe.stop('SIGINT')).toBe(0);
  await sleep(500);
  for (const peer of peers) await peer.stop('SIGINT');
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(weir(net.router, ['doctor', '--restore']).status).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** nfcapd, and a capture of what our collector gets. */
async function startPeers(): Promise<LabProcess[]> {
  const nfcapd = lab.own(net.router.start(['nfcapd', '-p', String(theirPort), '-b', '127.0.0.1', '-w', nfcapdFolder]));
  const dumpcap = lab.own(
    net.router.start(['dumpcap', '-q', '-i', 'lo', '-f', `udp dst port ${ourPort}`, '-w', capture]),
  );
  await dumpcap.output(/File: /, 30);
  await until('nfcapd', 30, () => net.router.run(['ss', '-Huln', `sport = :${theirPort}`]) || undefined);
  return [nfcapd, dumpcap];
}

async function startProbe(): Promise<void> {
  const collectors = [ourPort, theirPort].flatMap(each => ['--collector', `udp://127.0.0.1:${each}`]);
  // Interim reports would be flows of their own to nfdump: none in this test.
  const options = ['--active-timeout', '600', '--state', join(lab.directory('probe'), 'state')];
  probe = lab.own(net.router.start(weirCommand('probe', ...collectors, ...options)));
  await probe.output(/metering/i, 30);
}

async function makeTraffic(): Promise<void> {
  const { v4, v6 } = addresses.server;
  for (const host of [v4, v6]) {
    await transfer(net.client, { host, port, upload: 100_000, download: 200_000 });
    await requests(net.client, { host, port, flows: 100, firstPort: 30_000, octets: 100 });
    ping(net.client, host, 2);
  }
  await sleep(500);
}

/** Runs tshark over the capture, our port dissected as IPFIX. */
const tshark = (...args: string[]): string[] =>
  run(['tshark', '-n', '-r', capture, '-d', `udp.port==${ourPort},cflow`, ...args])
    .split('\n')
    .filter(Boolean);

test('our own collector has every flow', () => {
  expect(truth.length).toBe(204);
  expect(flowsOfWeir).toBe(truth.length);
});

test('tshark decodes every datagram as IPFIX: nothing malformed, no Set without its Template', () => {
  const datagrams = tshark('-T', 'fields', '-e', 'frame.number').length;
  expect(datagrams).toBeGreaterThan(3);
  expect(tshark('-Y', 'cflow.version == 10')).toHaveLength(datagrams);
  const complaints = ['_ws.malformed', '_ws.expert', 'cflow.no_template_found', 'cflow.unexpected_sequence_number'];
  expect(tshark('-Y', complaints.join(' or '))).toEqual([]);
  expect(tshark('-V').filter(line => /malformed|no template|undecoded/i.test(line))).toEqual([]);
});

test('tshark finds every flow', () => {
  const sources = ['cflow.srcaddr', 'cflow.srcaddrv6'].flatMap(field =>
    tshark('-Y', field, '-T', 'fields', '-e', field).flatMap(line => line.split(',')),
  );
  const ofClient = (address: string): number => sources.filter(each => each === address).length;
  expect([ofClient(addresses.client.v4), ofClient(addresses.client.v6)]).toEqual([truth.length / 2, truth.length / 2]);
});

test('nfcapd counts the same flows, and the same octets', () => {
  const files = readdirSync(nfcapdFolder).filter(name => name.startsWith('nfcapd.'));
  const lines = files.flatMap(file =>
    run(['nfdump', '-q', '-N', '-r', join(nfcapdFolder, file), '-o', 'fmt:%sa %ibyt %obyt'])
      .trim()
      .split('\n'),
  );
  const theirs = lines.map(line => line.trim().split(/\s+/)).filter(([source]) => /^(10|fd)/.test(source!));
  expect(theirs).toHaveLength(truth.length);
  const kernel = truth.map(kernelCounters);
  expect([1, 2].map(column => sum(theirs.map(fields => Number(fields[column]))))).toEqual([
    sum(kernel.map(each => each.octets)),
    sum(kernel.map(each => each.reverseOctets)),
  ]);
});

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
