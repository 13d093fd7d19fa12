import { ConnectionIndex } from './connection-index.js';
import type { FlowRecord } from './flow-record.js';
import { type Observation, WORD_STATE, WORD_TIMEOUT } from './observation.js';

/** enum tcp_conntrack. */
const SYN_SENT = 1;
const SYN_RECV = 2;
const ESTABLISHED = 3;
const FIN_WAIT = 4;
const CLOSE = 8;
/** A connection whose handshake is complete gives way to a half-open one only when it is so much older. */
const COMPLETE_MILLISECONDS = 3_600_000;
const NOT_KNOWN = 0xffffffff;
const MICROSECONDS = 1000;
/** A round trip beyond this is none: the initiator's SYN timer has long given up. */
const MAXIMUM_ROUND_TRIP = 0x7fffffff;
/** The seconds that a connection had left are rounded down by the kernel, and clocks of events differ by a little. */
const ROUNDING_MILLISECONDS = 1000;
const SLACK_MILLISECONDS = 50;

/**
 * What events of state tell of TCP connections until their end: when the handshake's steps were seen, which states there were,
 * when it closed. Bounded, so that a flood of SYNs costs no memory: half-open connections give way first.
 */
export class TcpHistory {
  /** Tells where a connection is kept. */
  readonly index: ConnectionIndex;
  /** Milliseconds since the Unix epoch: of the first packet, and of the last change to a closing state, 0 before. */
  readonly #began: Float64Array;
  readonly #closed: Float64Array;
  readonly #states: Uint16Array;
  readonly #responder: Uint32Array;
  readonly #initiator: Uint32Array;
  readonly #paths: Uint32Array;

  /** @param capacity connections, about 50 octets each */
  constructor(capacity: number) {
    this.index = new ConnectionIndex(capacity);
    const places = this.index.capacity;
    this.#began = new Float64Array(places);
    this.#closed = new Float64Array(places);
    this.#states = new Uint16Array(places);
    this.#responder = new Uint32Array(places);
    this.#initiator = new Uint32Array(places);
    this.#paths = new Uint32Array(places);
  }

  get size(): number {
    return this.index.size;
  }

  /** Connections of which nothing is known any more, for want of room. */
  get evicted(): number {
    return this.index.evicted;
  }

  /** A connection's first packet. @param at milliseconds since the Unix epoch @param path of the PathFinder, 0 not known */
  begin(o: Observation, at: number, path: number): void {
    const known = this.index.find(o);
    const place = known >= 0 ? known : this.index.take(o, at);
    this.index.setStamp(place, at);
    this.#began[place] = at;
    this.#closed[place] = 0;
    this.#states[place] = 1 << o.words[WORD_STATE];
    this.#responder[place] = NOT_KNOWN;
    this.#initiator[place] = NOT_KNOWN;
    this.#paths[place] = path;
  }

  /** A change of state. One of a connection whose beginning was not seen tells nothing. */
  change(o: Observation, at: number): void {
    const place = this.index.find(o);
    const state = o.words[WORD_STATE];
    if (place < 0 || state === 0) return;
    const before = this.#states[place];
    this.#states[place] = before | (1 << state);
    if (state === SYN_RECV && before === 1 << SYN_SENT) {
      this.#responder[place] = microseconds(at - this.#began[place]);
    } else if (state === ESTABLISHED && before === ((1 << SYN_SENT) | (1 << SYN_RECV))) {
      this.index.setStamp(place, at + COMPLETE_MILLISECONDS);
      const responder = this.#responder[place];
      if (responder !== NOT_KNOWN) {
        this.#initiator[place] = microseconds(at - this.#began[place] - responder / MICROSECONDS);
      }
    } else if (state >= FIN_WAIT && state <= CLOSE) this.#closed[place] = at;
  }

  /** The path that the connection's first packet took, 0 where it is not known. */
  pathOf(place: number): number {
    return this.#paths[place];
  }

  /** When the first packet came: milliseconds since the Unix epoch. */
  beginOf(place: number): number {
    return this.#began[place];
  }

  /**
   * Of a connection that was cut short while it closed, the last packet is known to the second only; where its change of state
   * lies in that second, it was it.
   */
  refineEnd(place: number, o: Observation): void {
    if (o.words[WORD_TIMEOUT] === 0) return;
    const late = o.lastPacket - this.#closed[place];
    if (late >= -SLACK_MILLISECONDS && late <= ROUNDING_MILLISECONDS + SLACK_MILLISECONDS) {
      o.lastPacket = this.#closed[place];
    }
  }

  /** A bit, 1 << state, for each state that the connection had. */
  statesOf(place: number): number {
    return this.#states[place];
  }

  /** Adds to the record how long the handshake took. */
  describe(place: number, record: FlowRecord): void {
    record.responderRoundTrip = roundTrip(this.#responder[place]);
    record.initiatorRoundTrip = roundTrip(this.#initiator[place]);
  }

  remove(place: number): void {
    this.index.remove(place);
  }
}

/** Events whose clock was stepped in between, or that came out of order, tell no round trip. */
function microseconds(milliseconds: number): number {
  const round = Math.round(milliseconds * MICROSECONDS);
  return round >= 0 && round <= MAXIMUM_ROUND_TRIP ? round : NOT_KNOWN;
}

function roundTrip(value: number): number {
  return value === NOT_KNOWN ? Number.NaN : value;
}
