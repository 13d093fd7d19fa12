import { expect, test } from 'vitest';
import { type ReadLine, RecordReader } from './record-reader.js';

const key = {
  protocolIdentifier: 6,
  sourceIPv4Address: '10.77.1.2',
  sourceTransportPort: 40_000,
  destinationIPv4Address: '10.77.2.2',
  destinationTransportPort: 80,
};

const exportTime = '2026-01-02T03:04:09Z';

function read(lines: Omit<ReadLine, 'exportTime'>[], boots?: Map<number, number>) {
  const reader = new RecordReader(boots);
  for (const line of lines) reader.take({ exportTime, ...line });
  return reader.finish();
}

test('a Biflow with delta counters and milliseconds', () => {
  const counters = { octetDeltaCount: 100, packetDeltaCount: 2, reverseOctetDeltaCount: 0, reversePacketDeltaCount: 0 };
  const times = { flowStartMilliseconds: '2026-01-02T03:04:05.678Z', flowEndMilliseconds: '2026-01-02T03:04:06.000Z' };
  expect(read([{ record: { ...key, ...counters, ...times, flowEndReason: 3 } }])).toEqual([
    {
      protocol: 6,
      source: '10.77.1.2',
      sourcePort: 40_000,
      destination: '10.77.2.2',
      destinationPort: 80,
      octets: 100,
      packets: 2,
      reverseOctets: 0,
      reversePackets: 0,
      start: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      end: Date.UTC(2026, 0, 2, 3, 4, 6),
      endReason: 3,
    },
  ]);
});

test('total counters are told by their growth, and begin anew after an end', () => {
  const line = (octetTotalCount: number, flowEndReason: number) => ({
    record: { ...key, octetTotalCount, flowEndReason },
  });
  const found = read([line(100, 2), line(250, 2), line(260, 3), line(300, 3)]);
  expect(found.map(({ octets }) => octets)).toEqual([100, 150, 10, 300]);
  expect(found[0]).not.toHaveProperty('packets');
});

test.each([
  ['flowStartSeconds', '2026-01-02T03:04:05Z', 5000],
  ['flowStartMicroseconds', '2026-01-02T03:04:05.123456Z', 5123.456],
  ['flowStartNanoseconds', '2026-01-02T03:04:05.123456789Z', 5123.456789],
])('%s', (name, text, milliseconds) => {
  const [found] = read([{ record: { ...key, [name]: text } }]);
  expect(found!.start! - Date.UTC(2026, 0, 2, 3, 4)).toBeCloseTo(milliseconds, 2);
});

test('times since sysUpTime was 0: of the record, of later Options Data, or of the header of NetFlow', () => {
  const up = { flowStartSysUpTime: 1000, flowEndSysUpTime: 2500 };
  const boot = '2026-01-02T03:04:05.000Z';
  const at = Date.parse(boot);
  const options = { scope: { observationDomainId: 0 }, record: { systemInitTimeMilliseconds: boot } };
  const times = { start: at + 1000, end: at + 2500 };
  expect(read([{ record: { ...key, ...up, systemInitTimeMilliseconds: boot } }])).toMatchObject([times]);
  expect(read([{ record: { ...key, ...up } }, options])).toMatchObject([times]);
  const byHeader = new Map([[Date.parse(exportTime) / 1000, at]]);
  expect(read([{ record: { ...key, ...up } }], byHeader)).toMatchObject([times]);
  expect(read([{ record: { ...key, ...up } }])[0]).not.toHaveProperty('start');
});

test('ICMP has no ports, but a type', () => {
  const icmp = { ...key, protocolIdentifier: 1, sourceTransportPort: 0, destinationTransportPort: 3 * 256 + 1 };
  expect(read([{ record: icmp }])).toMatchObject([{ sourcePort: 0, destinationPort: 0, icmpType: 3 }]);
  const own = { ...key, protocolIdentifier: 1, icmpTypeCodeIPv4: 2048, destinationTransportPort: undefined };
  expect(read([{ record: own }])).toMatchObject([{ sourcePort: 0, destinationPort: 0, icmpType: 8 }]);
});

test('what tells of no flow is left out', () => {
  expect(read([{ record: { packetDeltaCount: 5 } }, { scope: {}, record: key }])).toEqual([]);
});
