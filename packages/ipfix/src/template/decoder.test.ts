import { describe, expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import type { DataSet } from '../message/visitor.js';
import { bindAll, column } from '../testing/columns.js';
import { ENGINES, type Engine } from '../testing/engines.js';
import { messageOf, Recorder } from '../testing/messages.js';
import { exporters, haveVectors } from '../testing/vectors.js';
import type { Column } from './column.js';
import { canBind, compileDecoder } from './decoder.js';
import { COLUMN_WIDTH, type ColumnKind } from './kinds.js';
import { fieldsOf, type Template } from './template.js';

const CAPACITY = 64;
/** 31 octets. */
const PAIRED = [
  'protocolIdentifier',
  'sourceTransportPort',
  'sourceIPv4Address',
  'octetDeltaCount',
  'sourceIPv6Address',
];

/** The value of a row as the store would read it: addresses as hex. */
function at({ kind, data }: Column, row: number): bigint | string {
  const width = COLUMN_WIDTH[kind];
  const octets = Array.from(data.subarray(row * width, (row + 1) * width), octet =>
    octet.toString(16).padStart(2, '0'),
  );
  if (kind === 'address') return octets.join('');
  const value = BigInt(`0x${octets.reverse().join('')}`);
  return kind === 'milliseconds' ? BigInt.asIntN(64, value) : value;
}

function octetsOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map(octet => Number.parseInt(octet, 16));
}

type Field = string | readonly [string, number];

/** Decodes one record of one field into a column of that kind that is aligned, and into one that is not: the same value. */
function one(engine: Engine, field: Field, kind: ColumnKind, hex: string): bigint | string {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf([field]) };
  const bytes = Uint8Array.from([9, ...octetsOf(hex)]);
  const [value, unaligned] = [0, 1].map(shift => {
    const target = { kind, data: column(kind, CAPACITY + 1).data.subarray(shift) };
    expect(engine(template, [{ field: 0, column: target }]).decode(bytes, 1, bytes.length, 3, 1)).toBe(1);
    return at(target, 3);
  });
  expect(unaligned).toBe(value);
  return value!;
}

describe.each(ENGINES)('one value, %s', (_name, engine) => {
  test.each<[Field, ColumnKind, string, bigint]>([
    ['protocolIdentifier', 'unsigned8', '11', 17n],
    ['sourceTransportPort', 'unsigned16', '01bb', 443n],
    ['ingressInterface', 'unsigned32', 'fedcba98', 0xfedcba98n],
    ['octetDeltaCount', 'unsigned64', 'fedcba9876543210', 0xfedcba9876543210n],
    // Reduced-size encoding (RFC 7011 section 6.2).
    [['octetDeltaCount', 4], 'unsigned64', 'fedcba98', 0xfedcba98n],
    [['octetDeltaCount', 5], 'unsigned64', '0102030405', 0x0102030405n],
    [['octetDeltaCount', 1], 'unsigned64', 'ff', 255n],
    [['ingressInterface', 2], 'unsigned32', '0102', 0x0102n],
    // Wider on the wire than the column: exact where it fits, else the largest.
    [['sourceTransportPort', 4], 'unsigned16', '0000ffff', 0xffffn],
    [['sourceTransportPort', 4], 'unsigned16', '00010000', 0xffffn],
    ['octetDeltaCount', 'unsigned32', '0000000100000000', 0xffffffffn],
    // Variable length.
    [['octetDeltaCount', 65535], 'unsigned64', '03010203', 0x010203n],
    [['octetDeltaCount', 65535], 'unsigned64', '00', 0n],
    ['sourceMacAddress', 'mac', '001122aabbcc', 0x001122aabbccn],
    ['flowStartSeconds', 'milliseconds', 'ffffffff', 4294967295000n],
    ['flowStartMilliseconds', 'milliseconds', '0000019640000001', 0x19640000001n],
    // 2024-12-08T11:22:40 and a half, then 123 ms cut to the precision of the fraction.
    ['flowStartMicroseconds', 'milliseconds', 'eb00000080000000', 1733656960500n],
    ['flowStartMicroseconds', 'milliseconds', 'eb0000001f7ce800', 1733656960123n],
    ['flowStartNanoseconds', 'milliseconds', 'eb0000001f7ced91', 1733656960123n],
    ['flowStartNanoseconds', 'milliseconds', 'eb000000ffffffff', 1733656961000n],
    // 1968-01-20T03:14:08Z, the first second that is not taken for one after 2036: before the Unix epoch.
    ['flowStartMicroseconds', 'milliseconds', '8000000000000000', -61505152000n],
    ['mibObjectValueInteger', 'signed32', 'fffffffe', 0xfffffffen],
    [['mibObjectValueInteger', 1], 'signed32', 'fe', 0xfffffffen],
    [['mibObjectValueInteger', 2], 'signed64', '8000', 0xffffffffffff8000n],
    // Wider on the wire than the column: exact where it fits, else the nearest.
    ['mibObjectValueInteger', 'signed8', 'ffffff80', 0x80n],
    ['mibObjectValueInteger', 'signed8', 'ffffff7f', 0x80n],
    ['mibObjectValueInteger', 'signed16', '00008000', 0x7fffn],
    ['samplingProbability', 'float64', '3ff8000000000000', 0x3ff8000000000000n],
    [['samplingProbability', 4], 'float64', '3fc00000', 0x3ff8000000000000n],
    ['samplingProbability', 'float32', '3ff8000000000000', 0x3fc00000n],
    ['dataRecordsReliability', 'boolean', '01', 1n],
    ['dataRecordsReliability', 'boolean', '02', 0n],
    ['dataRecordsReliability', 'unsigned8', '02', 2n],
    [['octetDeltaCount', 3], 'unsigned32', '010203', 0x010203n],
    [['octetDeltaCount', 6], 'unsigned64', '010203040506', 0x010203040506n],
    [['octetDeltaCount', 7], 'unsigned64', '01020304050607', 0x01020304050607n],
    [['sourceMacAddress', 65535], 'mac', '06001122aabbcc', 0x001122aabbccn],
  ])('%s to %s: %s', (field, kind, hex, expected) => {
    expect(one(engine, field, kind, hex)).toBe(expected);
  });

  test('addresses are 16 octets in network order, IPv4 mapped', () => {
    expect(one(engine, 'sourceIPv4Address', 'address', 'c0000201')).toBe('00000000000000000000ffffc0000201');
    const ipv6 = '20010db8000102030405060708090a0b';
    expect(one(engine, 'sourceIPv6Address', 'address', ipv6)).toBe(ipv6);
  });
});

