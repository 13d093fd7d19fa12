import { describe, expect, test } from 'vitest';
import { ElementRegistry, elements } from '../elements/registry.js';
import type { InformationElement } from '../elements/types.js';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { MessageWriter } from '../message/writer.js';
import type { Template } from '../template/template.js';
import { Recorder } from '../testing/messages.js';
import { needTshark, tshark } from '../testing/tshark.js';
import { typeInformationOf, typeInformationTemplate } from './record.js';

const PEN = 6871;
const payload: InformationElement = {
  id: 21,
  enterprise: PEN,
  name: 'reverseFlowDeltaMilliseconds',
  type: 'unsigned32',
};
const counted = { ...payload, semantics: 'quantity', units: 'milliseconds' };

/** A Message that tells of the elements. */
function told(
  all: readonly InformationElement[],
  change: Record<string, unknown> = {},
  options: { range?: boolean } = {},
): Uint8Array {
  const template = typeInformationTemplate(400, options);
  const buffer = new Uint8Array(65535);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(template);
  for (const each of all) expect(writer.addRecord(template, { ...typeInformationOf(each), ...change })).toBe(true);
  return buffer.slice(0, writer.finish(1_800_000_000, 0));
}

/** A Message with one record of that element, of 4 octets. */
function used({ id, enterprise }: InformationElement): Uint8Array {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: [{ id, enterprise, length: 4 }] };
  const buffer = new Uint8Array(100);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(template);
  buffer.set([0, 0, 1, 0], writer.reserve(256, 4));
  return buffer.slice(0, writer.finish(1_800_000_000, 1));
}

function decode(session: TransportSession, message: Uint8Array) {
  const recorder = new Recorder();
  session.decode(message, recorder);
  return { records: recorder.sets.flatMap(set => decodeRecords(set)), diagnostics: recorder.diagnostics };
}

