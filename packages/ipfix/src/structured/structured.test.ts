import { describe, expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { encodeRecord } from '../template/encode.js';
import { fieldsOf, type Template } from '../template/template.js';
import { messageOf, Recorder } from '../testing/messages.js';

const ports: Template = { id: 300, scopeFieldCount: 0, fields: fieldsOf(['sourceTransportPort', 'interfaceName']) };
const nested: Template = { id: 301, scopeFieldCount: 0, fields: fieldsOf(['subTemplateList']) };
const empty: Template = {
  id: 302,
  scopeFieldCount: 0,
  fields: fieldsOf([['octetDeltaCount', 0], 'protocolIdentifier']),
};
const known = [ports, nested, empty];

function listTemplate(type: string, length = 65535): Template {
  return { id: 256, scopeFieldCount: 0, fields: fieldsOf([[type, length]]) };
}

/** Decodes one list, given as octets behind its length. */
function decode(type: string, octets: readonly number[], limits = {}) {
  const session = new TransportSession(limits);
  const recorder = new Recorder();
  const template = listTemplate(type);
  const length = [255, octets.length >> 8, octets.length & 255];
  session.decode(messageOf({}, [...known, template], [[256, [...length, ...octets]]]), recorder);
  const value = decodeRecords(recorder.sets[0]!)[0]!.record[type];
  return { value, reasons: recorder.diagnostics.map(each => each.reason), cut: session.counters.listsCut };
}

describe('each list by its octets', () => {
  test.each<[string, number[], unknown]>([
    // allOf, egressInterface (14) of 4 octets, two values.
    [
      'basicList',
      [3, 0, 14, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8],
      { semantic: 'allOf', element: 'egressInterface', list: [1, 8] },
    ],
    // A reduced size is told, as the values alone do not show it.
    ['basicList', [0, 0, 14, 0, 1, 9], { semantic: 'noneOf', element: 'egressInterface', length: 1, list: [9] }],
    // interfaceName (82) of variable length, one in the long form.
    [
      'basicList',
      [255, 0, 82, 255, 255, 2, 101, 110, 255, 0, 1, 120, 0],
      { semantic: 'undefined', element: 'interfaceName', list: ['en', 'x', ''] },
    ],
    // An enterprise's element without a name; a semantic without a name.
    ['basicList', [9, 0x80, 5, 0, 2, 0, 0, 0, 99, 1, 2], { semantic: 9, element: '99:5', length: 2, list: ['0102'] }],
    ['basicList', [4, 0, 14, 0, 4], { semantic: 'ordered', element: 'egressInterface', list: [] }],
    [
      'subTemplateList',
      [4, 1, 44, 0, 80, 1, 97, 0, 81, 0],
      {
        semantic: 'ordered',
        templateId: 300,
        list: [
          { sourceTransportPort: 80, interfaceName: 'a' },
          { sourceTransportPort: 81, interfaceName: '' },
        ],
      },
    ],
    // Empty: its Template need not be known.
    ['subTemplateList', [4, 9, 9], { semantic: 'ordered', templateId: 0x909, list: [] }],
    // A list in a list: of Template 301, whose one record holds a list of Template 300.
    [
      'subTemplateMultiList',
      [1, 1, 45, 0, 12, 7, 2, 1, 44, 0, 80, 1, 97, 1, 44, 0, 7, 0, 81, 0],
      {
        semantic: 'exactlyOneOf',
        list: [
          {
            templateId: 301,
            records: [
              {
                subTemplateList: {
                  semantic: 'oneOrMoreOf',
                  templateId: 300,
                  list: [{ sourceTransportPort: 80, interfaceName: 'a' }],
                },
              },
            ],
          },
          { templateId: 300, records: [{ sourceTransportPort: 81, interfaceName: '' }] },
        ],
      },
    ],
  ])('%s %j', (type, octets, value) => {
    expect(decode(type, octets)).toEqual({ value, reasons: [], cut: 0 });
  });
});

describe('lists that are wrong', () => {
  test.each<[string, string, number[], string, unknown]>([
    ['no room for its head', 'basicList', [3, 0, 14, 0], 'list-truncated', '03000e00'],
    ['none at all', 'subTemplateMultiList', [], 'list-truncated', ''],
    [
      'half a value',
      'basicList',
      [3, 0, 14, 0, 2, 0, 1, 0],
      'list-truncated',
      { semantic: 'allOf', element: 'egressInterface', length: 2, list: [1], cut: true },
    ],
    [
      'values without octets',
      'basicList',
      [3, 0, 14, 0, 0, 1],
      'list-truncated',
      { semantic: 'allOf', element: 'egressInterface', length: 0, list: [], cut: true },
    ],
    [
      'an unknown Template',
      'subTemplateList',
      [3, 9, 9, 1, 2],
      'list-template',
      { semantic: 'allOf', templateId: 0x909, list: [], octets: '0102' },
    ],
    [
      'half a record',
      'subTemplateList',
      [3, 1, 44, 0, 80, 0, 0],
      'list-truncated',
      { semantic: 'allOf', templateId: 300, list: [{ sourceTransportPort: 80, interfaceName: '' }], cut: true },
    ],
    [
      'a group longer than the list',
      'subTemplateMultiList',
      [3, 1, 44, 0, 8, 0, 80, 0],
      'list-truncated',
      { semantic: 'allOf', list: [], cut: true },
    ],
    [
      'a group shorter than its head',
      'subTemplateMultiList',
      [3, 1, 44, 0, 3, 0, 80, 0],
      'list-truncated',
      { semantic: 'allOf', list: [], cut: true },
    ],
  ])('%s', (_, type, octets, reason, value) => {
    expect(decode(type, octets)).toEqual({ value, reasons: [reason], cut: 1 });
  });

  test('depth is bounded', () => {
    let list: number[] = [3, 1, 44];
    for (let i = 0; i < 40; i++) list = [3, 1, 45, list.length, ...list];
    const { value, reasons, cut } = decode('subTemplateList', list);
    expect([reasons, cut]).toEqual([['list-depth'], 1]);
    expect(JSON.stringify(value).split('templateId').length - 1).toBe(8);
    expect(JSON.stringify(decode('subTemplateList', list, { listDepth: 2 }).value).split('templateId').length - 1).toBe(
      2,
    );
  });

  test('the number of values is bounded, and told once', () => {
    const octets = [3, 1, 46, ...new Array<number>(60_000).fill(6)];
    const { value, reasons, cut } = decode('subTemplateList', octets, { valuesPerSet: 1001 });
    expect([reasons, cut]).toEqual([['values-limit'], 1]);
    expect(value).toMatchObject({ templateId: 302, cut: true });
    // 2 values a record, and the record around the list.
    expect((value as { list: unknown[] }).list).toHaveLength(500);
  });

  test('fields without octets cannot make more than the limit', () => {
    const fields = [...new Array(2000).fill(empty.fields[0]), ...fieldsOf(['protocolIdentifier'])];
    const bomb: Template = { id: 256, scopeFieldCount: 0, fields };
    const recorder = new Recorder();
    const session = new TransportSession();
    session.decode(messageOf({}, [bomb], [[256, new Array<number>(40_000).fill(6)]]), recorder);
    expect(decodeRecords(recorder.sets[0]!)).toHaveLength(Math.floor(262_144 / 2001));
    expect(recorder.diagnostics.map(each => each.reason)).toEqual(['values-limit']);
  });
});

test('without a session, lists of Templates stay octets', () => {
  const bytes = Uint8Array.of(4, 3, 1, 44, 7);
  const header = { version: 10, length: 5, exportTime: 0, sequence: 0, observationDomainId: 1 } as const;
  const set = { header, template: listTemplate('subTemplateList'), bytes, start: 0, end: 5 };
  expect(decodeRecords(set)[0]!.record.subTemplateList).toMatchObject({ templateId: 300, list: [], octets: '07' });
});

describe('encoding', () => {
  const bytes = new Uint8Array(100);
  const templates = new Map(known.map(each => [each.id, each]));

  test('a list in a field of fixed length has that length', () => {
    const value = { semantic: 'allOf', element: 'protocolIdentifier', list: [6, 17] };
    expect(encodeRecord(listTemplate('basicList', 7), { basicList: value }, bytes)).toBe(7);
    expect([...bytes.subarray(0, 7)]).toEqual([3, 0, 4, 0, 1, 6, 17]);
    expect(() => encodeRecord(listTemplate('basicList', 8), { basicList: value }, bytes)).toThrow('is no basicList');
  });

  test.each<[string, unknown, string]>([
    ['basicList', { semantic: 'all', element: 'protocolIdentifier', list: [] }, 'is no basicList'],
    ['basicList', { semantic: 'allOf', element: 'nonsense', list: [] }, 'no Information Element is called so'],
    ['basicList', { semantic: 'allOf', element: 'protocolIdentifier', list: [256] }, 'is no basicList'],
    ['subTemplateList', { semantic: 'allOf', templateId: 9, list: [{}] }, 'Template 9, which is not known'],
    ['subTemplateList', { semantic: 'allOf', templateId: 300, list: [{}] }, 'no sourceTransportPort'],
    ['subTemplateMultiList', { semantic: 'allOf', list: [{ templateId: 300 }] }, 'without records'],
    ['subTemplateMultiList', 5, 'is no subTemplateMultiList'],
  ])('%s refuses %j', (type, value, message) => {
    expect(() => encodeRecord(listTemplate(type), { [type]: value }, bytes, 0, { templates })).toThrow(message);
  });

  test('says -1 where a list does not fit, at every length', () => {
    const records = [{ sourceTransportPort: 80, interfaceName: 'a' }];
    const value = { semantic: 'allOf', list: [{ templateId: 300, records }] };
    for (let end = 0; end < 12; end++) {
      const context = { templates, end };
      expect(
        encodeRecord(listTemplate('subTemplateMultiList'), { subTemplateMultiList: value }, bytes, 0, context),
      ).toBe(-1);
    }
    expect(
      encodeRecord(listTemplate('subTemplateMultiList'), { subTemplateMultiList: value }, bytes, 0, { templates }),
    ).toBe(12);
  });
});
