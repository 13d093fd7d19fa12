import { expect, test } from 'vitest';
import { roundTripOf, tcpStates } from './tcp-states.js';

const bits = (...states: number[]) => states.reduce((all, state) => all | (1 << state), 0);
const trips = { responderRoundTripMicroseconds: 20_000, initiatorRoundTripMicroseconds: 5000 };

test('the handshake is known to the packet, what follows by its record', () => {
  const records = [
    { flowStart: 1000, end: 2000, tcpState: 3, tcpStateHistory: bits(1, 2, 3), ...trips },
    { flowStart: 1000, end: 9000, tcpState: 7, tcpStateHistory: bits(1, 2, 3, 4, 7), ...trips },
  ];
  expect(tcpStates(records)).toEqual([
    { at: 1000, isExact: true, state: 'SYN_SENT' },
    { at: 1020, isExact: true, state: 'SYN_RECV' },
    { at: 1025, isExact: true, state: 'ESTABLISHED' },
    { at: 9000, isExact: false, state: 'FIN_WAIT' },
    { at: 9000, isExact: false, state: 'TIME_WAIT' },
  ]);
  expect(roundTripOf(records)).toBe(25);
});

test('without round trips or a start only the records say when', () => {
  expect(
    tcpStates([
      { end: 50, tcpState: 1 },
      { flowStart: 10, end: 60, tcpState: 3 },
    ]),
  ).toEqual([
    { at: 50, isExact: false, state: 'SYN_SENT' },
    { at: 60, isExact: false, state: 'ESTABLISHED' },
  ]);
});

test('exporters that tell no states, and half a round trip', () => {
  const records = [{ flowStart: 1, end: 2, responderRoundTripMicroseconds: 9 }];
  expect(tcpStates(records)).toEqual([]);
  expect(roundTripOf(records)).toBeUndefined();
});
