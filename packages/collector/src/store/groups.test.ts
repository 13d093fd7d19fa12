import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { flowRows, groups, type Selection } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const day: Selection = { from: BASE - 3_600_000, to: BASE + 3_600_000 };

const web = {
  sourceIPv4Address: '10.0.0.1',
  destinationIPv4Address: '192.0.2.9',
  sourceTransportPort: 40000,
  destinationTransportPort: 443,
  protocolIdentifier: 6,
  postNATSourceIPv4Address: '198.51.100.1',
  postNAPTSourceTransportPort: 40000,
  flowId: 1,
  flowStartMilliseconds: time(0),
};
const counted = (octets: number, packets: number, reverseOctets: number, reversePackets: number) => ({
  octetDeltaCount: octets,
  packetDeltaCount: packets,
  reverseOctetDeltaCount: reverseOctets,
  reversePacketDeltaCount: reversePackets,
});

const records: TestRecord[] = [
  // One Flow in two interim reports and an end.
  { ...web, ...counted(100, 1, 1000, 2), flowEndMilliseconds: time(5), flowEndReason: 2 },
  {
    ...web,
    ...counted(200, 2, 2000, 3),
    flowEndMilliseconds: time(10),
    monitoringIntervalStartMilliSeconds: time(5),
    flowEndReason: 2,
  },
  {
    ...web,
    ...counted(300, 3, 3000, 4),
    flowEndMilliseconds: time(12),
    monitoringIntervalStartMilliSeconds: time(10),
    flowEndReason: 3,
  },
  // The same ports again, later: another Flow.
  {
    ...web,
    ...counted(7, 1, 0, 0),
    flowId: 2,
    flowStartMilliseconds: time(20),
    flowEndMilliseconds: time(20),
    flowEndReason: 1,
  },
  // No counters.
  {
    sourceIPv6Address: '2001:db8::1',
    destinationIPv6Address: '2001:db8::2',
    protocolIdentifier: 58,
    icmpTypeCodeIPv6: 0x8001,
    flowStartMilliseconds: time(1),
    flowEndMilliseconds: time(30),
  },
  // The largest, and beyond 2^53.
  {
    sourceIPv4Address: '10.0.0.2',
    destinationIPv4Address: '192.0.2.9',
    protocolIdentifier: 250,
    octetDeltaCount: 2n ** 63n,
    flowEndMilliseconds: time(3),
  },
  {
    sourceIPv4Address: '10.0.0.2',
    destinationIPv4Address: '192.0.2.9',
    protocolIdentifier: 250,
    octetDeltaCount: 2n ** 63n,
    flowEndMilliseconds: time(4),
  },
];

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, records, { exportTime: BASE / 1000 });
}, 30_000);
afterAll(() => opened.end(), 30_000);

test('groups: sums, largest octets first, exact beyond 2^53 and 2^64; flows are not records', async () => {
  expect(await groups(opened.store, day, ['sourceIPv4Address', 'proto'])).toEqual([
    // No times of its own start: both records are of one Flow.
    {
      sourceIPv4Address: '10.0.0.2',
      proto: 250,
      flows: 1,
      octets: '18446744073709551616',
      packets: 0,
      reverseOctets: 0,
      reversePackets: 0,
    },
    {
      sourceIPv4Address: '10.0.0.1',
      proto: 6,
      flows: 2,
      octets: 607,
      packets: 7,
      reverseOctets: 6000,
      reversePackets: 9,
    },
    { sourceIPv4Address: null, proto: 58, flows: 1, octets: 0, packets: 0, reverseOctets: 0, reversePackets: 0 },
  ]);
});

test('groups: top, filter, names as given', async () => {
  const top = await groups(
    opened.store,
    { ...day, filter: 'proto tcp' },
    ['flowId', 'natsrc', 'flowStartMilliseconds'],
    1,
  );
  expect(top).toEqual([
    {
      flowId: 1,
      natsrc: '198.51.100.1',
      flowStartMilliseconds: time(0),
      flows: 1,
      octets: 600,
      packets: 6,
      reverseOctets: 6000,
      reversePackets: 9,
    },
  ]);
});

test('groups: no field: one group; nothing selected: nothing in it', async () => {
  expect(await groups(opened.store, { ...day, filter: 'proto tcp' }, [])).toMatchObject([{ flows: 2, octets: 607 }]);
  expect(await groups(opened.store, { from: 0, to: 1 }, [])).toMatchObject([{ flows: 0, octets: 0 }]);
  expect(await groups(opened.store, { from: 0, to: 1 }, ['src'])).toEqual([]);
});

