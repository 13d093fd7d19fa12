import {
  END_DETECTED,
  ENDED,
  FORCED_END,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from '../metering/observation.js';
import { isClosed, isClosing, type Timeouts } from './timeouts.js';

/**
 * Fills in the time of the last packet, and the reason of the end. A connection expires its state's timeout after its last
 * packet, and `stop` is the time of expiry even where the kernel noticed later (nf_ct_delete); one that was cut short still had
 * `timeout` seconds to go, rounded down.
 *
 * @param stop milliseconds, 0 where the message does not say
 * @param now wall clock, milliseconds
 */
export function setTimes(o: Observation, stop: number, ended: boolean, now: number, timeouts: Timeouts): void {
  const { protocol } = o;
  const state = o.words[WORD_STATE];
  const status = o.words[WORD_STATUS];
  const left = o.words[WORD_TIMEOUT];
  const expired = ended && left === 0;
  const end = ended && stop > 0 ? stop : now;
  const earliest = o.has(HAS_START) ? Math.min(o.start, end) : Number.NEGATIVE_INFINITY;
  const idle = expired
    ? timeouts.untilExpiry(protocol, state, status, (end - earliest) / 1000)
    : timeouts.idle(protocol, state, status, left);
  o.seen = end;
  o.lastPacket = Math.max(earliest, end - idle * 1000);
  // The first packet was not after the last; first sight is at the last one.
  if (!ended && !o.has(HAS_START)) o.start = o.lastPacket;
  if (ended) o.words[WORD_FLAGS] |= ENDED;
  o.words[WORD_END_REASON] = endReason(expired, protocol, state);
}

function endReason(expired: boolean, protocol: number, state: number): number {
  if (expired) return isClosed(protocol, state) ? END_DETECTED : IDLE_TIMEOUT;
  return isClosing(protocol, state) ? END_DETECTED : FORCED_END;
}

/** Nanoseconds since the epoch as milliseconds. 2^32 ns are 4294.967296 ms; both sums stay below 2^53, so whole ones are exact. */
export function nanoseconds(high: number, low: number): number {
  return high * 4294 + (high * 967_296 + low) / 1e6;
}
