import {
  END_DETECTED,
  ENDED,
  FORCED_END,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  TIME_LAST_PACKET,
  TIME_SEEN,
  TIME_START,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_KIND,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from '../metering/observation.js';
import { TCP, TCP_CONNTRACK_CLOSE, TCP_CONNTRACK_FIN_WAIT, TCP_CONNTRACK_LAST_ACK } from './constants.js';
import type { Timeouts } from './timeouts.js';

/**
 * Fills in the time of the last packet, and the reason of the end. A connection expires its state's timeout after its last
 * packet, and `stop` is the time of expiry even where the kernel noticed later (nf_ct_delete); one that was cut short still had
 * `timeout` seconds to go, rounded down.
 *
 * @param stop milliseconds, 0 where the message does not say
 * @param now wall clock, milliseconds
 */
export function setTimes(o: Observation, stop: number, ended: boolean, now: number, timeouts: Timeouts): void {
  const words = o.ints;
  const times = o.times;
  const protocol = words[WORD_KIND] & 0xff;
  const state = words[WORD_STATE];
  const left = words[WORD_TIMEOUT] >>> 0;
  const expired = ended && left === 0;
  const end = ended && stop > 0 ? stop : now;
  const flags = words[WORD_FLAGS];
  const hasStart = (flags & HAS_START) !== 0;
  const status = words[WORD_STATUS];
  times[TIME_SEEN] = end;
  if (ended) words[WORD_FLAGS] = flags | ENDED;
  words[WORD_END_REASON] = protocol === TCP ? endReason(expired, state) : expired ? IDLE_TIMEOUT : FORCED_END;
  if (hasStart) {
    const earliest = Math.min(times[TIME_START], end);
    const age = (end - earliest) / 1000;
    const idle = expired
      ? timeouts.untilExpiry(protocol, state, status, age)
      : timeouts.idle(protocol, state, status, left);
    times[TIME_LAST_PACKET] = Math.max(end - idle * 1000, earliest);
    return;
  }
  // The age of a connection whose start is not known is beyond all timeouts.
  const idle = expired ? timeouts.ofState(protocol, state, status) : timeouts.idle(protocol, state, status, left);
  const lastPacket = end - idle * 1000;
  times[TIME_LAST_PACKET] = lastPacket;
  // The first packet was not after the last; first sight is at the last one.
  times[TIME_START] = ended ? 0 : lastPacket;
}

/**
 * Of TCP: a FIN or a RST has been seen: whatever ends the connection now, its end was detected. What expires with both sides closed, or
 * reset, does so after the kernel's waiting time, and is no idle Flow.
 */
function endReason(expired: boolean, state: number): number {
  const first = expired ? TCP_CONNTRACK_LAST_ACK : TCP_CONNTRACK_FIN_WAIT;
  if (state >= first && state <= TCP_CONNTRACK_CLOSE) return END_DETECTED;
  return expired ? IDLE_TIMEOUT : FORCED_END;
}

/** Half of what the last bit of milliseconds since the epoch stands for, from 2004 to 2039: so they are rounded down, and never up to the next whole one. */
const HALF = 122;

/** Nanoseconds since the epoch as milliseconds. 2^32 ns are 4294.967296 ms; both sums stay below 2^53, so whole ones are exact. */
export function nanoseconds(high: number, low: number): number {
  return high * 4294 + (high * 967_296 + low - HALF) / 1e6;
}
