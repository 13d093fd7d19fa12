import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATA_TYPES } from '../elements/generated/elements.js';
import { ElementRegistry } from '../elements/registry.js';
import { naturalLength } from '../elements/types.js';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { MessageWriter } from '../message/writer.js';
import type { EncodeContext, Values } from '../structured/encode.js';
import { PEN, records, registry, scalars, templates } from '../testing/arbitraries.js';
import { Recorder } from '../testing/messages.js';
import { WARM } from './code.js';
import { encodeRecord, portableWriter, type WriteFields, writerInCode } from './encode.js';
import { fieldsOf, type Template } from './template.js';

/** Templates, and records of the first of them. */
const cases = templates.chain(all => fc.tuple(fc.constant(all), fc.array(records(all[0]!, all), { maxLength: 3 })));

describe('decode(encode(x)) = x', () => {
  test('for generated Templates and Data Records, lists included', () => {
    let decoded = 0;
    fc.assert(
      fc.property(cases, ([known, expected]) => {
        const buffer = new Uint8Array(65535).fill(0xee);
        const writer = new MessageWriter(buffer);
        const context = { registry, templates: new Map(known.map(each => [each.id, each])) };
        writer.begin(1);
        for (const template of known) expect(writer.addTemplate(template)).toBe(true);
        const written = expected.every(({ record, scope }) =>
          writer.addRecord(known[0]!, record, { ...context, ...(scope && { scope }) }),
        );
        // Larger than a Message.
        if (!written) return;
        const recorder = new Recorder();
        const session = new TransportSession({}, registry);
        session.decode(buffer.subarray(0, writer.finish(0, 0)), recorder);
        expect(recorder.diagnostics).toEqual([]);
        const got = recorder.sets.flatMap(set => decodeRecords(set));
        expect(got).toEqual(expected);
        decoded += got.length;
      }),
      { numRuns: 1000, seed: 7011 },
    );
    expect(decoded).toBeGreaterThan(1000);
  });

  test.each(DATA_TYPES.map((type, i) => [type, i + 1] as const).filter(([type]) => !/List$/.test(type)))(
    'for values of %s in its natural length',
    (type, id) => {
      const length = naturalLength(type);
      const template: Template = { id: 256, scopeFieldCount: 0, fields: [{ id, enterprise: PEN, length }] };
      const name = registry.byId(PEN, id)!.name;
      const bytes = new Uint8Array(2000);
      fc.assert(
        fc.property(scalars(type, length), value => {
          const end = encodeRecord(template, { [name]: value }, bytes, 0, { registry });
          const header = { version: 10, length: end, exportTime: 0, sequence: 0, observationDomainId: 1 } as const;
          const [decoded] = decodeRecords({ header, template, bytes, start: 0, end }, registry);
          expect(decoded!.record).toEqual({ [name]: value });
        }),
        { numRuns: 200, seed: 7012 },
      );
    },
  );
});

