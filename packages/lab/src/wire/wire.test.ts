import { expect, test } from 'vitest';
import {
  dataRecord,
  dataSet,
  message,
  set,
  templateRecord,
  templateSet,
  u16,
  variable,
  withdrawalSet,
} from './build.js';
import { isLegalLength } from './elements.js';
import { MessageReader, readUnsigned, valueAt } from './read.js';
import { enterpriseField, field, fieldName, reverse } from './template.js';
import { bigEndian, encodeValue } from './value.js';

const flow = {
  id: 256,
  fields: [
    field('sourceIPv4Address'),
    field('octetDeltaCount', 3),
    reverse('octetDeltaCount', 2),
    field('interfaceName'),
  ],
};

test('a Message is the octets of RFC 7011 sections 3.1 to 3.4', () => {
  const bytes = message(
    { exportTime: 0x01020304, sequence: 0x05060708, domain: 0x090a0b0c },
    templateSet(flow),
    dataSet(flow, [['198.18.0.1', 0x010203, 4, 'eth0']], 1),
  );
  expect(bytes.toString('hex')).toBe(
    [
      '000a003f' + '01020304' + '05060708' + '090a0b0c', // Message Header, 63 octets
      '0002' + '001c' + '0100' + '0004', // Template Set, Template 256 of 4 fields
      '0008' + '0004', // sourceIPv4Address
      '0001' + '0003', // octetDeltaCount, reduced
      '8001' + '0002' + '00007279', // its reverse, PEN 29305
      '0052' + 'ffff', // interfaceName, of variable length
      '0100' + '0013' + 'c6120001' + '010203' + '0004' + '04' + '65746830',
      '00', // padding
    ].join(''),
  );
});

test('an Options Template tells its scope, a withdrawal has no field', () => {
  const options = { id: 257, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };
  expect(templateSet(options).toString('hex')).toBe('0003001201010002' + '0001' + '00910002' + '00ad0008');
  expect(withdrawalSet(2, 256, 300).toString('hex')).toBe('0002000c' + '01000000' + '012c0000');
});

test('values are encoded by their types', () => {
  expect(encodeValue(field('sourceIPv6Address'), '2001:db8::1').toString('hex')).toBe(
    '20010db8000000000000000000000001',
  );
  expect(encodeValue(field('sourceMacAddress'), '02:00:00:00:00:01').toString('hex')).toBe('020000000001');
  expect(encodeValue(field('dataRecordsReliability'), false).toString('hex')).toBe('02');
  expect(encodeValue(field('flowStartSeconds'), 1_000).toString('hex')).toBe('00000001');
  expect(encodeValue(field('flowStartMicroseconds'), 500).toString('hex')).toBe('83aa7e80' + '80000000');
  expect(encodeValue(field('samplingProbability', 4), 0.5).toString('hex')).toBe('3f000000');
  expect(bigEndian(-2n, 3).toString('hex')).toBe('fffffe');
  expect(variable(Buffer.from('a'), true).toString('hex')).toBe('ff000161');
  expect(variable(Buffer.alloc(255)).subarray(0, 4).toString('hex')).toBe('ff00ff00');
});

test('what was built is read back, each value at its place', () => {
  const reader = new MessageReader(true);
  const bytes = message(
    {},
    templateSet(flow),
    dataSet(
      flow,
      [
        ['198.18.0.1', 7, 4, 'a'],
        ['198.18.0.2', 9, 5, ''],
      ],
      2,
    ),
  );
  const { faults, sets } = reader.read(bytes);
  expect(faults).toEqual([]);
  expect(sets.map(({ id }) => id)).toEqual([2, 256]);
  const [first, second] = sets[1]!.records;
  expect(readUnsigned(bytes, valueAt(first!, 'octetDeltaCount')!)).toBe(7n);
  expect(readUnsigned(bytes, valueAt(second!, 'reverseOctetDeltaCount')!)).toBe(5n);
  expect(valueAt(first!, 'interfaceName')).toMatchObject({ length: 1 });
  expect(sets[1]!.padding.length).toBe(2);
});

test.each([
  ['version', message({ version: 9 })],
  ['length', message({ length: 17 })],
  ['length', Buffer.alloc(7)],
  ['set-length', message({}, set(2, Buffer.alloc(4), 9))],
  ['set-length', message({}, set(256, Buffer.alloc(0), 3))],
  ['set-length', message({}, Buffer.from([1, 0]))],
  ['set-id', message({}, set(4, Buffer.alloc(8)))],
  ['template-first', message({}, dataSet(flow, [['198.18.0.1', 0, 0, '']]))],
  ['template-id', message({}, templateSet({ ...flow, id: 255 }))],
  ['template-id', message({}, withdrawalSet(2, 3))],
  ['template-length', message({}, set(2, Buffer.concat([u16(256), u16(5), templateRecord(flow).subarray(4)])))],
  ['scope-count', message({}, templateSet({ id: 256, scopes: 0, fields: [field('templateId')] }))],
  ['scope-count', message({}, templateSet({ id: 256, scopes: 2, fields: [field('templateId')] }))],
  ['record', message({}, templateSet(flow), set(256, dataRecord(flow, ['198.18.0.1', 0, 0, 'long']).subarray(0, -1)))],
])('a Message that breaks the rule "%s" is found out', (rule, bytes) => {
  expect(new MessageReader(false).read(bytes).faults.map(each => each.rule)).toEqual([rule]);
});

test('a withdrawal takes effect over a connection, and not over UDP', () => {
  const messages = [message({}, templateSet(flow)), message({}, withdrawalSet(2, 2))];
  const [stream, datagrams] = [new MessageReader(false), new MessageReader(true)];
  for (const each of messages) for (const reader of [stream, datagrams]) reader.read(each);
  expect(stream.template(0, 256)).toBeUndefined();
  expect(datagrams.template(0, 256)).toBeDefined();
});

test('elements have names and the lengths that their types may have', () => {
  expect(fieldName(reverse('octetDeltaCount'))).toBe('reverseOctetDeltaCount');
  expect(fieldName(enterpriseField(32473, 1, 4))).toBe('32473:1');
  expect(isLegalLength('unsigned64', 3)).toBe(true);
  expect(isLegalLength('ipv4Address', 3)).toBe(false);
  expect(isLegalLength('dateTimeMilliseconds', 4)).toBe(false);
  expect(isLegalLength('float64', 4)).toBe(true);
  expect(isLegalLength('unsigned8', 0)).toBe(false);
});
