import { describe, expect, test } from 'vitest';
import { REVERSE_PEN } from '../biflow/reverse.js';
import { flowEndReasonName, protocolName, protocolNumber } from './names.js';
import { ElementRegistry, elements, WEIR_PEN } from './registry.js';
import { naturalLength } from './types.js';

describe('elements', () => {
  test('knows IANA elements by number and by name', () => {
    const element = elements.byId(0, 1);
    expect(element).toEqual({
      id: 1,
      enterprise: 0,
      name: 'octetDeltaCount',
      type: 'unsigned64',
      semantics: 'deltaCounter',
      units: 'octets',
    });
    expect(elements.byName('octetDeltaCount')).toBe(element);
    expect(elements.byName('flowEndMilliseconds')?.type).toBe('dateTimeMilliseconds');
    expect(elements.byId(0, 533)?.name).toBe('pathDelaySumDeltaMicroseconds');
    expect(elements.byId(0, 105)).toBeUndefined();
    expect(elements.byName('OctetDeltaCount')).toBeUndefined();
  });

  test('knows Weir’s own elements', () => {
    expect(elements.byName('unobservedEndTotalCount')).toMatchObject({
      enterprise: WEIR_PEN,
      id: 5,
      type: 'unsigned64',
    });
    expect(elements.byId(32473, 1)?.name).toBe('conntrackEntryCount');
  });

  test('resolves Reverse Information Elements (RFC 5103)', () => {
    const reverse = elements.byId(REVERSE_PEN, 1);
    expect(reverse).toMatchObject({ enterprise: 29305, id: 1, name: 'reverseOctetDeltaCount', type: 'unsigned64' });
    expect(elements.byName('reverseOctetDeltaCount')).toBe(reverse);
    expect(elements.byName('reverseVRFname')?.id).toBe(elements.byName('VRFname')?.id);
    expect(elements.byName('reverse')).toBeUndefined();
    expect(elements.byName('reverseConntrackEntryCount')).toBeUndefined();
    expect(elements.byId(REVERSE_PEN, 105)).toBeUndefined();
  });
});

describe('register', () => {
  test('adds elements, which cannot take a name that is in use', () => {
    const registry = new ElementRegistry(() => [elements.byId(0, 1)!]);
    registry.register({ id: 7, enterprise: 6871, name: 'octetDeltaCount', type: 'unsigned8' });
    expect(registry.byName('octetDeltaCount')?.enterprise).toBe(0);
    expect(registry.byId(6871, 7)?.type).toBe('unsigned8');
  });

  test.each(['__proto__', '', 'a b', 'x'.repeat(256)])('refuses the name "%s"', name => {
    const registry = new ElementRegistry();
    expect(() => registry.register({ id: 1, enterprise: 1, name, type: 'string' })).toThrow('give it another');
  });

  test('refuses a number that does not fit the wire', () => {
    const registry = new ElementRegistry();
    const element = { id: 0x8000, enterprise: 1, name: 'tooLarge', type: 'string' } as const;
    expect(() => registry.register(element)).toThrow('out of range');
  });
});

test('natural lengths', () => {
  expect([naturalLength('unsigned256'), naturalLength('macAddress'), naturalLength('string')]).toEqual([32, 6, 65535]);
});

test('names of values', () => {
  expect([1, 2, 3, 4, 5, 6].map(flowEndReasonName)).toEqual([
    'idle timeout',
    'active timeout',
    'end of Flow detected',
    'forced end',
    'lack of resources',
    undefined,
  ]);
  expect([protocolName(6), protocolName(58), protocolName(253)]).toEqual(['tcp', 'ipv6-icmp', undefined]);
  expect([protocolNumber('UDP'), protocolNumber('sctp'), protocolNumber('nonsense')]).toEqual([17, 132, undefined]);
});
