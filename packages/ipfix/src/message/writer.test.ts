import { describe, expect, test } from 'vitest';
import { fieldsOf, layoutOf, type Template } from '../template/template.js';
import { Recorder } from '../testing/messages.js';
import { needTshark, tshark, tsharkFields } from '../testing/tshark.js';
import { decodeRecords, recordCount } from './records.js';
import { TransportSession } from './session.js';
import { MessageWriter } from './writer.js';

const FLOWS: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf(['sourceIPv4Address', 'protocolIdentifier', ['octetDeltaCount', 4], 'reverseOctetDeltaCount']),
};
const STATISTICS: Template = {
  id: 257,
  scopeFieldCount: 1,
  fields: fieldsOf(['observationDomainId', 'conntrackEntryCount']),
};

function putFlow(buffer: Uint8Array, at: number, last: number): void {
  buffer.set([192, 0, 2, last, 6, 0, 0, 1, last, 0, 0, 0, 0, 0, 0, 2, last], at);
}

/** Two Data Records of FLOWS around one of STATISTICS. */
function example(writer: MessageWriter, buffer: Uint8Array): Uint8Array {
  writer.begin(7);
  expect(writer.addTemplate(FLOWS) && writer.addTemplate(STATISTICS)).toBe(true);
  putFlow(buffer, writer.reserve(256, 17), 1);
  buffer.set([0, 0, 0, 7, 0, 1, 0, 0], writer.reserve(257, 8));
  putFlow(buffer, writer.reserve(256, 17), 2);
  expect(writer.records).toBe(3);
  const length = writer.finish(1_800_000_000, 41);
  expect(length).toBe(writer.length);
  return buffer.slice(0, length);
}

test('writes what the decoder reads', () => {
  const buffer = new Uint8Array(1400);
  const recorder = new Recorder();
  const session = new TransportSession();
  session.decode(example(new MessageWriter(buffer), buffer), recorder);
  expect(recorder.events).toEqual(['template 7:256', 'template 7:257', 'data 256', 'data 257', 'data 256']);
  expect(recorder.sets.map(set => set.template)).toEqual([FLOWS, STATISTICS, FLOWS]);
  expect(recorder.sets[0]!.header).toEqual({
    version: 10,
    length: recorder.sets[0]!.bytes.length,
    exportTime: 1_800_000_000,
    sequence: 41,
    observationDomainId: 7,
  });
  expect(recorder.sets.flatMap(set => decodeRecords(set))).toEqual([
    {
      record: {
        sourceIPv4Address: '192.0.2.1',
        protocolIdentifier: 6,
        octetDeltaCount: 257,
        reverseOctetDeltaCount: 513,
      },
    },
    { scope: { observationDomainId: 7 }, record: { conntrackEntryCount: 65536 } },
    {
      record: {
        sourceIPv4Address: '192.0.2.2',
        protocolIdentifier: 6,
        octetDeltaCount: 258,
        reverseOctetDeltaCount: 514,
      },
    },
  ]);
  expect(session.counters).toMatchObject({ messages: 1, records: 3, templates: 2, malformedMessages: 0 });
});

test('continues an open Set, and the same buffer serves the next Message', () => {
  const buffer = new Uint8Array(100);
  const writer = new MessageWriter(buffer);
  writer.begin(7);
  writer.reserve(300, 5);
  writer.begin(8);
  expect([writer.records, writer.length]).toEqual([0, 16]);
  expect([writer.reserve(256, 10), writer.reserve(256, 10)]).toEqual([20, 30]);
  expect(writer.finish(1, 2 ** 32 - 1)).toBe(40);
  expect([...buffer.subarray(0, 20)]).toEqual([0, 10, 0, 40, 0, 0, 0, 1, 255, 255, 255, 255, 0, 0, 0, 8, 1, 0, 0, 24]);
});

test('says where something does not fit, and leaves the Message as it was', () => {
  const buffer = new Uint8Array(1400).fill(0xaa);
  const writer = new MessageWriter(buffer, 16 + 4 + 12);
  writer.begin(1);
  expect(writer.addTemplate(FLOWS)).toBe(false);
  expect(writer.reserve(256, 13)).toBe(-1);
  expect([writer.length, writer.records]).toEqual([16, 0]);
  expect(writer.reserve(256, 12)).toBe(20);
  expect(writer.reserve(256, 1)).toBe(-1);
  expect(writer.reserve(257, 0)).toBe(-1);
  expect(writer.finish(0, 0)).toBe(32);
  expect(buffer[32]).toBe(0xaa);
});

test('an exactly full Message of the largest size counts its records', () => {
  const buffer = new Uint8Array(70000);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate({ id: 300, scopeFieldCount: 0, fields: fieldsOf(['protocolIdentifier']) });
  while (writer.reserve(300, 1) >= 0);
  expect(writer.length).toBe(65535);
  const recorder = new Recorder();
  new TransportSession().decode(buffer.subarray(0, writer.finish(0, 0)), recorder);
  expect(recordCount(recorder.sets[0]!)).toBe(writer.records);
});

test('tshark reads it without complaint', context => {
  needTshark(context);
  const buffer = new Uint8Array(1400);
  const message = example(new MessageWriter(buffer), buffer);
  const values = tsharkFields([message], ['cflow.srcaddr', 'cflow.octets', 'cflow.od_id', 'cflow.sequence']);
  expect(Object.fromEntries(values)).toEqual({
    'cflow.srcaddr': ['192.0.2.1', '192.0.2.2'],
    'cflow.octets': ['257', '513', '258', '514'],
    'cflow.od_id': ['7', '7'],
    'cflow.sequence': ['41'],
  });
  const text = tshark([message], '-V').join('\n');
  expect(text).toContain('Octets: 513 (Reverse');
  expect(text).not.toMatch(/malformed|no template|expert info/i);
});

describe('Templates', () => {
  test('fieldsOf takes natural lengths where none is given', () => {
    expect(fieldsOf(['octetDeltaCount', ['packetDeltaCount', 4], 'interfaceName', 'reversePacketDeltaCount'])).toEqual([
      { id: 1, enterprise: 0, length: 8 },
      { id: 2, enterprise: 0, length: 4 },
      { id: 82, enterprise: 0, length: 65535 },
      { id: 2, enterprise: 29305, length: 8 },
    ]);
  });

  test('fieldsOf says which name it does not know', () => {
    expect(() => fieldsOf(['octets'])).toThrow('no Information Element is called "octets"');
  });

  test.each(['reverseFlowId', 'reverseExporterIPv4Address', 'reverseBiflowDirection', 'reversePaddingOctets'])(
    'fieldsOf refuses %s, which has no direction (RFC 5103 section 6.1)',
    name => {
      expect(() => fieldsOf([name])).toThrow(`${name} must not be exported`);
    },
  );

  test('layoutOf gives offsets and lengths', () => {
    expect(layoutOf(FLOWS)).toEqual({ fixedLength: 17, minimumLength: 17, offsets: [0, 4, 5, 9], gaps: [17] });
    const variable = { ...FLOWS, fields: fieldsOf(['protocolIdentifier', 'interfaceName', 'octetDeltaCount']) };
    expect(layoutOf(variable)).toMatchObject({ fixedLength: 0, minimumLength: 10, gaps: [1, 8] });
  });
});
