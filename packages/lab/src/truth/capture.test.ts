// The reader of captures against tshark, on a capture of real packets: both versions, fragments, and a VLAN tag.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import { sleep } from '../run/wait.js';
import { burst, requests, resetTransfer, startResponder, transfer } from '../traffic/traffic.js';
import { contradictions } from './agree.js';
import { PacketCapture } from './capture.js';
import { readCaptureFile } from './capture-file.js';
import { type CapturedTraffic, readCapturedFlows } from './captured-flows.js';
import { type KernelTraffic, KernelTruth } from './kernel.js';

const reason = missing(['dumpcap', 'tshark', 'ping']);
const port = 7000;
let lab: Lab;
let net: Topology;
let file: string;
let outside: string;
let captured: CapturedTraffic;
/** Of the link inside and the one outside. */
let both: CapturedTraffic;
let kernel: KernelTraffic;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  const truth = await KernelTruth.start(lab, net.router, { events: true });
  const capture = await PacketCapture.start(lab, net.router, ['inside', 'outside']);
  [file, outside] = capture.files as [string, string];
  const { v4, v6 } = addresses.server;
  for (const [host, firstPort] of [
    [v4, 30_000],
    [v6, 31_000],
  ] as const) {
    await transfer(net.client, { host, port, upload: 300_000, download: 500_000 });
    await resetTransfer(net.client, { host, port, upload: 20_000 });
    await requests(net.client, { host, port, flows: 30, firstPort, octets: 100 });
    // Larger than the link carries at once: fragments.
    net.client.run(['ping', '-n', '-q', '-i', '0.05', '-c', '3', '-s', '4000', host]);
  }
  const order = { source: addresses.client.v4, destination: v4, firstPort: silentUdpPorts.first, payload: 20 };
  await burst(net.client, { ...order, flows: 1000 });
  await sleep(500);
  kernel = await truth.finish();
  both = await capture.finish();
  captured = readCapturedFlows([file]);
}, 60_000);

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

/** Packets and octets of each pair of addresses and protocol, one direction, as tshark has them; and when the first came. */
function byTshark(): Map<string, { packets: number; octets: number; first: number }> {
  const fields = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ip.proto', 'ip.len', 'ipv6.src', 'ipv6.dst', 'ipv6.nxt'];
  const options = [...fields, 'ipv6.plen', 'ipv6.fraghdr.nxt'].flatMap(field => ['-e', field]);
  const whole = ['-o', 'ip.defragment:FALSE', '-o', 'ipv6.defragment:FALSE'];
  const filter = '(ip or ipv6) and not ipv6.addr == fe80::/10 and not ipv6.addr == ff00::/8 and not icmpv6.type > 129';
  const sums = new Map<string, { packets: number; octets: number; first: number }>();
  for (const line of run(['tshark', '-n', '-r', file, '-T', 'fields', ...whole, ...options, filter], 60).split('\n')) {
    const [time, source, destination, protocol, length, source6, destination6, next, payload, after] = line.split('\t');
    if (time === '') continue;
    const key = `${protocol || after || next} ${source || source6} ${destination || destination6}`;
    const sum = sums.get(key) ?? { packets: 0, octets: 0, first: Number(time) * 1000 };
    sum.packets++;
    sum.octets += length ? Number(length) : Number(payload) + 40;
    sums.set(key, sum);
  }
  return sums;
}

