import { describe, expect, test } from 'vitest';
import { TransportSession } from '../message/session.js';
import { MessageWriter } from '../message/writer.js';
import { column } from '../testing/columns.js';
import { Recorder } from '../testing/messages.js';
import { randomFrom } from '../testing/mutate.js';
import type { Binding } from './column.js';
import { compileColumnsEncoder, portableEncoder } from './columns-encoder.js';
import { compileDecoder } from './decoder.js';
import type { ColumnKind } from './kinds.js';
import { fieldsOf, layoutOf, type Template } from './template.js';

const ENCODERS = [
  ['portable', portableEncoder],
  ['generated', compileColumnsEncoder],
] as const;

type Field = string | readonly [string, number];

function templateOf(...fields: Field[]): Template {
  return { id: 256, scopeFieldCount: 0, fields: fieldsOf(fields) };
}

function octetsOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map(octet => Number.parseInt(octet, 16));
}

/** Every kind at its natural length, reduced sizes, and variable length: column kinds beside. */
const PAIRS: readonly (readonly [Field, ColumnKind])[] = [
  ['protocolIdentifier', 'unsigned8'],
  ['sourceTransportPort', 'unsigned16'],
  ['ingressInterface', 'unsigned32'],
  ['octetDeltaCount', 'unsigned64'],
  [['packetDeltaCount', 5], 'unsigned64'],
  [['egressInterface', 3], 'unsigned32'],
  [['vlanId', 7], 'unsigned64'],
  ['mibObjectValueInteger', 'signed32'],
  [['mibObjectValueInteger', 2], 'signed64'],
  ['samplingProbability', 'float64'],
  [['absoluteError', 4], 'float32'],
  ['flowStartMilliseconds', 'milliseconds'],
  ['flowStartSeconds', 'milliseconds'],
  ['sourceIPv4Address', 'address'],
  ['destinationIPv6Address', 'address'],
  ['sourceMacAddress', 'mac'],
];
const everyKind = templateOf(...PAIRS.map(([field]) => field));

function bindingsOf(rows: number): Binding[] {
  return PAIRS.map(([, kind], field) => ({ field, column: column(kind, rows) }));
}

/** Octets without NaN, whose bits may change, and without times beyond what a double holds. */
function randomRecords(count: number): Uint8Array {
  const random = randomFrom(7011);
  const { fixedLength, offsets } = layoutOf(everyKind);
  const bytes = Uint8Array.from({ length: count * fixedLength }, () => random(256));
  for (let at = 0; at < bytes.length; at += fixedLength) {
    for (const i of [9, 10]) bytes[at + offsets[i]!] = 0x3f;
    bytes[at + offsets[11]!] = 0;
  }
  return bytes;
}

