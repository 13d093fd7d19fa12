import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { flowRows, parseFlowId, type Selection, session } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const exportTime = BASE / 1000 + 100;
const hour: Selection = { from: BASE - 3_600_000, to: BASE + 3_600_000 };
const ends = (source: string, destination: string, sourcePort: number, destinationPort: number) => ({
  sourceIPv4Address: source,
  destinationIPv4Address: destination,
  sourceTransportPort: sourcePort,
  destinationTransportPort: destinationPort,
  protocolIdentifier: 6,
});
const counted = (octets: number, packets: number, reverseOctets: number, reversePackets: number) => ({
  octetDeltaCount: octets,
  packetDeltaCount: packets,
  reverseOctetDeltaCount: reverseOctets,
  reversePacketDeltaCount: reversePackets,
});

/** A translated connection to an FTP server, as the probe tells of it. */
const control: TestRecord = {
  ...ends('10.0.0.1', '192.0.2.9', 40_000, 21),
  postNATSourceIPv4Address: '198.51.100.1',
  postNAPTSourceTransportPort: 50_000,
  flowId: 1,
  flowStartMilliseconds: time(0),
};
const probe: TestRecord[] = [
  {
    ...control,
    ...counted(100, 1, 1000, 2),
    flowEndMilliseconds: time(5),
    flowEndReason: 2,
    tcpState: 3,
    ingressInterface: 7,
    egressInterface: 8,
  },
  {
    ...control,
    ...counted(200, 2, 2000, 3),
    ...{ monitoringIntervalStartMilliSeconds: time(5), flowEndMilliseconds: time(10), flowEndReason: 3, tcpState: 7 },
    ...{
      initiatorRoundTripMicroseconds: 1000,
      responderRoundTripMicroseconds: 4000,
      ingressInterface: 7,
      egressInterface: 8,
    },
  },
  // Its data connection.
  {
    ...ends('192.0.2.9', '10.0.0.1', 20, 40_001),
    ...counted(9000, 9, 90, 1),
    ...{ flowId: 2, flowStartMilliseconds: time(6), flowEndMilliseconds: time(7), flowEndReason: 3 },
    ...{ masterProtocolIdentifier: 6, masterSourceIPv4Address: '10.0.0.1', masterDestinationIPv4Address: '192.0.2.9' },
    ...{ masterSourceTransportPort: 40_000, masterDestinationTransportPort: 21 },
  },
  // Of the same hosts, at the same time and later.
  {
    ...ends('10.0.0.1', '192.0.2.9', 40_002, 443),
    ...counted(1, 1, 1, 1),
    flowId: 3,
    flowStartMilliseconds: time(1),
    flowEndMilliseconds: time(2),
    flowEndReason: 1,
  },
  {
    ...ends('10.0.0.1', '192.0.2.9', 40_000, 21),
    ...counted(1, 1, 1, 1),
    flowId: 4,
    flowStartMilliseconds: time(900),
    flowEndMilliseconds: time(901),
    flowEndReason: 1,
  },
];
/** A router behind the translation, which tells each direction apart. */
const router: TestRecord[] = [
  {
    ...ends('198.51.100.1', '192.0.2.9', 50_000, 21),
    octetDeltaCount: 299,
    packetDeltaCount: 3,
    flowStartMilliseconds: time(0),
    flowEndMilliseconds: time(10),
    ingressInterface: 7,
  },
  {
    ...ends('192.0.2.9', '198.51.100.1', 21, 50_000),
    octetDeltaCount: 2999,
    packetDeltaCount: 5,
    flowStartMilliseconds: time(0),
    flowEndMilliseconds: time(10),
    ingressInterface: 9,
  },
  // The same ends long before.
  {
    ...ends('198.51.100.1', '192.0.2.9', 50_000, 21),
    octetDeltaCount: 7,
    packetDeltaCount: 1,
    flowStartMilliseconds: time(-900),
    flowEndMilliseconds: time(-890),
  },
];
/** Another translates the same ends to others: another network with the same addresses. */
const elsewhere: TestRecord[] = [
  {
    ...control,
    postNATSourceIPv4Address: '203.0.113.5',
    octetDeltaCount: 5,
    packetDeltaCount: 1,
    flowEndMilliseconds: time(10),
    flowEndReason: 3,
  },
];
const totals: TestRecord[] = [3, 4, 8].map(n => ({
  ...ends('10.0.0.7', '10.0.0.8', 1, 2),
  ...{ octetTotalCount: n * 100, packetTotalCount: n, flowStartMilliseconds: time(0), flowEndMilliseconds: time(n) },
}));

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  const name = { exporter: '::ffff:192.0.2.1', interface: 7, description: '', since: BASE };
  const interfaces = [
    { ...name, observationDomainId: 1, name: 'lan' },
    { ...name, observationDomainId: 2, name: 'uplink' },
  ];
  await opened.store.keepTold({ interfaces, elements: [] });
  for (const [i, records] of [probe, router, elsewhere, totals].entries()) {
    const duplicates = () => records === router;
    await insertRecords(opened.store, records, { exportTime, domain: i + 1, duplicates });
  }
}, 60_000);
afterAll(() => opened.end());

async function sessionOf(filter: string, selection = hour) {
  const { flows } = await flowRows(opened.store, { ...hour, filter }, { order: 'newest', limit: 1 });
  return await session(opened.store, selection, parseFlowId(flows[0]!.id)!);
}