test.each<[Field, ColumnKind, boolean]>([
  ['octetDeltaCount', 'unsigned32', true],
  [['octetDeltaCount', 65535], 'unsigned64', true],
  [['octetDeltaCount', 9], 'unsigned64', false],
  ['sourceIPv6Address', 'address', true],
  [['sourceIPv6Address', 4], 'address', false],
  ['interfaceName', 'unsigned64', false],
  ['octetDeltaCount', 'milliseconds', false],
  ['octetDeltaCount', 'address', false],
  ['sourceMacAddress', 'mac', true],
])('canBind %s to %s: %s, and zeros where not', (field, kind, expected) => {
  const [specifier] = fieldsOf([field]);
  expect(canBind(specifier!, kind)).toBe(expected);
  if (expected) return;
  const length = specifier!.length === 65535 ? '0161' : 'ff'.repeat(specifier!.length);
  expect(BigInt(`0x${one(compileDecoder, field, kind, length).toString(16)}`)).toBe(0n);
});

test('a binding to a field that is not there is a mistake of the caller', () => {
  const template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['octetDeltaCount']) };
  expect(() => compileDecoder(template, [{ field: 1, column: column('unsigned8', CAPACITY) }])).toThrow(
    'has no field 1',
  );
});

describe.each(ENGINES.flatMap(([name, engine]) => ['fixed', 'variable'].map(shape => [shape, name, engine] as const)))(
  'records of %s length, %s',
  (shape, _name, engine) => {
    const names = shape === 'fixed' ? ['protocolIdentifier'] : ['protocolIdentifier', 'interfaceName'];
    const record = (protocol: number) => (shape === 'fixed' ? [protocol] : [protocol, 2, 0x6c, 0x6f]);
    const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(names) };
    const bytes = Uint8Array.from([...record(1), ...record(2), ...record(3)]);

    test('stop at maximumRows and go on from offset, in another buffer', () => {
      const target = { kind: 'unsigned8', data: new Uint8Array(4) } as { kind: 'unsigned8'; data: Uint8Array };
      const decoder = engine(template, [{ field: 0, column: target }]);
      expect(decoder.decode(bytes, 0, bytes.length, 2, 2)).toBe(2);
      expect([...target.data]).toEqual([0, 0, 1, 2]);
      expect(decoder.offset).toBe(2 * record(0).length);
      target.data = new Uint8Array(4);
      expect(decoder.decode(bytes, decoder.offset, bytes.length, 0, 4)).toBe(1);
      expect([...target.data]).toEqual([3, 0, 0, 0]);
      expect(decoder.offset).toBe(bytes.length);
    });

    test('from bytes, and to columns, that begin anywhere', () => {
      const [from, to] = [3, 1];
      const shifted = new Uint8Array(bytes.length + 16).fill(0xee);
      shifted.set(bytes, from);
      const buffer = new ArrayBuffer(64);
      const target = { kind: 'unsigned32', data: new Uint8Array(buffer, to, 12) } as const;
      const decoder = engine(template, [{ field: 0, column: target }]);
      expect(decoder.decode(shifted.subarray(from, from + bytes.length), 0, bytes.length, 0, 3)).toBe(3);
      expect([...target.data]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
    });

    test('never go past the end, wherever it is said to be', () => {
      const decoder = engine(template, [{ field: 0, column: column('unsigned8', CAPACITY) }]);
      expect(decoder.decode(bytes, 0, bytes.length + 1000, 0, CAPACITY)).toBe(3);
      expect(decoder.decode(bytes, 0, bytes.length - 1, 0, CAPACITY)).toBe(2);
      expect(decoder.decode(bytes, bytes.length, 0, 0, CAPACITY)).toBe(0);
      expect(decoder.decode(bytes, 0, bytes.length, 0, 0)).toBe(0);
    });
  },
);

