import { expect, test } from 'vitest';
import type { DataType } from './types.js';
import { decodeValue } from './value.js';

function value(type: DataType, hexOctets: string): unknown {
  const octets = hexOctets.match(/../g) ?? [];
  // Octets before and behind show that the value is taken from its place.
  const bytes = Uint8Array.from([0xee, ...octets.map(octet => Number.parseInt(octet, 16)), 0xee]);
  return decodeValue(type, bytes, 1, octets.length);
}

test.each<[DataType, string, unknown]>([
  ['unsigned8', 'ff', 255],
  ['unsigned16', '0102', 258],
  ['unsigned32', 'ffffffff', 4294967295],
  ['unsigned64', '0102', 258],
  ['unsigned64', '001fffffffffffff', 9007199254740991],
  ['unsigned64', '0020000000000000', '9007199254740992'],
  ['unsigned64', 'ffffffffffffffff', '18446744073709551615'],
  ['unsigned256', `${'00'.repeat(31)}07`, 7],
  ['unsigned256', '01'.padEnd(64, '0'), (1n << 248n).toString()],
  ['signed8', 'fe', -2],
  ['signed32', 'ffff', -1],
  ['signed64', '8000000000000000', '-9223372036854775808'],
  ['signed64', 'fffffffffffffffb', -5],
  ['float32', '3fc00000', 1.5],
  ['float64', '3ff8000000000000', 1.5],
  ['float64', '3fc00000', 1.5],
  ['float64', '7ff8000000000000', null],
  ['boolean', '01', true],
  ['boolean', '02', false],
  ['boolean', '00', 0],
  ['macAddress', '001122aabbcc', '00:11:22:aa:bb:cc'],
  ['ipv4Address', 'c0000201', '192.0.2.1'],
  ['octetArray', '00ff', '00ff'],
  ['subTemplateMultiList', '03c0', '03c0'],
  ['octetArray', '', ''],
])('%s %s is %s', (type, octets, expected) => {
  expect(value(type, octets)).toEqual(expected);
});

test.each<[string, string]>([
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000010000000000000000', '2001:db8:0:1::'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['20010000000000010000000000000001', '2001:0:0:1::1'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
])('ipv6Address %s is %s (RFC 5952)', (octets, text) => {
  expect(value('ipv6Address', octets)).toBe(text);
});

test.each<[DataType, string, string]>([
  ['dateTimeSeconds', '68000000', '2025-04-16T19:07:44Z'],
  ['dateTimeMilliseconds', '0000019640000001', '2025-04-16T19:07:44.001Z'],
  ['dateTimeMilliseconds', 'ffffffffffffffff', '18446744073709551615'],
  // .5 s; the low 11 bits count for nanoseconds only (RFC 7011 section 6.1.9).
  ['dateTimeMicroseconds', 'eb000000800007ff', '2024-12-08T11:22:40.500000Z'],
  ['dateTimeNanoseconds', 'eb00000080000005', '2024-12-08T11:22:40.500000001Z'],
  // Just below the next second: rounding carries.
  ['dateTimeNanoseconds', 'eb000000ffffffff', '2024-12-08T11:22:41.000000000Z'],
  // The era that begins in 2036.
  ['dateTimeMicroseconds', '0000000100000000', '2036-02-07T06:28:17.000000Z'],
])('%s %s is %s', (type, octets, text) => {
  expect(value(type, octets)).toBe(text);
});

test.each<[string, string]>([
  ['65746830000000', 'eth0'],
  ['c3a4e282acf09f988a', 'ä€😊'],
  ['41ff42', 'A\ufffdB'],
  ['c080', '\ufffd\ufffd'],
  ['eda080', '\ufffd\ufffd\ufffd'],
  ['e282', '\ufffd\ufffd'],
  ['f4908080', '\ufffd\ufffd\ufffd\ufffd'],
])('string %s is %s', (octets, text) => {
  expect(value('string', octets)).toBe(text);
});

test.each<[DataType, string]>([
  ['ipv4Address', 'c00002'],
  ['ipv6Address', 'c0000201'],
  ['unsigned32', '010203040506070809'],
  ['dateTimeMilliseconds', '0001'],
  ['macAddress', '0011'],
  ['boolean', '0101'],
])('%s cannot be %s, which stays hex', (type, octets) => {
  expect(value(type, octets)).toBe(octets);
});

test.each<DataType>(['unsigned32', 'ipv4Address', 'float64', 'boolean', 'dateTimeSeconds'])(
  '%s of no octets is null',
  type => {
    expect(value(type, '')).toBeNull();
  },
);
