import type { SessionCounters } from './counters.js';
import type { Version } from './format.js';

/** A larger jump is not believed to be loss but a new start of the exporter at another number. */
const MAXIMUM_GAP = 2 ** 24;
/** A Message that is further behind than this is not late but from an exporter that started again. */
const MAXIMUM_LATENESS = 2 ** 16;
/** Gaps remembered, so that late Messages can be taken off the loss. */
const MAXIMUM_GAPS = 16;

interface Gap {
  readonly from: number;
  readonly length: number;
}

/** Where what is missing is counted. */
export type LossCounter = 'lostRecords' | 'lostMessages';

/**
 * The sequence numbers of one Observation Domain in one Transport Session: the number of Data Records sent before a
 * Message, modulo 2^32 (RFC 7011 section 3.1); in NetFlow v9 the number of Messages (RFC 3954 section 5.1).
 */
export class SequenceTracker {
  /** Sequence number that the next Message should have; undefined while it cannot be known. */
  expected: number | undefined;
  /** Newest export time seen, seconds. */
  exportTime: number;
  readonly #lost: LossCounter;
  #gaps: Gap[] = [];

  constructor(expected?: number, exportTime = 0, lost: LossCounter = 'lostRecords') {
    this.expected = expected;
    this.exportTime = exportTime;
    this.#lost = lost;
  }

  /**
   * Takes note of a Message. `records` is how far it moves the sequence on: the number of its Data Records, undefined where a
   * Set without a known Template keeps it from being counted; 1 where Messages are counted.
   */
  observe(sequence: number, records: number | undefined, exportTime: number, counters: SessionCounters): void {
    if (this.expected !== undefined) {
      const ahead = (sequence - this.expected) | 0;
      if (ahead < 0 && this.#isLate(sequence, records, exportTime, -ahead, counters)) {
        counters.outOfOrder++;
        return;
      }
      if (ahead < 0 || ahead > MAXIMUM_GAP) {
        counters.restarts++;
        this.#gaps = [];
        this.exportTime = exportTime;
      } else if (ahead > 0) {
        counters[this.#lost] += ahead;
        this.#remember({ from: this.expected, length: ahead });
      }
    }
    this.expected = records === undefined ? undefined : (sequence + records) >>> 0;
    this.exportTime = Math.max(this.exportTime, exportTime);
  }

  /** Late or double, and not a new start: it fills a gap, or is not far behind and not exported later than what was seen. */
  #isLate(
    sequence: number,
    records: number | undefined,
    exportTime: number,
    behind: number,
    counters: SessionCounters,
  ): boolean {
    if (records && this.#fill(sequence, records)) {
      counters[this.#lost] -= records;
      return true;
    }
    return behind <= MAXIMUM_LATENESS && exportTime <= this.exportTime;
  }

  /** Takes [sequence, sequence + records) out of the gap that holds it; false where none does. */
  #fill(sequence: number, records: number): boolean {
    const index = this.#gaps.findIndex(gap => ((sequence - gap.from) >>> 0) + records <= gap.length);
    const gap = this.#gaps[index];
    if (gap === undefined) return false;
    const before = (sequence - gap.from) >>> 0;
    const after = gap.length - before - records;
    this.#gaps.splice(index, 1);
    if (before > 0) this.#remember({ from: gap.from, length: before });
    if (after > 0) this.#remember({ from: (sequence + records) >>> 0, length: after });
    return true;
  }

  #remember(gap: Gap): void {
    this.#gaps.push(gap);
    if (this.#gaps.length > MAXIMUM_GAPS) this.#gaps.shift();
  }
}

/** NetFlow v9 counts Messages; what it loses cannot be told in records. */
export function trackerFor(version: Version, expected?: number, exportTime?: number): SequenceTracker {
  return new SequenceTracker(expected, exportTime, version === 9 ? 'lostMessages' : 'lostRecords');
}
