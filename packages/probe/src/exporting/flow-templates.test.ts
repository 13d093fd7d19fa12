import { type DataSet, decodeRecords, MessageWriter, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import { DESTINATION, FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { counterWords, setAddress } from '../metering/testing/records.js';
import { PRESETS, parseFields } from './field-selection.js';
import { FLOW_FIELDS } from './flow-fields.js';
import { FlowTemplates } from './flow-templates.js';

const T0 = Date.parse('2026-01-02T03:04:05.678Z');

function flow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = Object.assign(new FlowRecord(), {
    protocol: 6,
    hasPorts: true,
    flowId: 0xfedcba98,
    sourcePort: 40_000,
    destinationPort: 443,
    start: T0,
    end: T0 + 1500,
    flowEndReason: 3,
    ...change,
  });
  setAddress(record, SOURCE, [10, 0, 0, 2]);
  setAddress(record, DESTINATION, [192, 0, 2, 9]);
  return record;
}

/** All that can be known of a Flow. */
function knownFlow(): FlowRecord {
  const record = flow({
    translated: true,
    natSourcePort: 50_000,
    natDestinationPort: 8443,
    hasCounters: true,
    hasTotals: true,
    intervalStart: T0 + 1000,
    zone: 7,
    mark: 0x80000001,
    status: 0xc00e,
    hasLabels: true,
    helper: 'ftp',
    hasMaster: true,
    masterProtocol: 6,
    masterSourcePort: 40_001,
    masterDestinationPort: 21,
    tcpState: 7,
    tcpStateHistory: 0b1011_1110,
    responderRoundTrip: 20_123,
    initiatorRoundTrip: 456,
    ingressInterface: 3,
    egressInterface: 4,
    hasNextHop: true,
    hasSourceMac: true,
    hasDestinationMac: true,
    ingressVlan: 10,
    egressVlan: 20,
    sourceAs: 64_512,
    destinationAs: 4_200_000_000,
    classOfService: 0xb8,
  });
  setAddress(record, NAT_SOURCE, [198, 51, 100, 1]);
  setAddress(record, NAT_DESTINATION, [192, 0, 2, 10]);
  record.counters.set(counterWords(1000, 0, 10, 0, 2, 1, 20, 0));
  record.totals.set(counterWords(3000, 0, 30, 0, 4, 1, 60, 0));
  record.labels.set([1], 15);
  record.masterAddresses.set([10, 0, 0, 2], 0);
  record.masterAddresses.set([192, 0, 2, 9], 16);
  record.nextHop.set([198, 51, 100, 254]);
  record.sourceMac.set([2, 0, 0, 0, 0, 1]);
  record.destinationMac.set([2, 0, 0, 0, 0, 2]);
  return record;
}

/** Written with the Templates of these fields, and read back. */
function exported(fields: string, ...records: FlowRecord[]): Record<string, unknown>[] {
  const templates = new FlowTemplates(parseFields(fields));
  const bytes = new Uint8Array(4096);
  const writer = new MessageWriter(bytes);
  writer.begin(1);
  const announced = new Set<number>();
  for (const record of records) {
    const flow = templates.templateOf(record.kind);
    const { template } = flow;
    if (!announced.has(template.id)) writer.addTemplate(template);
    announced.add(template.id);
    flow.put(record, bytes, writer.reserve(template.id, flow.octetsOf(record)));
  }
  const decoded: Record<string, unknown>[] = [];
  const session = new TransportSession();
  session.decode(bytes.subarray(0, writer.finish(0, 0)), {
    dataSet: (set: DataSet) => decoded.push(...decodeRecords(set).map(({ record }) => record)),
  });
  expect(session.counters.malformedMessages).toBe(0);
  return decoded;
}

describe('every field', () => {
  const EXPECTED = {
    sourceIPv4Address: '10.0.0.2',
    destinationIPv4Address: '192.0.2.9',
    protocolIdentifier: 6,
    sourceTransportPort: 40_000,
    destinationTransportPort: 443,
    postNATSourceIPv4Address: '198.51.100.1',
    postNATDestinationIPv4Address: '192.0.2.10',
    postNAPTSourceTransportPort: 50_000,
    postNAPTDestinationTransportPort: 8443,
    octetDeltaCount: 1000,
    packetDeltaCount: 10,
    reverseOctetDeltaCount: 4_294_967_298,
    reversePacketDeltaCount: 20,
    octetTotalCount: 3000,
    packetTotalCount: 30,
    reverseOctetTotalCount: 4_294_967_300,
    reversePacketTotalCount: 60,
    flowStartMilliseconds: '2026-01-02T03:04:05.678Z',
    monitoringIntervalStartMilliSeconds: '2026-01-02T03:04:06.678Z',
    flowEndMilliseconds: '2026-01-02T03:04:07.178Z',
    flowId: 0xfedcba98,
    flowEndReason: 3,
    biflowDirection: 1,
    tcpState: 7,
    tcpStateHistory: 0b1011_1110,
    initiatorRoundTripMicroseconds: 456,
    responderRoundTripMicroseconds: 20_123,
    ingressInterface: 3,
    egressInterface: 4,
    ipNextHopIPv4Address: '198.51.100.254',
    sourceMacAddress: '02:00:00:00:00:01',
    postDestinationMacAddress: '02:00:00:00:00:02',
    vlanId: 10,
    postVlanId: 20,
    bgpSourceAsNumber: 64_512,
    bgpDestinationAsNumber: 4_200_000_000,
    conntrackMark: 0x80000001,
    conntrackZone: 7,
    conntrackLabels: '00000000000000000000000000000001',
    conntrackStatus: 0xc00e,
    flowOffload: 2,
    masterProtocolIdentifier: 6,
    masterSourceIPv4Address: '10.0.0.2',
    masterDestinationIPv4Address: '192.0.2.9',
    masterSourceTransportPort: 40_001,
    masterDestinationTransportPort: 21,
    ipClassOfService: 0xb8,
    conntrackHelper: 'ftp',
  };

  test('of a TCP Flow of which all is known', () => {
    expect(exported('full', knownFlow())).toEqual([EXPECTED]);
  });

  test('has its element, and its place in the full set', () => {
    expect([...PRESETS.full].sort()).toEqual(
      FLOW_FIELDS.map(field => field.name)
        .filter(name => name !== 'natEvent' && name !== 'observationTimeMilliseconds')
        .sort(),
    );
  });

  test('one that is not known is left out', () => {
    expect(Object.keys(exported('full', flow())[0])).toEqual([
      'sourceIPv4Address',
      'destinationIPv4Address',
      'protocolIdentifier',
      'sourceTransportPort',
      'destinationTransportPort',
      'flowStartMilliseconds',
      'flowEndMilliseconds',
      'flowId',
      'flowEndReason',
      'biflowDirection',
      'conntrackStatus',
      'flowOffload',
    ]);
  });
});

describe('Templates', () => {
  test('one for each kind, the same one for the same kind, and none for what the fields do not tell apart', () => {
    const templates = new FlowTemplates(parseFields('sourceIPv4Address,conntrackMark'));
    const idOf = (record: FlowRecord) => templates.templateOf(record.kind).template.id;
    const ids = [flow(), flow({ mark: 1 }), flow({ translated: true }), flow({ mark: 2 }), flow()].map(idOf);
    expect(ids).toEqual([288, 289, 288, 289, 288]);
    expect(templates.all.map(({ template }) => template.id)).toEqual([288, 289]);
  });

  test('records of helpers with names of different lengths follow each other', () => {
    const records = ['ftp', 'netbios-ns', 'sip'].map(helper => flow({ helper }));
    expect(exported('conntrackHelper,flowId', ...records).map(record => record.conntrackHelper)).toEqual([
      'ftp',
      'netbios-ns',
      'sip',
    ]);
  });
});

describe('presets', () => {
  test('nat-log tells of a translation, without counters', () => {
    const record = knownFlow();
    Object.assign(record, { natEvent: 4, observationTime: T0 + 5, zone: 0 });
    expect(exported('nat-log', record)).toEqual([
      {
        observationTimeMilliseconds: '2026-01-02T03:04:05.683Z',
        natEvent: 4,
        sourceIPv4Address: '10.0.0.2',
        destinationIPv4Address: '192.0.2.9',
        protocolIdentifier: 6,
        sourceTransportPort: 40_000,
        destinationTransportPort: 443,
        postNATSourceIPv4Address: '198.51.100.1',
        postNATDestinationIPv4Address: '192.0.2.10',
        postNAPTSourceTransportPort: 50_000,
        postNAPTDestinationTransportPort: 8443,
      },
    ]);
  });

  test('default leaves out what repeats something else', () => {
    const [record] = exported('default', knownFlow());
    expect(record).not.toHaveProperty('octetTotalCount');
    expect(record).not.toHaveProperty('conntrackStatus');
    expect(record).toHaveProperty('tcpStateHistory');
  });

  test.each([
    [
      'sourceIPv4Adress',
      'no Information Element is called "sourceIPv4Adress"; did you mean sourceIPv4Address, or sourceIPv6Address?',
    ],
    ['Octetdeltacount', '"Octetdeltacount"; did you mean octetDeltaCount, '],
    ['ful', 'no Information Element is called "ful"; did you mean full? Otherwise choose default,'],
    ['flowId,tcpControlBits', 'the kernel does not tell the probe "tcpControlBits"; choose default, full,'],
    ['flowId,,protocolIdentifier', 'empty name; choose'],
    ['', 'empty name'],
    ['natEvent,octetDeltaCount', 'mixes'],
  ])('--fields %j is refused with what is near, in a line that can be read', (text, why) => {
    expect(() => parseFields(text)).toThrow(why);
    expect(() => parseFields(text)).toThrow('nat-log');
    expect(() => parseFields(text)).not.toThrow(/.{300}/);
  });
});

// CTA_STATUS, as the kernel adds the bits: a connection in hardware (IPS_HW_OFFLOAD) is in a flowtable (IPS_OFFLOAD), too.
test.each([
  [0x018e, 0],
  [0x418e, 1],
  [0xc18e, 2],
])('offload: of CTA_STATUS %d the octet of flowOffload is %d', (status, octet) => {
  expect(exported('flowOffload,conntrackStatus', flow({ status }))).toEqual([
    { conntrackStatus: status, flowOffload: octet },
  ]);
});
