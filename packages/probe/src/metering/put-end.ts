import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import { BIFLOW_DIRECTION_INITIATOR, type FlowRecord } from './flow-record.js';
import { type Observation, WORD_KIND, WORD_STATE } from './observation.js';
import { TCP } from './protocols.js';
import { COUNTERS, TCP_HISTORY, TCP_STATE, TOTALS } from './record-kinds.js';
import { END_REASON } from './record-layout.js';

/**
 * Fills in why the record is made, and the states of TCP. For every Flow: so word by word.
 *
 * @param states a bit, 1 << state, for each that was seen before
 * @param hasTotals the kernel's counters are totals, where it has any
 */
export function putEnd(record: FlowRecord, o: Observation, reason: number, states: number, hasTotals: boolean): void {
  const from = o.ints;
  const words = record.words;
  let kind = record.kind;
  let ending = (reason << 24) | (BIFLOW_DIRECTION_INITIATOR << 16);
  if (hasTotals && (kind & COUNTERS) !== 0) kind |= TOTALS;
  if ((from[WORD_KIND] & 0xff) === TCP) {
    const state = from[WORD_STATE];
    const history = state === 0 ? states : states | (1 << state);
    if (state !== 0) kind |= TCP_STATE;
    if (history !== 0) kind |= TCP_HISTORY;
    ending |= (state << 8) | (history >> 8);
    words[END_REASON + 1] = IS_LITTLE_ENDIAN ? history & 0xff : history << 24;
  }
  words[END_REASON] = IS_LITTLE_ENDIAN ? swapped(ending) : ending;
  record.kind = kind;
}
