/** What a record of a Flow tells of how its connection ended; absent is what the exporter does not tell. */
export interface ClosingRecord {
  readonly flowEndReason?: number;
  readonly tcpControlBits?: number;
  readonly reverseTcpControlBits?: number;
  /** States of conntrack: the last one, and a bit for each that was seen. */
  readonly tcpState?: number;
  readonly tcpStateHistory?: number;
  /** RFC 5103 section 6.3. */
  readonly biflowDirection?: number;
  readonly samplingInterval?: number;
}

/** A side, where its FIN was the first or the only one; both, where both sent one and none is known to be the first. */
export type ClosedBy = 'initiator' | 'responder' | 'both' | 'reset' | 'timeout';

const TCP = 6;
const IDLE_TIMEOUT = 1;
const ACTIVE_TIMEOUT = 2;
/** RFC 9293 section 3.1, in tcpControlBits as in the header (RFC 7125). */
const FIN = 1;
const RST = 4;

/**
 * How a Flow ended, where its records tell it.
 * @param records by time
 * @param reason flowEndReason of the record exported last
 */
export function closedBy(
  records: readonly ClosingRecord[],
  protocol: number,
  reason: number | undefined,
): ClosedBy | undefined {
  const told = protocol === TCP ? (byFlags(records, reason) ?? byStates(records)) : undefined;
  return told ?? (reason === IDLE_TIMEOUT ? 'timeout' : undefined);
}

/**
 * A connection is closed when both sides have sent a FIN (RFC 9293 section 3.6), or one a RST (section 3.5.3); behind both FINs a RST changes nothing.
 * That a flag was not seen says something only where every packet was looked at, in both directions.
 */
function byFlags(records: readonly ClosingRecord[], reason: number | undefined): ClosedBy | undefined {
  const [forward, reverse] = [flagsOf(records, 'tcpControlBits'), flagsOf(records, 'reverseTcpControlBits')];
  if ((forward & FIN) !== 0 && (reverse & FIN) !== 0) return firstToClose(records) ?? 'both';
  if (isSampled(records) || !records.every(each => each.tcpControlBits !== undefined)) return undefined;
  if (!records.every(each => each.reverseTcpControlBits !== undefined)) {
    // One direction: that it closed says nothing of the other; that it was reset without having closed says it all.
    return (forward & (RST | FIN)) === RST ? 'reset' : undefined;
  }
  if (((forward | reverse) & RST) !== 0) return 'reset';
  // Half closed: the other side may go on (RFC 9293 section 3.6).
  return reason === ACTIVE_TIMEOUT ? undefined : firstToClose(records);
}

function flagsOf(records: readonly ClosingRecord[], name: 'tcpControlBits' | 'reverseTcpControlBits'): number {
  return records.reduce((flags, each) => flags | (each[name] ?? 0), 0);
}

function isSampled(records: readonly ClosingRecord[]): boolean {
  return records.some(each => (each.samplingInterval ?? 1) > 1);
}

/** The side whose FIN is in an earlier record than the other's, or is the only one. */
function firstToClose(records: readonly ClosingRecord[]): 'initiator' | 'responder' | undefined {
  const first = records.find(each => (((each.tcpControlBits ?? 0) | (each.reverseTcpControlBits ?? 0)) & FIN) !== 0);
  const { tcpControlBits: forward, reverseTcpControlBits: reverse } = first ?? {};
  if (forward === undefined || reverse === undefined || isSampled(records)) return undefined;
  if ((forward & FIN) === (reverse & FIN)) return undefined;
  return roleOf((forward & FIN) !== 0, first?.biflowDirection);
}

/** RFC 5103 section 6.3: the forward direction is the initiator's (1), the responder's (2), or says nothing of it. By the first packet is its default. */
function roleOf(isForward: boolean, direction = 1): 'initiator' | 'responder' | undefined {
  if (direction !== 1 && direction !== 2) return undefined;
  return isForward === (direction === 1) ? 'initiator' : 'responder';
}

/** enum tcp_conntrack: see docs/reference/fields.md. */
const SYN_SENT = 1 << 1;
const CLOSING = (1 << 4) | (1 << 5);
const BOTH_CLOSED = (1 << 6) | (1 << 7);
const CLOSE = 1 << 8;

/**
 * Conntrack sees both directions, and does not tell which of them a FIN came from. It takes a connection to CLOSE at a RST; whether both had closed
 * before is known where its states were seen from its beginning.
 */
function byStates(records: readonly ClosingRecord[]): ClosedBy | undefined {
  const seen = records.reduce((states, each) => states | statesOf(each), 0);
  if ((seen & BOTH_CLOSED) !== 0) return 'both';
  const isReset = (seen & CLOSE) !== 0 && (seen & SYN_SENT) !== 0 && (seen & CLOSING) === 0;
  return isReset ? 'reset' : undefined;
}

/** A bit for each state that the record tells of. */
export function statesOf({ tcpState = 0, tcpStateHistory = 0 }: ClosingRecord): number {
  return (tcpStateHistory | (1 << tcpState)) & ~1;
}
