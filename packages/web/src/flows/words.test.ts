import { describe, expect, test } from 'vitest';
import type { FlowRow } from '../api/types.js';
import { caretLine, endpoint, endReason, icmpWord, narrowed, translated, unanswered } from './words.js';

const FLOW: FlowRow = {
  id: 'a',
  exporter: '127.0.0.1',
  observationDomainId: 1,
  start: 0,
  end: 1000,
  protocol: 6,
  protocolName: 'tcp',
  source: '10.0.0.2',
  destination: '198.51.100.7',
  sourcePort: 40000,
  destinationPort: 443,
  records: 1,
};

test('an IPv6 address with a port is in brackets', () => {
  expect(endpoint('2001:db8::1', 443)).toBe('[2001:db8::1]:443');
  expect(endpoint('2001:db8::1')).toBe('2001:db8::1');
  expect(endpoint('192.0.2.1', 0)).toBe('192.0.2.1:0');
});

describe('translation', () => {
  test('is absent where nothing was translated', () => expect(translated(FLOW)).toEqual({}));

  test('of the address keeps the port', () => {
    expect(translated({ ...FLOW, natSource: '203.0.113.5' })).toEqual({ source: '203.0.113.5:40000' });
  });

  test('of the port alone keeps the address', () => {
    expect(translated({ ...FLOW, natDestinationPort: 8443 })).toEqual({ destination: '198.51.100.7:8443' });
  });
});

test('end reasons in words, also those not known', () => {
  expect([1, 2, 3, 4, 5].map(code => endReason(code).word)).toEqual([
    'idle timeout',
    'live',
    'closed',
    'forced end',
    'lack of resources',
  ]);
  expect(endReason(undefined).word).toBe('not said');
  expect(endReason(77).word).toBe('reason 77');
});

test('ICMP types by protocol', () => {
  expect(icmpWord(FLOW)).toBeUndefined();
  expect(icmpWord({ ...FLOW, protocol: 1, icmpType: 8, icmpCode: 0 })).toBe('echo');
  expect(icmpWord({ ...FLOW, protocol: 58, icmpType: 128 })).toBe('echo');
  expect(icmpWord({ ...FLOW, protocol: 1, icmpType: 42, icmpCode: 3 })).toBe('type 42 code 3');
});

test('unanswered needs counters that say so', () => {
  expect(unanswered(FLOW)).toBe(false);
  expect(unanswered({ ...FLOW, packets: 1, reversePackets: 0 })).toBe(true);
  expect(unanswered({ ...FLOW, packets: 1, reversePackets: 2 })).toBe(false);
});

test('the caret stands under its column and never beyond the end', () => {
  expect(caretLine('src hots 1', 5)).toBe('    ^');
  expect(caretLine('tcp', 1)).toBe('^');
  expect(caretLine('tcp', 99)).toBe('   ^');
});

test('narrowing keeps what the filter meant', () => {
  expect(narrowed('', 'proto udp')).toBe('proto udp');
  expect(narrowed('nat', 'proto udp')).toBe('nat and proto udp');
  expect(narrowed('proto tcp or nat', 'host 10.0.0.1')).toBe('(proto tcp or nat) and host 10.0.0.1');
});