describe('learning', () => {
  test('an element told of has its name and type from then on, in this session only', () => {
    const session = new TransportSession();
    expect(decode(session, used(payload)).records).toEqual([{ record: { '6871:21': '00000100' } }]);
    const { records } = decode(session, told([counted]));
    expect(records[0]).toEqual({
      scope: { privateEnterpriseNumber: PEN, informationElementId: 21 },
      record: {
        informationElementDataType: 3,
        informationElementSemantics: 1,
        informationElementUnits: 6,
        informationElementName: 'reverseFlowDeltaMilliseconds',
      },
    });
    expect(decode(session, used(payload)).records).toEqual([{ record: { reverseFlowDeltaMilliseconds: 256 } }]);
    expect(session.registry.byId(PEN, 21)).toEqual(counted);
    expect(elements.byId(PEN, 21)).toBeUndefined();
  });

  test('outlives a restart', () => {
    const before = new TransportSession();
    decode(before, told([counted]));
    const state = JSON.parse(JSON.stringify(before.save()));
    const after = TransportSession.restore(state);
    expect(decode(after, used(payload)).records).toEqual([{ record: { reverseFlowDeltaMilliseconds: 256 } }]);
    expect(new TransportSession().save()).not.toHaveProperty('elements');
  });

  test('what was told once stands: conflicts are ignored (RFC 5610 section 3.9), repetitions are nothing', () => {
    const session = new TransportSession();
    decode(session, told([payload]));
    decode(session, told([payload]));
    expect(session.counters.elementsRefused).toBe(0);
    const { diagnostics } = decode(session, told([{ ...payload, name: 'other', type: 'octetArray' }]));
    expect(diagnostics[0]!.detail).toContain('was reverseFlowDeltaMilliseconds of type unsigned32 before');
    expect(session.counters.elementsRefused).toBe(1);
    expect(decode(session, used(payload)).records).toEqual([{ record: { reverseFlowDeltaMilliseconds: 256 } }]);
  });

  test.each<[InformationElement['type'], InformationElement['range'], Record<string, unknown>]>([
    ['unsigned32', [1, 1000], {}],
    ['unsigned64', ['9007199254740993', '18446744073709551615'], {}],
    ['signed16', [-5, 9], {}],
    ['unsigned256', undefined, {}],
    ['unsigned32', undefined, { informationElementRangeBegin: 9, informationElementRangeEnd: 1 }],
    ['unsigned8', undefined, { informationElementRangeBegin: 0, informationElementRangeEnd: 256 }],
    ['string', undefined, { informationElementRangeBegin: 1, informationElementRangeEnd: 2 }],
    // Exporters that know none leave both ends 0.
    ['unsigned32', undefined, { informationElementRangeBegin: 0, informationElementRangeEnd: 0 }],
  ])('a range of %s: %j', (type, range, change) => {
    const session = new TransportSession();
    const element = { ...payload, type, ...(range === undefined ? {} : { range }) };
    const { diagnostics } = decode(session, told([element], change, { range: true }));
    expect(diagnostics).toEqual([]);
    expect(session.registry.byId(PEN, 21)).toEqual(element);
    const restored = TransportSession.restore(JSON.parse(JSON.stringify(session.save())));
    expect(restored.registry.byId(PEN, 21)).toEqual(element);
  });

  test('semantics that the type cannot have', () => {
    expect(typeInformationOf({ ...payload, type: 'string', semantics: 'totalCounter' })).toMatchObject({
      informationElementSemantics: 0,
    });
    const wrong: [InformationElement['type'], number][] = [
      ['string', 2],
      ['float64', 4],
      ['float32', 5],
      ['signed8', 5],
      ['ipv4Address', 1],
      ['unsigned8', 6],
    ];
    for (const [type, informationElementSemantics] of wrong) {
      const session = new TransportSession();
      const { diagnostics } = decode(session, told([{ ...payload, type }], { informationElementSemantics }));
      expect(diagnostics[0]!.detail).toContain(`${type} cannot have the semantics`);
      expect(session.registry.byId(PEN, 21)).toBeUndefined();
    }
  });

  test('what is registered already stands', () => {
    const registry = new ElementRegistry(undefined, elements);
    registry.register(payload);
    const session = new TransportSession({}, registry);
    decode(
      session,
      told([
        { ...payload, name: 'other' },
        { ...elements.byId(0, 1)!, name: 'mine' },
      ]),
    );
    expect(session.registry.byId(PEN, 21)?.name).toBe(payload.name);
    expect(session.registry.byId(0, 1)?.name).toBe('octetDeltaCount');
    expect(session.counters.elementsRefused).toBe(0);
  });

  test.each<[string, InformationElement, Record<string, unknown>]>([
    ['has the name of', { ...payload, name: 'octetDeltaCount' }, {}],
    ['has the unknown data type 99', payload, { informationElementDataType: 99 }],
    ['is not letters and digits', payload, { informationElementName: '__proto__' }],
    ['is out of range', { ...payload, id: 0 }, {}],
  ])('refuses an element that %s', (why, element, change) => {
    const session = new TransportSession();
    const { diagnostics } = decode(session, told([element], change));
    expect(session.counters.elementsRefused).toBe(1);
    expect(diagnostics).toMatchObject([{ reason: 'element-refused', setId: 400 }]);
    expect(diagnostics[0]!.detail).toContain(why.replace('has the name of', 'would have the name of'));
    expect(session.registry.byId(PEN, 21)).toBeUndefined();
  });

  test('is bounded', () => {
    const session = new TransportSession({ elements: 10 });
    const many = Array.from({ length: 30 }, (_, i) => ({ ...payload, id: i + 1, name: `element${i}` }));
    decode(session, told(many));
    expect(session.counters.elementsRefused).toBe(20);
    expect(session.save().elements).toHaveLength(10);
  });
});

test('tshark reads the type information that we write', context => {
  needTshark(context);
  const text = tshark([told([{ ...counted, range: [1, 1000] }], {}, { range: true })], '-V').join('\n');
  expect(text).toMatch(/Range Begin: 1$/m);
  expect(text).toMatch(/Range End: 1000$/m);
  expect(text).toContain('Information Element Name: reverseFlowDeltaMilliseconds');
  expect(text).toContain('Information Element Data Type: 3');
  expect(text).toContain('Information Element Units: 6');
});
