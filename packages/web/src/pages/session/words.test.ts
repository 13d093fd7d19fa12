import { describe, expect, test } from 'vitest';
import type { FlowRow, Session } from '../../api/types.js';
import { endingOf, endsOf, interfaceText, stretchesOf, untoldOf } from './words.js';

const FLOW: FlowRow = {
  id: '1',
  exporter: '192.0.2.1',
  observationDomainId: 1,
  start: 0,
  end: 1000,
  protocol: 6,
  protocolName: 'tcp',
  source: '10.0.0.2',
  sourcePort: 40000,
  destination: '198.51.100.7',
  destinationPort: 443,
  octets: 1,
  reverseOctets: 1,
  flowEndReason: 3,
  records: 1,
};
const SEEN = { exporter: '192.0.2.1', observationDomainId: 1, octets: 1, packets: 1, ingressInterface: 2 };
const SESSION: Session = {
  flow: FLOW,
  records: [],
  more: false,
  roundTrip: 1.5,
  closedBy: 'initiator',
  states: [{ at: 0, exact: true, state: 'SYN_SENT' }],
  seenBy: [SEEN],
  related: [],
};

describe('both ends', () => {
  test('are as they were sent', () => {
    expect(endsOf(FLOW)).toEqual({ before: { source: '10.0.0.2:40000', destination: '198.51.100.7:443' } });
  });

  test('and as they were sent on, where one was translated', () => {
    expect(endsOf({ ...FLOW, natSource: '203.0.113.5', natSourcePort: 1024 }).after).toEqual({
      source: '203.0.113.5:1024',
      destination: '198.51.100.7:443',
    });
    expect(endsOf({ ...FLOW, natDestination: '10.9.9.9' }).after).toEqual({
      source: '10.0.0.2:40000',
      destination: '10.9.9.9:443',
    });
  });
});

test('how it ended is said by who closed it, else by the reason', () => {
  expect(endingOf(SESSION)).toMatch(/initiator/i);
  expect(endingOf({ flow: FLOW })).toMatch(/end of the flow was seen/i);
  const open = { flow: { ...FLOW, flowEndReason: 2 } };
  expect(endingOf(open)).toMatch(/goes on/);
  expect(endingOf({ ...open, states: [{ at: 0, exact: true, state: 'TIME_WAIT' }] })).toMatch(/closed already/);
});

describe('what is not told', () => {
  test('is nothing where all is', () => expect(untoldOf(SESSION)).toEqual([]));

  test('is named', () => {
    const { octets: _, reverseOctets: __, ...flow } = FLOW;
    const bare = { flow, records: [], more: false, seenBy: [], related: [] };
    expect(untoldOf(bare)).toEqual(['counters', 'roundTrip', 'states', 'closedBy', 'interfaces']);
    expect(untoldOf({ ...bare, flow: { ...flow, octets: 1 } })).toContain('reverse');
  });

  test('is no handshake of what has none, and no end of what goes on', () => {
    const udp = { flow: { ...FLOW, protocol: 17 }, records: [], more: false, seenBy: [SEEN], related: [] };
    expect(untoldOf(udp)).toEqual([]);
    const { closedBy: _, ...open } = SESSION;
    expect(untoldOf({ ...open, flow: { ...FLOW, flowEndReason: 2 } })).toEqual([]);
  });
});

test('an interface has a name, else a number', () => {
  expect(interfaceText(2, 'eth0')).toBe('eth0');
  expect(interfaceText(2, undefined)).toBe('no. 2');
  expect(interfaceText(undefined, undefined)).toBeUndefined();
});

test('a state that is told again is still the same', () => {
  const states = [
    { at: 0, exact: true, state: 'SYN_SENT' },
    { at: 10, exact: true, state: 'ESTABLISHED' },
    { at: 500, exact: false, state: 'ESTABLISHED' },
    { at: 900, exact: false, state: 'TIME_WAIT' },
  ];
  expect(stretchesOf(states)).toEqual([
    { at: 0, exact: true, state: 'SYN_SENT', lasted: 10 },
    { at: 10, exact: true, state: 'ESTABLISHED' },
    { at: 900, exact: false, state: 'TIME_WAIT' },
  ]);
});