test('groups: every field of the table can be a group', async () => {
  const { fields } = await import('@weir/flow');
  for (const field of fields) {
    const sums = await groups(opened.store, day, [field.names[0]!, ...Object.keys(field.elements)]);
    expect(
      sums.reduce((sum, group) => sum + Number(group.flows), 0),
      field.column,
    ).toBeGreaterThanOrEqual(4);
  }
}, 120_000);

test('groups: what has no value of a field is what a filter finds by that', async () => {
  const { fields } = await import('@weir/flow');
  // Those of the counters are the names of the sums.
  const names = fields.flatMap(({ names }) => names[0]!).filter(name => !/^(octets|packets)$/.test(name));
  for (const name of [...names, 'interfaceName', '29305:9']) {
    const sums = await groups(opened.store, day, [name]);
    const without = sums.find(group => group[name] === null);
    const found = await groups(opened.store, { ...day, filter: `not has ${name}` }, [name]);
    expect(found, name).toMatchObject(without === undefined ? [] : [{ [name]: null, octets: without.octets }]);
    const having = await groups(opened.store, { ...day, filter: `has ${name}` }, [name]);
    expect(
      having.map(group => group[name]),
      name,
    ).toEqual(sums.flatMap(group => group[name] ?? []));
  }
}, 120_000);

test('groups: what cannot be', async () => {
  await expect(groups(opened.store, day, ['bogus'])).rejects.toThrow(/cannot group by "bogus"/);
  await expect(groups(opened.store, { ...day, filter: 'port x' }, [])).rejects.toMatchObject({ column: 6 });
  await expect(groups(opened.store, { from: 5, to: 5 }, [])).rejects.toThrow(/from must be before to/);
  await expect(groups(opened.store, { from: Number.NaN }, [])).rejects.toThrow(/must be times/);
});

test('flowRows: newest', async () => {
  const { flows: rows } = await flowRows(opened.store, day, { order: 'newest', limit: 3 });
  expect(rows.map(row => row.end)).toEqual([BASE + 30_000, BASE + 20_000, BASE + 12_000]);
  const [icmp, , tcp] = rows;
  expect(icmp).toEqual({
    id: expect.stringMatching(/^\d+$/),
    exporter: '192.0.2.1',
    observationDomainId: 1,
    start: BASE + 1000,
    end: BASE + 30_000,
    protocol: 58,
    protocolName: 'ipv6-icmp',
    source: '2001:db8::1',
    destination: '2001:db8::2',
    icmpType: 128,
    icmpCode: 1,
    records: 1,
  });
  expect(tcp).toEqual({
    id: expect.stringMatching(/^\d+$/),
    exporter: '192.0.2.1',
    observationDomainId: 1,
    start: BASE,
    end: BASE + 12_000,
    protocol: 6,
    protocolName: 'tcp',
    source: '10.0.0.1',
    destination: '192.0.2.9',
    sourcePort: 40000,
    destinationPort: 443,
    natSource: '198.51.100.1',
    octets: 600,
    packets: 6,
    reverseOctets: 6000,
    reversePackets: 9,
    flowEndReason: 3,
    records: 3,
  });
});

test('flowRows: largest, of both directions', async () => {
  const { flows: rows } = await flowRows(opened.store, day, { order: 'largest', limit: 2 });
  expect(rows.map(row => row.octets)).toEqual([2 ** 64, 600]);
  expect(rows[0]!.protocolName).toBe('250');
  const { flows: tcp } = await flowRows(opened.store, { ...day, filter: 'proto tcp' }, { order: 'largest', limit: 1 });
  expect(tcp.map(row => row.octets)).toEqual([600]);
});

test('flowRows: the record exported last says how a Flow ended, though an interim report dated its last packet later', async () => {
  const later: TestRecord = { ...web, ...counted(1, 1, 1, 1), flowStartMilliseconds: time(7200) };
  const behind = { monitoringIntervalStartMilliSeconds: time(7203) };
  const final = { ...later, ...behind, flowEndMilliseconds: time(7202), flowEndReason: 3 };
  const interim = { ...later, flowEndMilliseconds: time(7203), flowEndReason: 2 };
  await insertRecords(opened.store, [final], { exportTime: BASE / 1000 + 7330 });
  await insertRecords(opened.store, [interim], { exportTime: BASE / 1000 + 7205 });
  const {
    flows: [row],
  } = await flowRows(opened.store, { from: BASE + 7_000_000, to: BASE + 8_000_000 }, { order: 'newest', limit: 1 });
  expect(row).toMatchObject({ flowEndReason: 3, records: 2, end: BASE + 7_203_000 });
});
