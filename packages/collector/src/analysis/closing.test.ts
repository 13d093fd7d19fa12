import { expect, test } from 'vitest';
import { type ClosingRecord, closedBy } from './closing.js';

const [SYN_ACK, FIN, RST] = [0x12, 0x01, 0x04];
const TCP = 6;
const both = (tcpControlBits: number, reverseTcpControlBits: number): ClosingRecord => ({
  tcpControlBits,
  reverseTcpControlBits,
});
/** States of conntrack as bits. */
const history = (...states: number[]): ClosingRecord => ({
  tcpState: states.at(-1)!,
  tcpStateHistory: states.reduce((bits, state) => bits | (1 << state), 0),
});

test.each<[string, ClosingRecord[], number | undefined, string | undefined]>([
  ['both FINs in one record', [both(FIN, FIN)], 3, 'both'],
  ['a RST behind both FINs changes nothing', [both(FIN | RST, FIN)], 3, 'both'],
  ['the initiator first', [both(SYN_ACK, SYN_ACK), both(FIN, SYN_ACK), both(0, FIN)], 3, 'initiator'],
  ['the responder first', [both(SYN_ACK, FIN), both(FIN, 0)], 3, 'responder'],
  ['the forward direction is the responder', [{ ...both(FIN, 0), biflowDirection: 2 }, both(0, FIN)], 3, 'responder'],
  ['a direction that says nothing', [{ ...both(FIN, 0), biflowDirection: 3 }, both(0, FIN)], 3, 'both'],
  ['one only, then silence', [both(FIN, SYN_ACK)], 1, 'initiator'],
  ['half closed, and it goes on', [both(FIN, SYN_ACK)], 2, undefined],
  ['a RST', [both(SYN_ACK, SYN_ACK | RST)], 3, 'reset'],
  ['a RST to a FIN', [both(FIN, RST)], 3, 'reset'],
  ['nothing but an end', [both(SYN_ACK, SYN_ACK)], 3, undefined],
  ['silence', [both(SYN_ACK, SYN_ACK)], 1, 'timeout'],
  ['one direction with a FIN', [{ tcpControlBits: FIN }], 3, undefined],
  ['one direction with a FIN and a RST', [{ tcpControlBits: FIN | RST }], 3, undefined],
  ['one direction with a RST alone', [{ tcpControlBits: RST }], 3, 'reset'],
  ['sampled: a RST, and FINs may be missing', [{ ...both(RST, 0), samplingInterval: 100 }], 3, undefined],
  ['sampled: which FIN was first', [{ ...both(FIN, 0), samplingInterval: 100 }, both(0, FIN)], 3, 'both'],
  ['a record without flags', [{}, both(RST, 0)], 3, undefined],
  ['conntrack: both closed', [history(1, 2, 3, 4, 7)], 3, 'both'],
  ['conntrack: a RST in TIME_WAIT', [history(1, 2, 3, 4, 7, 8)], 3, 'both'],
  ['conntrack: reset', [history(1, 2, 3, 8)], 3, 'reset'],
  ['conntrack: refused', [history(1, 8)], 3, 'reset'],
  ['conntrack: reset while it closed', [history(1, 2, 3, 4, 8)], 3, undefined],
  ['conntrack: only the end was seen', [history(8)], 3, undefined],
  ['conntrack: not answered', [history(1)], 1, 'timeout'],
  ['conntrack: closed, and it waits', [history(1, 2, 3), history(4, 7)], 2, 'both'],
  ['nothing told', [{}], undefined, undefined],
  ['ended from outside', [{}], 4, undefined],
])('TCP: %s', (_, records, reason, expected) => {
  expect(closedBy(records, TCP, reason)).toBe(expected);
});

test('other protocols have no flags: they end by silence', () => {
  expect(closedBy([both(FIN, FIN)], 17, 1)).toBe('timeout');
  expect(closedBy([both(FIN, FIN)], 17, 3)).toBeUndefined();
});
