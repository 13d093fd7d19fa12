import { describe, expect, test } from 'vitest';
import { isReversible, REVERSE_PEN } from '../biflow/reverse.js';
import { flowEndReasonName, protocolName, protocolNumber, valueName, valueNumber } from './names.js';
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

  test('what has no direction is not reversible (RFC 5103 section 6.1)', () => {
    const reversible = (name: string) => isReversible(elements.byName(name)!.id);
    const groups = [
      ['commonPropertiesId', 'templateId', 'flowId', 'observationDomainId', 'paddingOctets', 'biflowDirection'],
      ['exporterIPv4Address', 'exporterIPv6Address', 'exporterTransportPort', 'exportInterface', 'flowKeyIndicator'],
      ['collectorIPv4Address', 'collectorIPv6Address', 'collectorTransportPort', 'exportProtocolVersion'],
      [
        'exportTransportProtocol',
        'exportedMessageTotalCount',
        'exportedOctetTotalCount',
        'exportedFlowRecordTotalCount',
      ],
      ['observedFlowTotalCount', 'ignoredPacketTotalCount', 'ignoredOctetTotalCount', 'notSentFlowTotalCount'],
      ['notSentPacketTotalCount', 'notSentOctetTotalCount'],
    ];
    expect(groups.flat().filter(reversible)).toEqual([]);
    const numbers = Array.from({ length: 1024 }, (_, id) => id);
    expect(numbers.filter(id => !isReversible(id))).toHaveLength(groups.flat().length);
    expect(['octetDeltaCount', 'sourceIPv4Address', 'flowEndReason'].map(reversible)).toEqual([true, true, true]);
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

test('names of values of every sub-registry', () => {
  expect(valueName(230, 4)).toBe('NAT44 session create');
  expect(valueName(89, 129)).toBe('Dropped: ACL deny');
  expect(valueName(233, 3)).toBe('Flow Denied');
  expect(valueName(390, 3)).toBe('Random n-out-of-N Sampling');
  expect(valueName(297, 4)).toBe('IPv4-->IPv4 (no NAT)');
  expect(valueName(4, 17)).toBe('udp');
  expect([valueName(136, 9), valueName(1, 1), valueName(101, 5)]).toEqual([undefined, undefined, undefined]);
  expect(valueNumber(136, 'End of flow detected')).toBe(3);
  // Two values of natOriginatingAddressRealm are called so.
  expect(valueNumber(229, 'Private')).toBeUndefined();
});

describe('a registry over another', () => {
  test('knows what is below, and keeps its own to itself', () => {
    const upper = new ElementRegistry(undefined, elements);
    const { revision } = upper;
    upper.register({ id: 1, enterprise: 99, name: 'queueDepth', type: 'unsigned32' });
    expect(upper.revision).toBeGreaterThan(revision);
    expect(upper.byName('queueDepth')?.enterprise).toBe(99);
    expect(upper.byId(0, 1)).toBe(elements.byId(0, 1));
    expect(upper.byId(REVERSE_PEN, 1)?.name).toBe('reverseOctetDeltaCount');
    expect(upper.byName('reverseVRFname')).toBe(elements.byName('reverseVRFname'));
    expect(elements.byId(99, 1)).toBeUndefined();
  });

  test('cannot take a name from below', () => {
    const upper = new ElementRegistry(undefined, elements);
    upper.register({ id: 1, enterprise: 99, name: 'octetDeltaCount', type: 'unsigned8' });
    expect(upper.byName('octetDeltaCount')?.enterprise).toBe(0);
  });

  test('an element registered anew gives its old name back', () => {
    const upper = new ElementRegistry(undefined, elements);
    upper.register({ id: 1, enterprise: 99, name: 'before', type: 'unsigned8' });
    upper.register({ id: 1, enterprise: 99, name: 'after', type: 'unsigned8' });
    expect([upper.byName('before'), upper.byName('after')?.id]).toEqual([undefined, 1]);
  });

  test('refuses a type that is none', () => {
    const wrong = { id: 1, enterprise: 99, name: 'wrong', type: 'text' } as never;
    expect(() => new ElementRegistry().register(wrong)).toThrow('"text" is no data type');
  });
});
