import { filterPredicate, parseFilter } from '@weir/flow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterSql, Parameters } from '../flow/filter-sql.js';
import { decodedRecords, type TestRecord } from '../flow/testing/records.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const random = seeded(7011);
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;

const v4 = ['10.0.0.1', '10.0.0.2', '10.1.255.255', '192.0.2.9', '0.0.0.0', '255.255.255.255'];
const v6 = ['2001:db8::1', '2001:db8:0:1::', '::1', 'fe80::1', '::'];
const times = [
  '2026-01-01T00:00:00.000Z',
  '2026-01-01T00:00:00.500Z',
  '2026-01-01T00:00:11.000Z',
  '2025-12-31T23:59:59.999Z',
];
const counts = [0, 1, 80, 443, 1000, 65535, 2 ** 31, 2 ** 40, 2n ** 64n - 1n, 2n ** 53n + 1n];

const values: Record<string, () => TestRecord[string]> = {
  sourceIPv4Address: () => pick(v4),
  destinationIPv4Address: () => pick(v4),
  sourceIPv6Address: () => pick(v6),
  postNATSourceIPv4Address: () => pick(v4),
  postNAPTSourceTransportPort: () => pick([80, 443]),
  sourceTransportPort: () => pick([80, 443, 1000, 65535]),
  destinationTransportPort: () => pick([80, 443, 53, 0]),
  protocolIdentifier: () => pick([1, 6, 17, 58, 0]),
  octetDeltaCount: () => pick(counts),
  reverseOctetDeltaCount: () => pick(counts),
  packetDeltaCount: () => pick([0, 1, 100]),
  reversePacketDeltaCount: () => pick([0, 1, 100]),
  flowStartMilliseconds: () => pick(times),
  flowEndMilliseconds: () => pick(times),
  ingressInterface: () => pick([0, 1, 3]),
  sourceMacAddress: () => pick(['02:00:5e:10:00:01', '00:00:00:00:00:00']),
  interfaceName: () => pick(['eth0', 'wan', '', "o'clock", 'tab\tand\\slash']),
  samplingProbability: () => pick([0.25, 1, 1e-3]),
  samplingInterval: () => pick([0, 1, 1000]),
  samplingPacketInterval: () => pick([0, 1, 1000]),
  dataRecordsReliability: () => pick([true, false]),
  postSourceMacAddress: () => pick(['02:00:5e:10:00:01', '02:00:5e:10:00:02']),
  exporterIPv4Address: () => pick(v4),
  collectionTimeMilliseconds: () => pick(times),
  initiatorRoundTripMicroseconds: () => pick([0, 499, 50_000]),
  responderRoundTripMicroseconds: () => pick([0, 501, 50_000]),
};

const conditions: (() => string)[] = [
  () => `${pick(['', 'src ', 'dst '])}host ${pick([...v4, ...v6])}`,
  () =>
    `${pick(['', 'src ', 'dst '])}net ${pick(['10.0.0.0/8', '10.0.0.0/31', '::/0', '0.0.0.0/0', '2001:db8::/48', 'fe80::/10'])}`,
  () => `${pick(['', 'src ', 'dst '])}port ${pick(['80', '443', '> 79', '<= 443', 'in (53, 80)'])}`,
  () => `proto ${pick(['tcp', 'udp', '58', '!= icmp', 'in (tcp, udp)', 'not in (tcp, 17)'])}`,
  () => pick(['answered', 'nat', 'in if 3', 'in if 0', 'out if 1', 'domain = 1', 'domain > 1']),
  () => `rtt ${pick(['>', '<', '=', '!=', '>=', '<='])} ${pick(['1ms', '0s', '99.9ms', '100ms'])}`,
  () => `duration ${pick(['>', '<', '=', '!=', '>=', '<='])} ${pick(['10s', '500ms', '0s', '1d'])}`,
  () =>
    `${pick(['octets', 'reverseoctets', 'octetDeltaCount', 'packets', 'samplingInterval', 'samplingPacketInterval', 'sampling'])} ${pick(['=', '!=', '<', '>', '<=', '>='])} ${pick(counts)}`,
  () =>
    `${pick(['start', 'flowEndMilliseconds', 'flowStartSeconds', 'collectionTimeMilliseconds'])} ${pick(['=', '!=', '<', '>='])} ${pick(times)}`,
  () =>
    `${pick(['src', 'natsrc', 'exporterIPv4Address', 'sourceIPv6Address'])} ${pick(['=', '!='])} ${pick([...v4, ...v6, '10.0.0.0/8'])}`,
  () =>
    `${pick(['srcmac', 'postSourceMacAddress'])} ${pick(['=', '!='])} ${pick(['02:00:5E:10:00:01', '00:00:00:00:00:00'])}`,
  () => `interfaceName ${pick(['=', '!=', '<', '>'])} ${pick(['eth0', '"o\'clock"', '""', '"wan"'])}`,
  () => `interfaceName in (eth0, 'tab\tand\\slash')`,
  () => `samplingProbability ${pick(['=', '<', '>', '!='])} ${pick(['0.25', '1', '0.001'])}`,
  () =>
    `has ${pick(['src', 'sourceIPv6Address', 'natsrcport', 'octets', 'rtt', 'duration', 'domain', 'interfaceName', 'samplingProbability', 'dataRecordsReliability'])}`,
  () => `dataRecordsReliability ${pick(['=', '!='])} ${pick(['true', 'false'])}`,
];

function filter(depth: number): string {
  switch (depth === 0 ? 0 : random(4)) {
    case 1:
      return `${filter(depth - 1)} and ${filter(depth - 1)}`;
    case 2:
      return `(${filter(depth - 1)} or ${filter(depth - 1)})`;
    case 3:
      return `not (${filter(depth - 1)})`;
    default:
      return pick(conditions)();
  }
}

const records: TestRecord[] = Array.from({ length: 400 }, (_, i) => ({
  flowId: i,
  ...Object.fromEntries(
    Object.entries(values)
      // One column holds one source.
      .filter(([name]) => name !== (i % 2 === 0 ? 'sourceIPv4Address' : 'sourceIPv6Address'))
      .filter(() => random(2) === 1)
      .map(([name, value]) => [name, value()]),
  ),
}));

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, records);
}, 30_000);
afterAll(() => opened.end(), 30_000);

test('the engine and the predicate agree', async () => {
  const decoded = decodedRecords(records);
  expect(decoded).toHaveLength(records.length);
  let matches = 0;
  for (let i = 0; i < 300; i++) {
    const text = filter(i % 3);
    const expression = parseFilter(text);
    const parameters = new Parameters();
    const sql = `SELECT flowId FROM flows WHERE ${filterSql(expression, parameters)} ORDER BY flowId`;
    const stored = (await opened.store.query<{ flowId: string }>(sql, parameters.values)).map(row =>
      Number(row.flowId),
    );
    const fits = filterPredicate(expression);
    const expected = decoded.filter(record => fits(record, 1)).map(record => record.flowId as number);
    expect(stored, text).toEqual(expected.sort((a, b) => a - b));
    matches += stored.length;
  }
  // Neither everything nor nothing, or the comparison above says little.
  expect(matches / (300 * records.length)).toBeGreaterThan(0.1);
  expect(matches / (300 * records.length)).toBeLessThan(0.9);
}, 120_000);