describe('generated code writes what the portable writer writes', () => {
  /** What a writer makes of a record: the octets, or why there are none. */
  function outcome(write: WriteFields, record: Values, scope: Values, end: number, context: EncodeContext): string {
    const bytes = new Uint8Array(4000).subarray(3);
    try {
      const behind = write(record, scope, bytes, 2, end, context);
      return behind < 0 ? `${behind}` : `${behind} ${Buffer.from(bytes).toString('hex', 0, behind)}`;
    } catch (error) {
      return String(error);
    }
  }

  function agree(template: Template, record: Values, scope: Values, end: number, context: EncodeContext = {}): string {
    const portable = outcome(portableWriter(template, registry), record, scope, end, context);
    expect(outcome(writerInCode(template, registry)!, record, scope, end, context)).toBe(portable);
    return portable;
  }

  test('for generated Templates and Data Records, with room for them or without', () => {
    const outcomes: string[] = [];
    fc.assert(
      fc.property(cases, fc.nat(200), ([known, [first]], end) => {
        if (first === undefined) return;
        const context = { registry, templates: new Map(known.map(each => [each.id, each])) };
        const scope = first.scope ?? first.record;
        outcomes.push(agree(known[0]!, first.record, scope, end, context));
        outcomes.push(agree(known[0]!, first.record, scope, 3997, context));
      }),
      { numRuns: 500, seed: 7015 },
    );
    expect(outcomes.filter(each => each === '-1').length).toBeGreaterThan(20);
    expect(outcomes.filter(each => /^\d+ /.test(each)).length).toBeGreaterThan(200);
  });

  const odd: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom(-0, -1, 0.5, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300),
    fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      true,
      '',
      '1',
      '-1',
      '1.2.3.4',
      '::',
      {},
      [],
    ),
    fc.constantFrom(1n, 2n ** 64n - 1n, 2n ** 64n, '2026-01-31T12:00:05.5Z', '00:11:22:aa:bb:cc', 'zz'),
    fc.constantFrom(new Date(1e12), new Date(Number.NaN), new Uint8Array(4), new Uint8Array(8), [1, 2]),
    fc.anything(),
  );

  test('for values of the type and for others', () => {
    const outcomes: string[] = [];
    const fields = fc.array(
      fc.tuple(fc.nat(DATA_TYPES.length - 1), fc.constantFrom(0, 1, 2, 3, 4, 6, 8, 16, 65535), odd),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(fields, fc.nat(60), (all, end) => {
        const specifiers = all.map(([type, length]) => ({ id: type + 1, enterprise: PEN, length }));
        const record = Object.fromEntries(all.map(([type, , value]) => [registry.byId(PEN, type + 1)!.name, value]));
        outcomes.push(agree({ id: 256, scopeFieldCount: 0, fields: specifiers }, record, record, end));
      }),
      { numRuns: 5000, seed: 7016 },
    );
    for (const kind of [/^-1$/, /^\d+ /, /WeirError: .* is no /, /WeirError: the record has no/]) {
      expect(outcomes.filter(each => kind.test(each)).length).toBeGreaterThan(50);
    }
  });

  test('for names that try to be code', () => {
    const names = ['__proto__', 'constructor', '"+(()=>{throw 1})()+"', "'];throw 1;//", '`', '\\', '\u2028', '0', ''];
    const hostile = new ElementRegistry(() =>
      names.map((name, i) => ({ id: i + 1, enterprise: PEN, name, type: 'unsigned8' as const })),
    );
    const fields = names.map((_, i) => ({ id: i + 1, enterprise: PEN, length: 1 }));
    const template: Template = { id: 256, scopeFieldCount: 0, fields };
    const record = Object.fromEntries(names.map((name, i) => [name, i + 1]));
    for (const write of [portableWriter(template, hostile), writerInCode(template, hostile)!]) {
      expect(outcome(write, record, record, 100, {})).toBe('11 0000010203040506070809');
      expect(outcome(write, {}, {}, 100, {})).toBe(
        'WeirError: __proto__: this object is no unsigned8 in 1 octets; give a value in the form that decodeRecords gives',
      );
    }
  });

  test('encodeRecord writes the same before and after its code is generated', () => {
    const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['octetDeltaCount', 'interfaceName']) };
    const written = new Set<string>();
    const bytes = new Uint8Array(20);
    for (let i = 0; i < 2 * WARM; i++) {
      const length = encodeRecord(template, { octetDeltaCount: 2 ** 40 + 1, interfaceName: 'eth0' }, bytes);
      written.add(Buffer.from(bytes).toString('hex', 0, length));
    }
    expect([...written]).toEqual(['00000100000000010465746830']);
  });
});