test('a Flow with its records, in the order of time', async () => {
  const found = await sessionOf('flowid = 1 and domain = 1');
  expect(found!.flow).toMatchObject({
    source: '10.0.0.1',
    natSource: '198.51.100.1',
    octets: 300,
    reverseOctets: 3000,
    records: 2,
  });
  const common = { exporter: '192.0.2.1', observationDomainId: 1, exportTime: exportTime * 1000, duplicate: false };
  expect(found!.records).toEqual([
    {
      ...common,
      begin: BASE,
      end: BASE + 5000,
      octets: 100,
      packets: 1,
      reverseOctets: 1000,
      reversePackets: 2,
      flowEndReason: 2,
    },
    {
      ...common,
      begin: BASE + 5000,
      end: BASE + 10_000,
      octets: 200,
      packets: 2,
      reverseOctets: 2000,
      reversePackets: 3,
      flowEndReason: 3,
    },
  ]);
  expect(found!.more).toBe(false);
  expect(found!.told).toMatchObject([
    { end: BASE + 5000, flowStart: BASE, tcpState: 3 },
    { end: BASE + 10_000, tcpState: 7, initiatorRoundTripMicroseconds: 1000, responderRoundTripMicroseconds: 4000 },
  ]);
});

test('who saw it: before and behind the translation, in whichever direction, with the names of interfaces', async () => {
  const found = await sessionOf('flowid = 1 and domain = 1');
  const exporter = '192.0.2.1';
  expect(found!.seenBy).toEqual([
    {
      ...{ exporter, observationDomainId: 1, octets: 300, packets: 3, reverseOctets: 3000, reversePackets: 5 },
      ...{ ingressInterface: 7, ingressInterfaceName: 'lan', egressInterface: 8 },
    },
    {
      ...{ exporter, observationDomainId: 2, octets: 299, packets: 3, reverseOctets: 2999, reversePackets: 5 },
      ...{ ingressInterface: 7, ingressInterfaceName: 'uplink' },
    },
  ]);
  // The same, asked of the router's Flow, whose records are duplicates: it has no way back of its own.
  const behind = await sessionOf('domain = 2 and octets = 299');
  expect(behind!.records).toMatchObject([{ duplicate: true, octets: 299 }]);
  expect(behind!.records[0]).not.toHaveProperty('reverseOctets');
  expect(behind!.seenBy.map(each => [each.observationDomainId, each.octets])).toEqual([
    [2, 299],
    [1, 300],
  ]);
});

test('what belongs to it: the child of a helper, and its parent; else the same hosts at the same time', async () => {
  const ids = async (filter: string) =>
    (await sessionOf(filter))!.related.map(each => [each.sourcePort, each.destinationPort]);
  expect(await ids('flowid = 1 and domain = 1')).toEqual([[20, 40_001]]);
  expect(await ids('flowid = 2')).toEqual([[40_000, 21]]);
  expect(await ids('flowid = 3')).toEqual([
    [40_000, 21],
    [40_000, 21],
  ]);
  expect(await ids('flowid = 4')).toEqual([]);
});

test('totals are what each record adds', async () => {
  const found = await sessionOf('src host 10.0.0.7');
  expect(found!.flow.octets).toBe(800);
  expect(found!.records.map(({ begin, end, octets, packets }) => [begin - BASE, end - BASE, octets, packets])).toEqual([
    [0, 3000, 300, 3],
    [3000, 4000, 100, 1],
    [4000, 8000, 400, 4],
  ]);
  expect(found!.seenBy).toEqual([{ exporter: '192.0.2.1', observationDomainId: 4, octets: 800, packets: 8 }]);
  expect(found!.records[0]).not.toHaveProperty('flowEndReason');
});

test('at most a thousand records, the newest', async () => {
  const record = { ...ends('10.0.0.70', '10.0.0.71', 1, 2), octetDeltaCount: 1, flowStartMilliseconds: time(0) };
  const many = Array.from({ length: 1003 }, (_, i) => ({ ...record, flowEndMilliseconds: time(i + 1) }));
  await insertRecords(opened.store, many, { exportTime: exportTime + 1100 });
  const found = await sessionOf('src host 10.0.0.70');
  expect([found!.more, found!.records.length, found!.told.length]).toEqual([true, 1000, 1000]);
  expect([found!.records[0]!.end, found!.records.at(-1)!.end]).toEqual([BASE + 4000, BASE + 1_003_000]);
  expect(found!.flow.records).toBe(1003);
});

test('a Flow that is not there, or not then', async () => {
  expect(await sessionOf('flowid = 3', { from: BASE + 60_000, to: BASE + 90_000 })).toBeUndefined();
  expect(await session(opened.store, hour, { number: 17n })).toBeUndefined();
  expect(await session(opened.store, hour, { number: 17n, loneEnd: BASE })).toBeUndefined();
});

test('texts that are no ids', () => {
  for (const text of ['', 'x', '1-', '1-x', '-1', String(2n ** 64n), "1' OR 1", '1-12345678901234567'])
    expect(parseFlowId(text), text).toBeUndefined();
  expect(parseFlowId('18446744073709551615--5')).toEqual({ number: 2n ** 64n - 1n, loneEnd: -5 });
});
