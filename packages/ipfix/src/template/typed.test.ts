import { expect, expectTypeOf, test } from 'vitest';
import { elements } from '../elements/registry.js';
import { TransportSession } from '../message/session.js';
import { recordsWith } from '../message/typed.js';
import type { DataSet } from '../message/visitor.js';
import { messageOf, Recorder } from '../testing/messages.js';
import { fieldsOf, type Template } from './template.js';
import { defineTemplate, type RecordOf, type TypeOfElement, type ValueOf } from './typed.js';

const names = [
  'sourceIPv4Address',
  ['octetDeltaCount', 4],
  'protocolIdentifier',
  'reverseOctetDeltaCount',
  'vlanId',
  'vlanId',
  'samplingProbability',
  'paddingOctets',
] as const;

function setOf(template: Template, octets: readonly number[]): DataSet {
  const recorder = new Recorder();
  new TransportSession().decode(messageOf({}, [template], [[template.id, octets]]), recorder);
  return recorder.sets[0]!;
}

test('the record of a Template is typed by its names', () => {
  type Flow = RecordOf<typeof names>;
  expectTypeOf<Flow>().toEqualTypeOf<{
    sourceIPv4Address: string;
    octetDeltaCount: number | string;
    protocolIdentifier: number;
    reverseOctetDeltaCount: number | string;
    vlanId: number[];
    samplingProbability: number | null;
  }>();
  const template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(names.filter(name => name !== 'paddingOctets')) };
  const octets = [192, 0, 2, 1, 0, 0, 0, 9, 17, 0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 0, 2, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0];
  const [flow] = recordsWith(names, setOf(template, octets))!;
  expectTypeOf(flow!).toEqualTypeOf<Flow>();
  const vlan: number[] = flow!.vlanId;
  expect([vlan, flow!.samplingProbability, flow!.reverseOctetDeltaCount]).toEqual([[1, 2], 1, 8]);
});

test('a Template that is defined by names knows the type of its records', () => {
  const template = defineTemplate(300, ['sourceIPv4Address', ['octetDeltaCount', 2]]);
  expect(template.fields).toEqual(fieldsOf(['sourceIPv4Address', ['octetDeltaCount', 2]]));
  const records = recordsWith(template.names, setOf(template, [192, 0, 2, 1, 0, 9]))!;
  expectTypeOf(records).toEqualTypeOf<{ sourceIPv4Address: string; octetDeltaCount: number | string }[]>();
  expect(records).toEqual([{ sourceIPv4Address: '192.0.2.1', octetDeltaCount: 9 }]);
  expect(() => defineTemplate(300, ['noSuchElement'])).toThrow('noSuchElement');
});

test('records are of that type, or there are none', () => {
  const template = defineTemplate(300, ['vlanId', 'vlanId', ['protocolIdentifier', 1], 'sourceIPv4Address']);
  const set = setOf(template, [0, 1, 0, 2, 6, 192, 0, 2, 1]);
  expect(recordsWith(['protocolIdentifier'], set)![0]!.protocolIdentifier).toBe(6);
  expect(recordsWith(['vlanId', 'protocolIdentifier', 'vlanId'], set)![0]!.vlanId).toEqual([1, 2]);
  expect(recordsWith(['vlanId'], set)).toBeUndefined();
  expect(recordsWith(['octetDeltaCount'], set)).toBeUndefined();
  // 5 octets are no address, nor is a scope field one of the record.
  const odd = defineTemplate(300, [['sourceIPv4Address', 5]]);
  expect(recordsWith(['sourceIPv4Address'], setOf(odd, [1, 2, 3, 4, 5]))).toBeUndefined();
  const scoped = { ...template, scopeFieldCount: 4 };
  expect(recordsWith(['protocolIdentifier'], setOf(scoped, [0, 1, 0, 2, 6, 192, 0, 2, 1]))).toBeUndefined();
});

test('types of elements are those of the registry', () => {
  expectTypeOf<TypeOfElement<'octetDeltaCount'>>().toEqualTypeOf<'unsigned64'>();
  expectTypeOf<TypeOfElement<'reverseVRFname'>>().toEqualTypeOf<'string'>();
  expectTypeOf<TypeOfElement<'basicList'>>().toEqualTypeOf<'basicList'>();
  expectTypeOf<TypeOfElement<'applicationId'>>().toEqualTypeOf<'octetArray'>();
  expectTypeOf<TypeOfElement<'noSuchElement'>>().toEqualTypeOf<never>();
  expectTypeOf<ValueOf<'noSuchElement'>>().toEqualTypeOf<unknown>();
  expectTypeOf<ValueOf<'flowStartMilliseconds'>>().toEqualTypeOf<string>();
  for (const [name, type] of [
    ['octetDeltaCount', 'unsigned64'],
    ['reverseVRFname', 'string'],
    ['basicList', 'basicList'],
    ['applicationId', 'octetArray'],
  ]) {
    expect(elements.byName(name!)?.type).toBe(type);
  }
});