describe.each(ENCODERS)('%s', (_name, compile) => {
  test('what was decoded is encoded to the same octets, in any part of a buffer', () => {
    const bytes = randomRecords(100);
    const bindings = bindingsOf(110);
    expect(compileDecoder(everyKind, bindings).decode(bytes, 0, bytes.length, 10, 100)).toBe(100);
    const encoder = compile(everyKind, bindings);
    expect(encoder.recordLength).toBe(layoutOf(everyKind).fixedLength);
    const buffer = new Uint8Array(bytes.length + 20).fill(0xee);
    const part = buffer.subarray(3);
    expect(encoder.encode(10, 60, part, 4)).toBe(60);
    expect(encoder.encode(70, 1000, part, 4 + 60 * encoder.recordLength, 4 + bytes.length)).toBe(40);
    expect(buffer.subarray(7, 7 + bytes.length)).toEqual(bytes);
    expect([...buffer.subarray(0, 7), ...buffer.subarray(7 + bytes.length)]).toEqual(Array(20).fill(0xee));
  });

  test.each<[Field, ColumnKind, string, string]>([
    // Column, little-endian -> wire. Too large for the field: the largest.
    [['octetDeltaCount', 2], 'unsigned64', '0001000000000000', '0100'],
    [['octetDeltaCount', 2], 'unsigned64', '0000010000000000', 'ffff'],
    [['octetDeltaCount', 8], 'unsigned16', '0201', '0000000000000102'],
    [['octetDeltaCount', 4], 'unsigned64', '0403020100000000', '01020304'],
    [['octetDeltaCount', 4], 'unsigned64', '0000000001000000', 'ffffffff'],
    ['sourceMacAddress', 'mac', '0605040302010000', '010203040506'],
    [['mibObjectValueInteger', 1], 'signed32', '80ffffff', '80'],
    [['mibObjectValueInteger', 1], 'signed32', '7fffffff', '80'],
    [['mibObjectValueInteger', 1], 'signed32', '80000000', '7f'],
    [['mibObjectValueInteger', 4], 'signed8', 'fe', 'fffffffe'],
    ['samplingProbability', 'float32', '0000c03f', '3ff8000000000000'],
    ['dataRecordsReliability', 'boolean', '01', '01'],
    ['dataRecordsReliability', 'boolean', '00', '02'],
    ['flowStartSeconds', 'milliseconds', 'ffffffffffffffff', '00000000'],
    ['flowStartSeconds', 'milliseconds', '0000000000000100', 'ffffffff'],
    // Not IPv4-mapped.
    ['sourceIPv4Address', 'address', '20010db8000000000000000000000001', '00000000'],
    // Variable length: the natural length behind its octet.
    [['octetDeltaCount', 65535], 'unsigned64', '0807060504030201', '080102030405060708'],
    // No column can give it.
    [['interfaceName', 3], 'unsigned8', '07', '000000'],
    ['interfaceName', 'unsigned8', '07', '00'],
  ])('%s from %s %s: %s', (field, kind, value, wire) => {
    const target = { kind, data: Uint8Array.from(octetsOf(value)) };
    const encoder = compile(templateOf(field), [{ field: 0, column: target }]);
    const bytes = new Uint8Array(encoder.recordLength).fill(0xee);
    expect(encoder.encode(0, 1, bytes, 0)).toBe(1);
    expect([...bytes]).toEqual(octetsOf(wire));
  });

  test.each(['flowStartMicroseconds', 'flowStartNanoseconds'])('%s: every millisecond comes back', name => {
    const template = templateOf(name);
    const data = new BigInt64Array(1003).map((_, i) => 1_800_000_000_000n + BigInt(i));
    data.set([-1n, -61_505_152_000n, 0n], 1000);
    const from: Binding = { field: 0, column: { kind: 'milliseconds', data: new Uint8Array(data.buffer) } };
    const bytes = new Uint8Array(1003 * 8);
    expect(compile(template, [from]).encode(0, 1003, bytes, 0)).toBe(1003);
    const back: Binding = { field: 0, column: column('milliseconds', 1003) };
    compileDecoder(template, [back]).decode(bytes, 0, bytes.length, 0, 1003);
    expect(new BigInt64Array(back.column.data.buffer as ArrayBuffer)).toEqual(data);
  });

  test('fields without a column are zeros or empty, whatever was in the buffer', () => {
    const template = templateOf('sourceIPv4Address', 'interfaceName', 'protocolIdentifier', ['octetDeltaCount', 65535]);
    const target = { kind: 'unsigned8', data: Uint8Array.of(6, 17) } as const;
    const bytes = new Uint8Array(16).fill(0xee);
    const encoder = compile(template, [{ field: 2, column: target }]);
    expect([encoder.recordLength, encoder.encode(0, 2, bytes, 1)]).toEqual([7, 2]);
    expect([...bytes]).toEqual([0xee, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 17, 0, 0xee]);
  });

  test('rows of a MessageWriter fill Messages, and come back', () => {
    const bytes = randomRecords(50);
    const bindings = bindingsOf(50);
    compileDecoder(everyKind, bindings).decode(bytes, 0, bytes.length, 0, 50);
    const encoder = compile(everyKind, bindings);
    const buffer = new Uint8Array(1400);
    const writer = new MessageWriter(buffer);
    const session = new TransportSession();
    const records: number[] = [];
    for (let row = 0; row < 50; ) {
      writer.begin(1);
      writer.addTemplate(everyKind);
      const rows = writer.addRows(encoder, row, 50 - row);
      expect(writer.records).toBe(rows);
      const recorder = new Recorder();
      session.decode(buffer.subarray(0, writer.finish(1_800_000_000, row)), recorder);
      expect(recorder.diagnostics).toEqual([]);
      for (const set of recorder.sets) records.push(...set.bytes.subarray(set.start, set.end));
      row += rows;
    }
    expect(records).toEqual([...bytes]);
    expect(session.counters.lostRecords).toBe(0);
  });

  test('nothing is written where not one record fits', () => {
    const encoder = compile(everyKind, bindingsOf(1));
    const bytes = new Uint8Array(encoder.recordLength - 1);
    expect(encoder.encode(0, 1, bytes, 0)).toBe(0);
    const writer = new MessageWriter(new Uint8Array(20 + bytes.length));
    writer.begin(1);
    expect([writer.addRows(encoder, 0, 1), writer.records, writer.length]).toEqual([0, 0, 16]);
  });
});
