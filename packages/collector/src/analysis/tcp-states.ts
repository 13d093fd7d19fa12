import { type ClosingRecord, statesOf } from './closing.js';

/** A record with what it tells of its connection's states. */
export interface StateRecord extends ClosingRecord {
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly flowStart?: number;
  readonly responderRoundTripMicroseconds?: number;
  readonly initiatorRoundTripMicroseconds?: number;
}

export interface SeenState {
  /** Milliseconds since the epoch: when the state began where that is known, else by when it had been seen. */
  readonly at: number;
  readonly isExact: boolean;
  /** As the kernel calls it. */
  readonly state: string;
}

/** enum tcp_conntrack, in the order in which a connection goes through them. */
const names: readonly (readonly [state: number, name: string])[] = [
  [1, 'SYN_SENT'],
  [9, 'SYN_SENT2'],
  [2, 'SYN_RECV'],
  [3, 'ESTABLISHED'],
  [4, 'FIN_WAIT'],
  [5, 'CLOSE_WAIT'],
  [6, 'LAST_ACK'],
  [7, 'TIME_WAIT'],
  [8, 'CLOSE'],
];

/** The states of conntrack that records tell of. @param records by time */
export function tcpStates(records: readonly StateRecord[]): SeenState[] {
  let before = 0;
  return records.flatMap(record => {
    const seen = statesOf(record);
    const fresh = names.filter(([state]) => (seen & ~before & (1 << state)) !== 0);
    before |= seen;
    return fresh.map(([state, name]) => {
      const began = beginOf(state, record);
      return { at: began ?? record.end, isExact: began !== undefined, state: name };
    });
  });
}

/** The steps of the handshake are known by the first packet and the round trips. */
function beginOf(state: number, record: StateRecord): number | undefined {
  const { flowStart, responderRoundTripMicroseconds: answer, initiatorRoundTripMicroseconds: rest } = record;
  if (flowStart === undefined) return undefined;
  if (state === 1) return flowStart;
  if (answer === undefined) return undefined;
  if (state === 2) return flowStart + answer / 1000;
  return state === 3 && rest !== undefined ? flowStart + (answer + rest) / 1000 : undefined;
}

/** Milliseconds that a handshake took, both ways; undefined where no record tells both. */
export function roundTripOf(records: readonly StateRecord[]): number | undefined {
  for (const { responderRoundTripMicroseconds: one, initiatorRoundTripMicroseconds: two } of records) {
    if (one !== undefined && two !== undefined) return (one + two) / 1000;
  }
  return undefined;
}
