import { fieldsOf, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import type { FlowRecord } from '../metering/flow-record.js';
import { counterWords } from '../metering/testing/records.js';
import { NetflowV9Encoder } from './netflow-v9.js';
import { haveNfdump, haveTshark, nfdump, tshark } from './testing/netflow-collectors.js';
import { decode, ManualClock, messagesOf, pingFlow, sum, T0, tcpFlow, udp6Flow } from './testing/netflow-records.js';

function exporter(domain = 70_001) {
  const clock = new ManualClock();
  return { clock, encoder: new NetflowV9Encoder(domain, clock) };
}

const path: Partial<FlowRecord> = {
  ingressInterface: 2,
  egressInterface: 3,
  hasNextHop: true,
  nextHop: Uint8Array.of(203, 0, 113, 1, ...new Array<number>(12).fill(0)),
  hasSourceMac: true,
  sourceMac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  hasDestinationMac: true,
  destinationMac: Uint8Array.of(2, 0, 0, 0, 0, 2),
  ingressVlan: 17,
  sourceAs: 4_200_000_000,
  classOfService: 0,
};

test('a Biflow is a record for each direction, the second turned round', () => {
  const { clock, encoder } = exporter();
  const { records, headers, diagnostics, wrong } = decode(messagesOf(encoder, clock, [tcpFlow(path)]));
  expect([diagnostics, wrong]).toEqual([[], 0]);
  expect(headers).toMatchObject([{ version: 9, observationDomainId: 70_001, sequence: 0 }]);
  const both = { protocolIdentifier: 6, start: T0 - 5000, end: T0 - 1000, flowEndReason: 3 };
  expect(records).toEqual([
    {
      sourceIPv4Address: '10.0.0.2',
      destinationIPv4Address: '192.0.2.9',
      sourceTransportPort: 40_000,
      destinationTransportPort: 443,
      postNATSourceIPv4Address: '198.51.100.1',
      postNATDestinationIPv4Address: '192.0.2.9',
      postNAPTSourceTransportPort: 50_000,
      postNAPTDestinationTransportPort: 443,
      octetDeltaCount: 2500,
      packetDeltaCount: 10,
      ingressInterface: 2,
      egressInterface: 3,
      ipNextHopIPv4Address: '203.0.113.1',
      sourceMacAddress: '02:00:00:00:00:01',
      postDestinationMacAddress: '02:00:00:00:00:02',
      vlanId: 17,
      bgpSourceAsNumber: 4_200_000_000,
      ipClassOfService: 0,
      ...both,
    },
    {
      sourceIPv4Address: '192.0.2.9',
      destinationIPv4Address: '10.0.0.2',
      sourceTransportPort: 443,
      destinationTransportPort: 40_000,
      postNATSourceIPv4Address: '192.0.2.9',
      postNATDestinationIPv4Address: '198.51.100.1',
      postNAPTSourceTransportPort: 443,
      postNAPTDestinationTransportPort: 50_000,
      octetDeltaCount: 2 ** 32 + 7,
      packetDeltaCount: 20,
      ingressInterface: 3,
      egressInterface: 2,
      sourceMacAddress: '02:00:00:00:00:02',
      postDestinationMacAddress: '02:00:00:00:00:01',
      postVlanId: 17,
      bgpDestinationAsNumber: 4_200_000_000,
      ...both,
    },
  ]);
  expect(encoder.records).toBe(2);
});

test('what is not known is left out', () => {
  const { clock, encoder } = exporter();
  const flows = [
    tcpFlow({ hasCounters: false, start: Number.NaN, translated: false, hasPorts: false }),
    pingFlow(),
    udp6Flow(),
    tcpFlow({ protocol: 47, hasPorts: true, translated: false }),
  ];
  const { records } = decode(messagesOf(encoder, clock, flows));
  expect(records[0]).toEqual({
    sourceIPv4Address: '10.0.0.2',
    destinationIPv4Address: '192.0.2.9',
    protocolIdentifier: 6,
    end: T0 - 1000,
    flowEndReason: 3,
  });
  expect(records.slice(1)).toMatchObject([
    { icmpTypeCodeIPv4: 0x0800, octetDeltaCount: 84 },
    { icmpTypeCodeIPv4: 0, octetDeltaCount: 84 },
    { sourceIPv6Address: '2001:db8::', destinationIPv6Address: '2001:db8:100::', octetDeltaCount: 80 },
    { sourceIPv6Address: '2001:db8:100::', destinationTransportPort: 5353, octetDeltaCount: 160 },
    { protocolIdentifier: 47 },
    { protocolIdentifier: 47 },
  ]);
  expect(records[5]).not.toHaveProperty('sourceTransportPort');
});

test('a direction without traffic has no record, but an end without traffic has one', () => {
  const { clock, encoder } = exporter();
  const flows = [tcpFlow(), tcpFlow(), tcpFlow()];
  flows[0]!.counters.set(counterWords(60, 0, 1, 0, 0, 0, 0, 0));
  flows[1]!.counters.set(counterWords(0, 0, 0, 0, 60, 0, 1, 0));
  flows[2]!.counters.fill(0);
  const { records } = decode(messagesOf(encoder, clock, flows));
  expect(records.map(record => [record.sourceIPv4Address, record.octetDeltaCount])).toEqual([
    ['10.0.0.2', 60],
    ['192.0.2.9', 60],
    ['10.0.0.2', 0],
  ]);
});

test('a record of a translation has its event and time, and no traffic', () => {
  const { clock, encoder } = exporter();
  const { records } = decode(messagesOf(encoder, clock, [tcpFlow({ natEvent: 4 })]));
  expect(records).toEqual([
    {
      sourceIPv4Address: '10.0.0.2',
      destinationIPv4Address: '192.0.2.9',
      protocolIdentifier: 6,
      sourceTransportPort: 40_000,
      destinationTransportPort: 443,
      postNATSourceIPv4Address: '198.51.100.1',
      postNATDestinationIPv4Address: '192.0.2.9',
      postNAPTSourceTransportPort: 50_000,
      postNAPTDestinationTransportPort: 443,
      natEvent: 4,
      observationTimeMilliseconds: '2026-01-02T03:04:04.678Z',
    },
  ]);
});

test('datagrams of any size hold whole Flows, are counted in the sequence, and name Templates once', () => {
  for (const octets of [512, 600, 1400, 9000]) {
    const { clock, encoder } = exporter();
    const flows = Array.from(
      { length: 300 },
      (_, i) => [tcpFlow({ flowId: i, ...path }), udp6Flow(), pingFlow()][i % 3]!,
    );
    const messages = messagesOf(encoder, clock, flows, octets);
    const { records, headers, diagnostics, wrong } = decode(messages);
    expect([diagnostics, wrong, records.length]).toEqual([[], 0, 600]);
    expect(headers.map(header => header.sequence)).toEqual(messages.map((_, i) => i));
    expect(messages.every(message => message.length <= octets && message.length % 4 === 0)).toBe(true);
    expect(sum(records, 'octetDeltaCount')).toBe(100 * (2500 + 2 ** 32 + 7 + 240 + 168));
    expect(encoder.templateCount).toBe(4);
  }
});

test('Templates can be told again', () => {
  const { clock, encoder } = exporter();
  messagesOf(encoder, clock, [tcpFlow(path), udp6Flow()]);
  const bytes = new Uint8Array(1400);
  encoder.begin(bytes);
  for (let i = 0; i < encoder.templateCount; i++) expect(encoder.addTemplate(i)).toBe(true);
  const templates = bytes.slice(0, encoder.finish(T0));
  const late = decode([templates, ...messagesOf(encoder, clock, [tcpFlow(path), udp6Flow()])]);
  expect([late.records.length, late.wrong]).toEqual([4, 0]);
  encoder.begin(new Uint8Array(60));
  expect(encoder.addTemplate(0)).toBe(false);
  expect(encoder.finish(T0)).toBe(0);
});

describe('options', () => {
  const interfaces = {
    id: 600,
    scopeFieldCount: 2,
    fields: fieldsOf(['observationDomainId', 'ingressInterface', 'interfaceName', 'interfaceDescription']),
  };
  const statistics = {
    id: 601,
    scopeFieldCount: 1,
    fields: fieldsOf(['observationDomainId', 'exportedFlowRecordTotalCount', 'conntrackEntryCount']),
  };
  const keys = { id: 602, scopeFieldCount: 1, fields: fieldsOf(['templateId', 'flowKeyIndicator']) };
  const privates = { id: 603, scopeFieldCount: 1, fields: fieldsOf(['observationDomainId', 'conntrackEntryCount']) };

  test('interfaces and statistics are carried, what has no form in NetFlow v9 is not', () => {
    const { clock, encoder } = exporter();
    const bytes = new Uint8Array(1400);
    encoder.begin(bytes);
    const description = `uplink ${'\u00fc'.repeat(100)}`;
    const values = { observationDomainId: 70_001, interfaceName: 'eth0', interfaceDescription: description };
    expect(encoder.addOptions({ template: interfaces, values: { ...values, ingressInterface: 2 } })).toBe(true);
    expect(encoder.addOptions({ template: interfaces, values: { ...values, ingressInterface: 3 } })).toBe(true);
    const counts = { observationDomainId: 70_001, exportedFlowRecordTotalCount: 12n, conntrackEntryCount: 4 };
    expect(encoder.addOptions({ template: statistics, values: counts })).toBe(true);
    expect(encoder.addOptions({ template: keys, values: { templateId: 256, flowKeyIndicator: 1n } })).toBe(true);
    expect(encoder.addOptions({ template: privates, values: counts })).toBe(true);
    const session = new TransportSession();
    const { records, diagnostics } = decode([bytes.slice(0, encoder.finish(clock.wall()))], session);
    const scope = { exportingProcessId: 70_001 & 0xffff };
    expect(diagnostics).toEqual([]);
    expect(records).toEqual([
      { scope, ingressInterface: 2, interfaceName: 'eth0', interfaceDescription: description.slice(0, 21) },
      { scope, ingressInterface: 3, interfaceName: 'eth0', interfaceDescription: description.slice(0, 21) },
      { scope, exportedFlowRecordTotalCount: 12 },
    ]);
    expect([encoder.templateCount, encoder.records]).toEqual([2, 3]);
    expect(messagesOf(encoder, clock, [tcpFlow()])).toHaveLength(1);
    expect(encoder.templateCount).toBe(3);
  });

  test('where they do not fit, nothing is written', () => {
    const { encoder } = exporter();
    encoder.begin(new Uint8Array(100));
    const values = { observationDomainId: 1, ingressInterface: 2, interfaceName: 'eth0', interfaceDescription: '' };
    expect(encoder.addOptions({ template: interfaces, values })).toBe(false);
    expect(encoder.finish(T0)).toBe(0);
  });
});

describe('collectors of others', () => {
  const flows = [tcpFlow(path), udp6Flow(path), pingFlow(), ...Array.from({ length: 40 }, () => tcpFlow())];
  const octets = 41 * (2500 + 2 ** 32 + 7) + 240 + 168;

  function messages(): Uint8Array[] {
    const { clock, encoder } = exporter();
    return messagesOf(encoder, clock, flows);
  }

  test.skipIf(!haveTshark)('tshark reads the same', () => {
    const fields = [
      'cflow.octets',
      'cflow.version',
      'cflow.srcaddr',
      'cflow.timestart',
      'cflow.post_natsource_ipv4_address',
    ];
    const rows = tshark(messages(), [...fields, 'cflow.srcmac', '_ws.malformed', 'cflow.no_flow_information']);
    const total = rows
      .flatMap(([values]) => (values ? values.split(',') : []))
      .reduce((all, value) => all + Number(value), 0);
    expect(total).toBe(octets);
    expect(rows.every(row => row[1] === '9' && !row[6] && !row[7])).toBe(true);
    expect(rows[0]![2]!.split(',').slice(0, 2)).toEqual(['10.0.0.2', '192.0.2.9']);
    // Seconds since the exporter's start, 24.8 days before the test's.
    expect(Number(rows[0]![3]!.split(',')[0])).toBe((2 ** 31 - 5000) / 1000);
    expect(rows[0]![4]!.split(',')[0]).toBe('198.51.100.1');
  });

  test.skipIf(!haveNfdump)('nfdump reads the same', async () => {
    const rows = await nfdump(messages(), '%sa|%da|%sp|%dp|%byt|%pkt|%ts|%te|%in|%out|%nh|%nsa|%nsp');
    expect(rows).toHaveLength(2 * flows.length);
    expect(rows.reduce((total, row) => total + Number(row[4]), 0)).toBe(octets);
    expect(rows.reduce((total, row) => total + Number(row[5]), 0)).toBe(41 * 30 + 4);
    expect(rows[0]).toEqual([
      '10.0.0.2',
      '192.0.2.9',
      '40000',
      '443',
      '2500',
      '10',
      '2026-01-02 03:04:00.678',
      '2026-01-02 03:04:04.678',
      '2',
      '3',
      '203.0.113.1',
      '198.51.100.1',
      '50000',
    ]);
  });
});
