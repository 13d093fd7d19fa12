import { FilterError, filterPredicate, parseFilter } from '@weir/flow';
import { type DataSet, decodeRecords, MessageWriter, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { FlowRecord } from '../metering/flow-record.js';
import { counterWords } from '../metering/testing/records.js';
import { recordFilter } from './record-filter.js';
import { octetsOf, randomFilter, randomObservation, recordOf, seeded } from './testing/flows.js';

const context = { interfaceIndex: (name: string) => (name === 'eth0' ? 3 : 0), domain: 1 };

/** The record as it is exported, decoded and printed. */
function printed(record: FlowRecord): Record<string, unknown> {
  const templates = new FlowTemplates(parseFields('default'));
  const flow = templates.templateOf(record.kind);
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(flow.template);
  flow.put(record, buffer, writer.reserve(flow.template.id, flow.octetsOf(record)));
  const sets: DataSet[] = [];
  new TransportSession().decode(buffer.slice(0, writer.finish(0, 0)), { dataSet: set => sets.push(set) });
  const { ipVersion, ...rest } = decodeRecords(sets[0]!)[0]!.record;
  return { ...rest, ipVersion: ipVersion ?? record.family };
}

test('a filter fits a Flow Record where it fits the record that is exported', () => {
  const random = seeded(7011);
  const records = Array.from({ length: 300 }, () => recordOf(randomObservation(random), random));
  const decoded = records.map(printed);
  let matches = 0;
  for (let i = 0; i < 600; i++) {
    const text = randomFilter(random, i % 4);
    const expression = parseFilter(text);
    const fits = recordFilter(expression, context);
    const expected = filterPredicate(expression);
    const fitting = records.flatMap((record, n) => (fits(record) ? [n] : []));
    expect(fitting, text).toEqual(decoded.flatMap((record, n) => (expected(record, 1) ? [n] : [])));
    matches += fitting.length;
  }
  // Neither everything nor nothing, or the comparison above says little.
  expect(matches / (600 * records.length)).toBeGreaterThan(0.15);
  expect(matches / (600 * records.length)).toBeLessThan(0.85);
});

describe('what Templates do not carry in every case', () => {
  const record = new FlowRecord();
  record.family = 4;
  record.protocol = 6;
  record.hasCounters = true;
  record.counters.set(counterWords(0xffff_ffff, 0xffff_ffff, 0, 1));
  record.ingressInterface = 3;
  record.hasSourceMac = true;
  record.sourceMac.set([0x02, 0, 0x5e, 0x10, 0, 0xff]);
  record.ingressVlan = 7;
  record.sourceAs = 64_500;
  record.classOfService = 0xb8;
  record.mark = 0x2a;
  record.helper = 'ftp';
  record.hasLabels = true;
  record.labels[15] = 1;
  record.hasMaster = true;
  record.masterAddresses.set(octetsOf('192.0.2.9'), 16);
  record.masterDestinationPort = 21;
  record.hasNextHop = true;
  record.nextHop.set(octetsOf('10.0.0.2'));
  record.initiatorRoundTrip = 40_000;
  record.responderRoundTrip = 60_500;

  test.each([
    ['in if eth0', true],
    ['in if "eth0"', true],
    ['in if 3', true],
    ['in if eth9', false],
    ['out if eth0', false],
    ['out if eth9', false],
    ['outif != 3', false],
    ['srcmac = 02:00:5e:10:00:ff', true],
    ['dstmac = 00:00:00:00:00:00', false],
    ['vlan = 7', true],
    ['srcas = 64500', true],
    ['dstas != 64500', false],
    ['conntrackMark = 0x2a', true],
    ['tos = 0xb8', true],
    ['conntrackHelper = ftp', true],
    ['conntrackHelper != ftp', false],
    ['conntrackHelper > e and conntrackHelper < g', true],
    ['conntrackLabels = 0x00000000000000000000000000000001', true],
    ['masterDestinationIPv4Address = 192.0.2.0/24 and masterDestinationTransportPort = 21', true],
    ['masterDestinationIPv6Address = ::/0', false],
    ['nexthop = 10.0.0.0/8', true],
    ['rtt > 100ms', true],
    ['rtt > 100500us', false],
    ['octets = 18446744073709551615', true],
    ['octets < 18446744073709551615', false],
    ['packets > 4294967295', true],
    ['packets > 4294967296', false],
    ['domain = 1', true],
    ['domain != 1', false],
  ])('%s', (filter, fits) => {
    expect(recordFilter(parseFilter(filter), context)(record)).toBe(fits);
  });
});

test('what is not known is in no comparison', () => {
  const unknown = new FlowRecord();
  unknown.start = Number.NaN;
  for (const name of [
    'octets',
    'srcport',
    'inif',
    'vlan',
    'srcas',
    'natsrcport',
    'tos',
    'initiatorRoundTripMicroseconds',
  ]) {
    for (const condition of ['= 0', '!= 0', '< 5', '>= 0']) {
      expect(recordFilter(parseFilter(`${name} ${condition}`), context)(unknown), `${name} ${condition}`).toBe(false);
    }
  }
  expect(recordFilter(parseFilter('duration >= 0s or rtt >= 0s or answered'), context)(unknown)).toBe(false);
});

test.each([
  ['proto tcp and tcpflags = 3', 15, /does not know tcpControlBits/],
  ['exporter = 10.0.0.1', 1, /does not know exporter/],
  ['not (port 80 or octetTotalCount > 5)', 17, /does not know octetTotalCount/],
  ['applicationName = "x"', 1, /does not know applicationName/],
])('%s is refused at its column', (filter, column, message) => {
  let error: unknown;
  try {
    recordFilter(parseFilter(filter), context);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(FilterError);
  expect(error).toMatchObject({ column, message: expect.stringMatching(message) });
});