describe('encodeRecord', () => {
  const template: Template = {
    id: 256,
    scopeFieldCount: 0,
    fields: fieldsOf(['sourceIPv4Address', ['octetDeltaCount', 4], 'interfaceName', ['paddingOctets', 2]]),
  };
  const record = { sourceIPv4Address: '192.0.2.1', octetDeltaCount: 256, interfaceName: 'eth0' };

  test('writes what RFC 7011 wants, and nothing else', () => {
    const bytes = new Uint8Array(20).fill(0xee);
    expect(encodeRecord(template, record, bytes, 1)).toBe(15);
    expect([...bytes]).toEqual([0xee, 192, 0, 2, 1, 0, 0, 1, 0, 4, 101, 116, 104, 48, 0, 0, 0xee, 0xee, 0xee, 0xee]);
  });

  test('null in no octets is what a scope without a value is', () => {
    const fields = fieldsOf([['exportingProcessId', 0], 'samplingInterval']);
    const bytes = new Uint8Array(4);
    const values = { exportingProcessId: null, samplingInterval: 9 };
    expect(encodeRecord({ id: 256, scopeFieldCount: 1, fields }, values, bytes)).toBe(4);
    expect([...bytes]).toEqual([0, 0, 0, 9]);
  });

  test('takes octets, times as Date, and bigint', () => {
    const fields = fieldsOf(['sourceIPv4Address', 'flowStartMilliseconds', 'octetDeltaCount']);
    const bytes = new Uint8Array(20);
    const values = {
      sourceIPv4Address: Uint8Array.of(192, 0, 2, 1),
      flowStartMilliseconds: new Date(1),
      octetDeltaCount: 2n ** 64n - 1n,
    };
    expect(encodeRecord({ id: 256, scopeFieldCount: 0, fields }, values, bytes)).toBe(20);
    expect([...bytes]).toEqual([192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, ...new Array(8).fill(255)]);
  });

  test('says -1 where the record does not fit, at every length', () => {
    for (let length = 0; length < 15; length++) {
      expect(encodeRecord(template, record, new Uint8Array(length))).toBe(-1);
      expect(encodeRecord(template, record, new Uint8Array(20), 0, { end: length })).toBe(-1);
    }
  });

  test.each([
    [{ ...record, octetDeltaCount: 2 ** 32 }, 'octetDeltaCount: "4294967296" is no unsigned64 in 4 octets'],
    [{ ...record, octetDeltaCount: -1 }, 'octetDeltaCount'],
    [{ ...record, octetDeltaCount: 1.5 }, 'octetDeltaCount'],
    [{ ...record, octetDeltaCount: '12a' }, 'octetDeltaCount'],
    [{ ...record, sourceIPv4Address: '192.0.2.256' }, 'sourceIPv4Address'],
    [{ ...record, sourceIPv4Address: '192.0.02.1' }, 'sourceIPv4Address'],
    [{ ...record, interfaceName: 5 }, 'interfaceName'],
    [{ octetDeltaCount: 1 }, 'the record has no sourceIPv4Address'],
  ])('refuses %j', (values, message) => {
    expect(() => encodeRecord(template, values, new Uint8Array(20))).toThrow(message);
  });

  test('a long value takes the three octets of length (RFC 7011 section 7)', () => {
    const bytes = new Uint8Array(400);
    const long: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['interfaceName']) };
    expect(encodeRecord(long, { interfaceName: 'x'.repeat(254) }, bytes)).toBe(255);
    expect(encodeRecord(long, { interfaceName: 'x'.repeat(255) }, bytes)).toBe(258);
    expect([...bytes.subarray(0, 4)]).toEqual([255, 0, 255, 120]);
  });

  test('an element that a Template holds several times is an array', () => {
    const fields = fieldsOf(['mplsTopLabelTTL', 'mplsTopLabelTTL']);
    const bytes = new Uint8Array(2);
    encodeRecord({ id: 256, scopeFieldCount: 0, fields }, { mplsTopLabelTTL: [1, 2] }, bytes);
    expect([...bytes]).toEqual([1, 2]);
  });
});
