import { expect, expectTypeOf, test } from 'vitest';
import { elements } from '../elements/registry.js';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { messageOf, Recorder } from '../testing/messages.js';
import { fieldsOf } from './template.js';
import type { RecordOf, TypeOfElement, ValueOf } from './typed.js';

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
  const recorder = new Recorder();
  new TransportSession().decode(messageOf({}, [template], [[256, octets]]), recorder);
  const flow = decodeRecords(recorder.sets[0]!)[0]!.record as Flow;
  const [vlan, probability] = [flow.vlanId, flow.samplingProbability];
  expect([vlan, probability, flow.reverseOctetDeltaCount]).toEqual([[1, 2], 1, 8]);
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
