import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATA_TYPES } from '../elements/generated/elements.js';
import { ElementRegistry } from '../elements/registry.js';
import type { DataType } from '../elements/types.js';
import { VARIABLE_LENGTH } from '../elements/types.js';
import { ValueReader } from '../structured/decode.js';
import { WARM } from '../template/code.js';
import type { Template } from '../template/template.js';
import { records, registry, templates } from '../testing/arbitraries.js';
import { Recorder } from '../testing/messages.js';
import { type DecodedRecord, portableReader, type ReadRecords, readFields } from './record-reader.js';
import { generatedReader } from './record-reader-generated.js';
import { decodeRecords } from './records.js';
import { TransportSession } from './session.js';
import type { DataSet, Diagnostic, RecordContext } from './visitor.js';
import { MessageWriter } from './writer.js';

const LIMITS = { listDepth: 2, valuesPerSet: 60 };

/** What a reader makes of a Set, and what it reports. */
function outcome(read: ReadRecords, { bytes, start, end }: DataSet, context: Omit<RecordContext, 'report'>) {
  const decoded: DecodedRecord[] = [];
  const reported: Diagnostic[] = [];
  const report = (each: Diagnostic) => void reported.push(each);
  read(bytes, start, end, new ValueReader({ ...context, report }), decoded);
  return { decoded, reported };
}

function agree(set: DataSet, known: readonly Template[], names: ElementRegistry): DecodedRecord[] {
  const context = { templates: new Map(known.map(each => [each.id, each])), registry: names, limits: LIMITS };
  const { template } = set;
  const portable = outcome(portableReader(template, readFields(template, names)), set, context);
  const generated = outcome(generatedReader(template, readFields(template, names))!, set, context);
  expect(generated).toEqual(portable);
  // Key by key in the same order, -0 included.
  expect(JSON.stringify(generated)).toBe(JSON.stringify(portable));
  return generated.decoded;
}

const header = { version: 10, length: 0, exportTime: 0, sequence: 0, observationDomainId: 1 } as const;

describe('generated code gives what the portable reader gives', () => {
  test('for Data Records of generated Templates, lists, scopes and repeated elements included', () => {
    const cases = templates.chain(all => fc.tuple(fc.constant(all), fc.array(records(all[0]!, all), { maxLength: 3 })));
    let decoded = 0;
    fc.assert(
      fc.property(cases, ([known, expected]) => {
        const context = { registry, templates: new Map(known.map(each => [each.id, each])) };
        const bytes = new Uint8Array(65535);
        const writer = new MessageWriter(bytes);
        writer.begin(1);
        for (const { record, scope } of expected) {
          if (!writer.addRecord(known[0]!, record, { ...context, ...(scope && { scope }) })) return;
        }
        const set = { header, template: known[0]!, bytes, start: 20, end: writer.length };
        if (expected.length > 0) decoded += agree(set, known, registry).length;
      }),
      { numRuns: 1000, seed: 7013 },
    );
    expect(decoded).toBeGreaterThan(500);
  });

  test('for any octets', () => {
    let decoded = 0;
    fc.assert(
      fc.property(templates, fc.uint8Array({ minLength: 200, maxLength: 600 }), fc.nat(9), (known, octets, start) => {
        const bytes = new Uint8Array(octets.length + 7).subarray(7);
        bytes.set(octets);
        decoded += agree({ header, template: known[0]!, bytes, start, end: bytes.length }, known, registry).length;
      }),
      { numRuns: 2000, seed: 7014 },
    );
    expect(decoded).toBeGreaterThan(500);
  });

  test.each(DATA_TYPES)('for %s in every length', type => {
    const single = new ElementRegistry(() => [{ id: 1, enterprise: 9, name: 'value', type }]);
    for (const length of [...Array(34).keys(), VARIABLE_LENGTH]) {
      const fields = [
        { id: 1, enterprise: 9, length },
        { id: 2, enterprise: 9, length: 1 },
      ];
      const template: Template = { id: 256, scopeFieldCount: 0, fields };
      for (const octet of [0, 1, 2, 0x1f, 0x20, 0x7f, 0x80, 0xff]) {
        const bytes = new Uint8Array(120).fill(octet);
        // A value of variable length has to have one.
        if (length === VARIABLE_LENGTH) bytes[0] = octet & 31;
        const set = { header, template, bytes, start: 0, end: bytes.length };
        expect(agree(set, [template], single).length).toBeGreaterThan(0);
      }
    }
  });
});

const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  '0',
  '4294967294',
  '"});throw 1;({"',
  '\\',
  `$\{1}`,
  '`',
  "'",
  '\n\r\u2028\u2029\0',
  '',
  'a b',
  '*/',
  '\ud800',
];

describe('names that try to be code', () => {
  const named = (types: readonly DataType[]) =>
    new ElementRegistry(() =>
      HOSTILE.map((name, i) => ({ id: i + 1, enterprise: 9, name, type: types[i % types.length]! })),
    );
  const template = (repeat: number, scopeFieldCount: number): Template => ({
    id: 256,
    scopeFieldCount,
    fields: HOSTILE.flatMap((_, i) => Array(repeat).fill({ id: i + 1, enterprise: 9, length: 8 })),
  });
  const bytes = Uint8Array.from({ length: 600 }, (_, i) => i % 17);

  test.each([
    [1, 0],
    [2, 0],
    [1, 4],
    [3, 5],
  ])('stay names: %d of each, %d in the scope', (repeat, scopeFieldCount) => {
    const names = named(['unsigned64', 'basicList', 'octetArray', 'string']);
    const set = { header, template: template(repeat, scopeFieldCount), bytes, start: 0, end: bytes.length };
    const [first] = agree(set, [], names);
    const { record, scope = {} } = first!;
    expect(new Set([...Object.keys(record), ...Object.keys(scope)])).toEqual(new Set(HOSTILE));
    for (const each of [record, scope]) expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
  });
});

test('decodeRecords gives the same before and after its code is generated', () => {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: [{ id: 1, enterprise: 0, length: 4 }] };
  const bytes = new Uint8Array(8192);
  const writer = new MessageWriter(bytes);
  writer.begin(1);
  writer.addTemplate(template);
  while (writer.records < WARM) writer.addRecord(template, { octetDeltaCount: 7 * writer.records });
  const message = bytes.subarray(0, writer.finish(0, 0));
  const recorder = new Recorder();
  const session = new TransportSession();
  for (let i = 0; i < 3; i++) session.decode(message, recorder);
  const [first, ...others] = recorder.sets.map(set => decodeRecords(set));
  expect(first).toHaveLength(WARM);
  expect(first![9]).toEqual({ record: { octetDeltaCount: 63 } });
  for (const other of others) expect(other).toEqual(first);
});
