// What connection tracking knows of a connection beside its counters: handshake times, states, mark, zone, labels, helper, master.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import type { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { ftpSession, requests, resetTransfer, startFtpServer, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import type { QueriedRecord } from '../weir/records.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing(['dumpcap', 'tshark', 'nft']);
const host = addresses.server.v4;
const [plain, late, zoned, ftp] = [7000, 7001, 7002, 21];
/** Milliseconds that a handshake time may be beside that of the packets. */
const tolerance = 5;
const [synSent, synRecv, established, finWait, close] = [1, 2, 3, 4, 8];
const bit = (...states: number[]) => states.reduce((bits, state) => bits | (1 << state), 0);

type Fields = Record<string, string | number>;

let lab: Lab;
let net: Topology;
let records: Fields[];
let natLog: Fields[];
let handshake: number[];
let session: Awaited<ReturnType<typeof ftpSession>>;
let closedPort: number;
let resetPort: number;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  net.router.nft(knowledge);
  net.server.nft(firstSynLost);
  net.client.nft(firstAnswerLost);
  for (const port of [plain, late, zoned]) lab.own(await startResponder(net.server, port));
  lab.own(await startFtpServer(net.server, { address: host, port: ftp }));
  expect(weir(net.router, ['doctor', '--fix']).status).toBe(0);
  const folder = lab.directory('connection');
  const [flows, log] = [await startProbe(folder, 'full'), await startProbe(folder, 'nat-log')];
  const capture = join(folder, 'packets.pcapng');
  const dumpcap = lab.own(net.router.start(['dumpcap', '-q', '-i', 'inside', '-w', capture, '-f', `tcp port ${late}`]));
  await dumpcap.output(/File: /, 30);
  await makeTraffic();
  destroyKernelFlows(net.router);
  await until('every connection to be gone', 30, () => kernelFlowCount(net.router) === 0 || undefined);
  for (const probe of [flows, log]) expect(await probe.stop('SIGINT')).toBe(0);
  await dumpcap.stop('SIGINT');
  handshake = handshakeTimes(capture);
  [records, natLog] = ['full', 'nat-log'].map(fields => read(join(folder, `${fields}.ipfix`))) as [Fields[], Fields[]];
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(weir(net.router, ['doctor', '--restore']).status).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

async function startProbe(folder: string, fields: string): Promise<LabProcess> {
  const file = join(folder, `${fields}.ipfix`);
  const state = join(folder, `${fields}.state`);
  const command = weirCommand('probe', '--collector', `file:${file}`, '--fields', fields, '--state', state);
  const probe = lab.own(net.router.start([...command, '--active-timeout', '2']));
  await probe.output(/metering/i, 30);
  return probe;
}

async function makeTraffic(): Promise<void> {
  closedPort = (await transfer(net.client, { host, port: plain, upload: 1000, download: 1000 })).localPort;
  resetPort = (await resetTransfer(net.client, { host, port: plain, upload: 1000 })).localPort;
  // Long enough for a sweep to see the connection: its label is told by no other message.
  await transfer(net.client, { host, port: zoned, upload: 30_000, download: 10, rate: 5000 });
  await requests(net.client, { host, port: plain, flows: 1, firstPort: 33_333, octets: 10 });
  await transfer(net.client, { host, port: late, upload: 10, download: 10 });
  session = await ftpSession(net.client, { host, port: ftp, octets: 5000 });
}

function read(file: string): Fields[] {
  const { status, stdout } = weir(net.router, ['read', file, '--format', 'json']);
  expect(status).toBe(0);
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map(line => (JSON.parse(line) as QueriedRecord).record).filter(record => 'sourceIPv4Address' in record);
}

/** Milliseconds of the first SYN, the first answer to it, and the first ACK after that. */
function handshakeTimes(file: string): number[] {
  const text = run(['tshark', '-r', file, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'tcp.flags']);
  const packets = text
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t').map(Number) as [number, number]);
  const flags = [0x02, 0x12, 0x10];
  return flags.map(wanted => packets.find(([, is]) => is === wanted)![0] * 1000);
}

/** The last record of the only Flow to this port, from this port where it is given. */
function flowTo(port: number, from?: number): Fields {
  const found = records.filter(
    record => record.destinationTransportPort === port && (from === undefined || record.sourceTransportPort === from),
  );
  expect(found.length, `records of port ${port}`).toBeGreaterThan(0);
  return found.at(-1)!;
}