test('columns in one buffer, and moved within it', () => {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(PAIRED) };
  const bytes = Uint8Array.from({ length: 3 * 31 }, (_, i) => i + 1);
  const kinds: ColumnKind[] = ['unsigned8', 'unsigned16', 'address', 'unsigned64', 'address'];
  const separate = kinds.map((kind, field) => ({ field, column: column(kind, 3) }));
  for (const [, engine] of ENGINES) {
    const buffer = new ArrayBuffer(256);
    const place = (first: number) => {
      let at = first;
      return kinds.map(kind => new Uint8Array(buffer, (at += 48) - 48, 3 * COLUMN_WIDTH[kind]));
    };
    const columns = place(0).map((data, i) => ({ kind: kinds[i]!, data }));
    const together = engine(
      template,
      columns.map((target, field) => ({ field, column: target })),
    );
    for (const first of [0, 16]) {
      place(first).forEach((data, i) => {
        columns[i]!.data = data.fill(0xee);
      });
      expect(together.decode(bytes, 0, bytes.length, 0, 3)).toBe(3);
      expect(engine(template, separate).decode(bytes, 0, bytes.length, 0, 3)).toBe(3);
      expect(columns.map(({ data }) => data)).toEqual(separate.map(each => each.column.data));
    }
  }
});

test('much used, it goes over to generated code, and goes on', () => {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['sourceTransportPort']) };
  const target = column('unsigned16', 2000);
  const bytes = Uint8Array.from({ length: 4000 }, (_, i) => (i % 2 ? i >> 1 : i >> 9));
  const decoder = compileDecoder(template, [{ field: 0, column: target }]);
  for (let row = 0, at = 0; row < 2000; at = decoder.offset) row += decoder.decode(bytes, at, bytes.length, row, 100);
  expect(Array.from({ length: 2000 }, (_, row) => Number(at(target, row)))).toEqual([...Array(2000).keys()]);
});

test('a Template without octets ends at once', () => {
  const template = { id: 256, scopeFieldCount: 0, fields: [{ id: 4, enterprise: 0, length: 0 }] };
  expect(compileDecoder(template, []).decode(new Uint8Array(8), 0, 8, 0, 8)).toBe(0);
});

test('an options record between flows', () => {
  const template: Template = {
    id: 256,
    scopeFieldCount: 1,
    fields: fieldsOf(['meteringProcessId', 'octetDeltaCount']),
  };
  const recorder = new Recorder();
  const message = messageOf({}, [template], [[256, octetsOf('000000070000000000000102')]]);
  new TransportSession().decode(message, recorder);
  const { bytes, start, end } = recorder.sets[0]!;
  const target = column('unsigned64', CAPACITY);
  compileDecoder(template, [{ field: 1, column: target }]).decode(bytes, start, end, 0, CAPACITY);
  expect(at(target, 0)).toBe(258n);
});

/** Our own text of a value, from the column. */
function textOf(target: Column, row: number): string {
  const value = at(target, row);
  if (target.kind === 'milliseconds') return new Date(Number(value)).toISOString();
  if (target.kind === 'mac')
    return value
      .toString(16)
      .padStart(12, '0')
      .replace(/(..)(?=.)/g, '$1:');
  return String(value);
}

/** The same value from decodeRecords, cut to what a column keeps. */
function expectedOf(kind: ColumnKind, value: unknown): string {
  if (kind === 'milliseconds') return new Date(String(value)).toISOString();
  if (typeof value === 'boolean') return value ? '1' : '2';
  return String(value);
}

function compare(engine: Engine, set: DataSet): number {
  const names = set.template.fields;
  const bindings = bindAll(set.template, CAPACITY).filter(
    ({ column: { kind } }) => !['address', 'float64', 'signed64'].includes(kind),
  );
  const rows = engine(set.template, bindings).decode(set.bytes, set.start, set.end, 0, CAPACITY);
  const records = decodeRecords(set);
  expect(rows).toBe(records.length);
  records.forEach(({ record, scope }, row) => {
    const values = Object.values({ ...scope, ...record });
    if (values.length !== names.length) return;
    for (const binding of bindings) {
      expect(textOf(binding.column, row)).toBe(expectedOf(binding.column.kind, values[binding.field]));
    }
  });
  return rows * bindings.length;
}

test.skipIf(!haveVectors).each([...exporters().keys()])('%s: columns hold what decodeRecords says', exporter => {
  const recorder = new Recorder();
  const session = new TransportSession();
  for (const message of exporters().get(exporter)!) session.decode(message, recorder);
  let compared = 0;
  for (const set of recorder.sets) for (const [, engine] of ENGINES) compared += compare(engine, set);
  expect(compared).toBeGreaterThan(5);
});