test('packets, octets and times are those of tshark', () => {
  const ours = new Map<string, { packets: number; octets: number; first: number }>();
  const add = (key: string, packets: number, octets: number, first: number): void => {
    const sum = ours.get(key) ?? { packets: 0, octets: 0, first };
    ours.set(key, { packets: sum.packets + packets, octets: sum.octets + octets, first: Math.min(first, sum.first) });
  };
  for (const { protocol, source, destination, onWire, first } of captured.flows) {
    add(`${protocol} ${source} ${destination}`, onWire.packets, onWire.octets, first);
    if (onWire.reversePackets === 0) continue;
    add(`${protocol} ${destination} ${source}`, onWire.reversePackets, onWire.reverseOctets, first);
  }
  const theirs = byTshark();
  const { v4, v6 } = addresses.client;
  const isQuestion = (key: string): boolean => [v4, v6].some(client => key.split(' ')[1] === client);
  expect(theirs.size).toBe(12);
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [key, { packets, octets, first }] of ours) {
    expect([packets, octets], key).toEqual([theirs.get(key)!.packets, theirs.get(key)!.octets]);
    // Of the answers tshark tells the first, and we the question before it.
    if (isQuestion(key)) expect(Math.abs(first - theirs.get(key)!.first), key).toBeLessThan(0.01);
  }
});

test('flow by flow it is what the kernel counted, fragmented datagrams whole', () => {
  const text = (flow: CapturedTraffic['flows'][0] | KernelTraffic['flows'][0]): string => {
    const { protocol, source, sourcePort, destination, destinationPort } = flow;
    const counters = [flow.packets, flow.octets, flow.reversePackets, flow.reverseOctets];
    return [protocol, source, sourcePort, destination, destinationPort, ...counters].join(' ');
  };
  expect(captured.flows.map(text).sort()).toEqual(kernel.flows.map(text).sort());
  expect(captured.flows).toHaveLength(1000 + 2 * 33);
  expect(captured.dropped).toBe(0);
  const pings = captured.flows.filter(({ protocol }) => protocol === 1 || protocol === 58);
  expect(pings.map(({ packets, onWire }) => [packets, onWire.packets])).toEqual([
    [3, 9],
    [3, 9],
  ]);
});

test('the series holds all octets', () => {
  const { values, step } = captured.series;
  const sum = captured.flows.reduce((total, { onWire }) => total + onWire.octets + onWire.reverseOctets, 0);
  expect(values.reduce((total, each) => total + (each * step) / 1000, 0)).toBeCloseTo(sum, 0);
});

test('the same packets as pcap, big-endian, in nanoseconds, behind a VLAN tag, are the same flows', () => {
  const copy = join(lab.directory('copy'), 'copy.pcap');
  const parts = [Buffer.from('a1b23c4d00020004000000000000000000040000' + '00000001', 'hex')];
  readCaptureFile(file, (data, at, length, original, time) => {
    const header = Buffer.alloc(16);
    header.writeUInt32BE(Math.floor(time / 1000), 0);
    header.writeUInt32BE(Math.round((time % 1000) * 1000) * 1000, 4);
    header.writeUInt32BE(length + 4, 8);
    header.writeUInt32BE(original + 4, 12);
    const frame = Buffer.from(data.subarray(at, at + length));
    parts.push(header, frame.subarray(0, 12), Buffer.from('8100002a', 'hex'), frame.subarray(12));
  });
  writeFileSync(copy, Buffer.concat(parts));
  const again = readCapturedFlows([copy]);
  expect(again.flows.map(flow => ({ ...flow, first: 0, last: 0 }))).toEqual(
    captured.flows.map(flow => ({ ...flow, first: 0, last: 0 })),
  );
  again.flows.forEach((flow, i) => {
    expect(Math.abs(flow.first - captured.flows[i]!.first)).toBeLessThan(0.01);
  });
});

test('what passes two links under one key is counted on the first; under another key it is another flow', () => {
  expect(both.flows.filter(({ link }) => link === 0)).toEqual(captured.flows);
  const translated = both.flows.filter(({ link }) => link === 1);
  expect(translated.map(({ source }) => source)).not.toContain(addresses.client.v4);
  expect(translated).toHaveLength(captured.flows.length);
  expect(readCapturedFlows([file, file])).toEqual(captured);
  const sources = { capture: both, sent: kernel.flows.map(flow => ({ ...flow, answered: true })) };
  expect(contradictions({ kernel, ...sources })).toEqual([]);
  expect(contradictions({ kernel, ...sources, capture: readCapturedFlows([outside]) })).toEqual([]);
});
