import { beforeEach, describe, expect, test } from 'vitest';
import { FlowRecord } from './flow-record.js';
import { Observation, WORD_ID, WORD_KIND, WORD_PORTS, WORD_STATE, WORD_TIMEOUT } from './observation.js';
import { TcpHistory } from './tcp-history.js';

const T0 = 1_800_000_000_000;
const [SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, TIME_WAIT] = [1, 2, 3, 4, 7];

let history: TcpHistory;
beforeEach(() => {
  history = new TcpHistory(64);
});

function look(id: number, state: number): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_KIND] = (4 << 8) | 6;
  o.words[WORD_PORTS] = id;
  o.words[WORD_STATE] = state;
  return o;
}

/** State changes as [state, milliseconds after T0], the first one the connection's beginning. */
function pass(id: number, changes: [number, number][]): void {
  changes.forEach(([state, at], i) => {
    if (i === 0) history.begin(look(id, state), T0 + at, 0);
    else history.change(look(id, state), T0 + at);
  });
}

function described(id: number): FlowRecord {
  const record = new FlowRecord();
  const place = history.index.find(look(id, TIME_WAIT));
  if (place < 0) return record;
  history.describe(place, record);
  record.tcpStateHistory = history.statesOf(place);
  return record;
}

describe('a handshake', () => {
  test('has the times of both sides, and the states', () => {
    pass(1, [
      [SYN_SENT, 0],
      [SYN_RECV, 20.125],
      [ESTABLISHED, 20.625],
      [FIN_WAIT, 500],
    ]);
    expect(described(1)).toMatchObject({
      responderRoundTrip: 20_125,
      initiatorRoundTrip: 500,
      tcpStateHistory: 0b11110,
    });
  });

  test.each<[string, [number, number][]]>([
    [
      'is not known where the answer was not seen',
      [
        [SYN_SENT, 0],
        [ESTABLISHED, 30],
      ],
    ],
    [
      'is not known where the clock was set back',
      [
        [SYN_SENT, 0],
        [SYN_RECV, -3_600_000],
      ],
    ],
    [
      'is not known where the clock was set forward by an hour',
      [
        [SYN_SENT, 0],
        [SYN_RECV, 3_600_000],
      ],
    ],
    [
      'has no times where it began in the middle',
      [
        [ESTABLISHED, 0],
        [SYN_RECV, 1],
      ],
    ],
  ])('%s', (_, changes) => {
    pass(1, changes);
    expect(described(1)).toMatchObject({ responderRoundTrip: Number.NaN, initiatorRoundTrip: Number.NaN });
  });

  test('of a connection whose beginning was not seen tells nothing', () => {
    history.change(look(1, ESTABLISHED), T0);
    expect([history.size, described(1).tcpStateHistory]).toEqual([0, 0]);
  });

  test('of an id that is used again begins anew', () => {
    pass(1, [
      [SYN_SENT, 0],
      [SYN_RECV, 10],
      [ESTABLISHED, 20],
    ]);
    pass(1, [
      [SYN_SENT, 1000],
      [SYN_RECV, 1005],
    ]);
    expect(described(1)).toMatchObject({ responderRoundTrip: 5000, initiatorRoundTrip: Number.NaN });
    expect(history.size).toBe(1);
  });
});

describe('a flood of SYNs', () => {
  test('takes no more room, is counted, and pushes out no complete handshake', () => {
    const complete = Array.from({ length: 8 }, (_, i) => i + 1);
    for (const id of complete)
      pass(id, [
        [SYN_SENT, 0],
        [SYN_RECV, 1],
        [ESTABLISHED, 3],
      ]);
    for (let id = 1000; id < 101_000; id++) pass(id, [[SYN_SENT, id / 100]]);
    expect(history.size).toBeLessThanOrEqual(64);
    expect(history.evicted).toBe(8 + 100_000 - history.size);
    for (const id of complete) expect(described(id).initiatorRoundTrip, String(id)).toBe(2000);
  });
});

describe('the last packet of a connection that was cut short', () => {
  test.each([
    ['was the change of state in the second that the kernel tells', 60, 1000, 700],
    ['is what the kernel tells where packets came after the change', 60, 6000, 6000],
    ['is what the kernel tells where it expired', 0, 1000, 1000],
  ])('%s', (_, left, told, expected) => {
    pass(1, [
      [SYN_SENT, 0],
      [TIME_WAIT, 700],
    ]);
    const o = look(1, TIME_WAIT);
    o.words[WORD_TIMEOUT] = left;
    o.lastPacket = T0 + told;
    history.refineEnd(history.index.find(o), o);
    expect(o.lastPacket - T0).toBe(expected);
  });
});