test('round trips of both sides of the handshake are those of the packets', () => {
  const [syn, answer, ack] = handshake as [number, number, number];
  const { responderRoundTripMicroseconds, initiatorRoundTripMicroseconds } = flowTo(late);
  const responder = Number(responderRoundTripMicroseconds) / 1000 - (answer - syn);
  const initiator = Number(initiatorRoundTripMicroseconds) / 1000 - (ack - answer);
  console.info(
    `packets: ${(answer - syn).toFixed(3)} and ${(ack - answer).toFixed(3)} ms; beside them by ${responder.toFixed(3)} and ${initiator.toFixed(3)} ms`,
  );
  // A SYN and an answer to it were lost on purpose: a second each.
  expect(answer - syn).toBeGreaterThan(900);
  expect(ack - answer).toBeGreaterThan(900);
  expect(Math.abs(responder)).toBeLessThan(tolerance);
  expect(Math.abs(initiator)).toBeLessThan(tolerance);
});

test('the states of a connection that was closed, and of one that was reset', () => {
  const closed = Number(flowTo(plain, closedPort).tcpStateHistory);
  expect(closed & bit(synSent, synRecv, established, finWait)).toBe(bit(synSent, synRecv, established, finWait));
  expect(closed & bit(close)).toBe(0);
  const reset = flowTo(plain, resetPort);
  expect(reset).toMatchObject({ tcpState: close });
  expect(Number(reset.tcpStateHistory) & bit(established, finWait, close)).toBe(bit(established, close));
});

test('mark, zone and labels', () => {
  expect(flowTo(plain, closedPort)).toMatchObject({ conntrackMark: 0x80000001 });
  expect(flowTo(plain, closedPort)).not.toHaveProperty('conntrackZone');
  expect(flowTo(zoned)).toMatchObject({ conntrackZone: 7, conntrackLabels: '20000000000000000000000000000000' });
  expect(flowTo(late)).not.toHaveProperty('conntrackMark');
  expect(flowTo(late)).not.toHaveProperty('conntrackLabels');
});

test('a helper, and a data connection that names its master', () => {
  expect(session.received).toBe(5000);
  expect(flowTo(ftp)).toMatchObject({ conntrackHelper: 'ftp' });
  expect(flowTo(session.dataPort)).toMatchObject({
    masterProtocolIdentifier: 6,
    masterSourceIPv4Address: addresses.client.v4,
    masterDestinationIPv4Address: host,
    masterSourceTransportPort: session.controlPort,
    masterDestinationTransportPort: ftp,
  });
});

test('totals are those of the whole Flow, deltas add up to them', () => {
  const all = records.filter(record => record.destinationTransportPort === zoned);
  expect(all.length).toBeGreaterThan(1);
  const sum = all.reduce((octets, record) => octets + Number(record.octetDeltaCount), 0);
  expect(all.at(-1)).toMatchObject({ octetTotalCount: sum });
});

test('the log of translations has each one created once and deleted once, and nothing of traffic', () => {
  const [create, remove] = [4, 5];
  const translated = natLog.filter(({ sourceTransportPort }) => sourceTransportPort === 33_333);
  expect(translated.map(({ natEvent }) => natEvent)).toEqual([create, remove]);
  for (const record of translated) {
    expect(record).toMatchObject({
      sourceIPv4Address: addresses.client.v4,
      postNATSourceIPv4Address: addresses.outside.v4,
      destinationTransportPort: plain,
    });
    expect(record).not.toHaveProperty('octetDeltaCount');
  }
  const [begun, ended] = translated.map(record => Date.parse(String(record.observationTimeMilliseconds)));
  expect(ended).toBeGreaterThan(begun!);
  const events = (event: number) => natLog.filter(({ natEvent }) => natEvent === event).length;
  expect(events(create)).toBe(events(remove));
});

const knowledge = `
table inet knowledge {
  ct helper ftp { type "ftp" protocol tcp; }
  chain zones {
    type filter hook prerouting priority raw
    tcp dport ${zoned} ct zone set 7
    tcp sport ${zoned} ct zone set 7
  }
  chain marks {
    type filter hook prerouting priority filter
    tcp dport ${ftp} ct helper set "ftp"
    tcp dport ${plain} ct mark set 0x80000001
    tcp dport ${zoned} ct label set 5
  }
}
`;

const firstSynLost = `
table inet knowledge {
  chain input {
    type filter hook input priority filter
    tcp dport ${late} tcp flags & (syn | ack) == syn numgen inc mod 2 0 drop
  }
}
`;

const firstAnswerLost = `
table inet knowledge {
  chain input {
    type filter hook input priority filter
    tcp sport ${late} tcp flags & (syn | ack) == (syn | ack) numgen inc mod 2 0 drop
  }
}
`;
