import { FlowRecord } from './flow-record.js';
import type { FlowTable } from './flow-table.js';
import {
  ACTIVE_TIMEOUT,
  COUNTER_WORDS,
  END_DETECTED,
  FORCED_END,
  HAS_COUNTERS,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  WORD_COUNTERS,
  WORD_END_REASON,
  WORD_TIMEOUT,
} from './observation.js';
import { RecentEnds } from './recent-ends.js';

/** A connection that two sweeps did not see, and that was last seen this long ago, has ended without an event. */
const UNOBSERVED_END_SWEEPS = 2;
const UNOBSERVED_END_MILLISECONDS = 30_000;

/** What moves in the Metering Process; totals since its start. */
export interface MeterCounters {
  /** Connections that ended, by whatever way the end was learned. */
  ended: number;
  interimReports: number;
  /** Ends that no event told of, found by comparing sweeps. What was counted after the last sweep is not known. */
  unobservedEnds: number;
  /** Connections whose counters something else set to zero. */
  counterResets: number;
  /** Live connections that found no room in the flow table: they are exported at their end only. */
  overflows: number;
  /** Events of ends that the kernel delivered again, and connections that a sweep still showed after their end: left out. */
  repeated: number;
}

/**
 * The Metering Process: Observations in, Flow Records out. Each sweep shows it every live connection about once per active
 * timeout; an end comes from an event, or from a connection's absence in two sweeps.
 */
export class Meter {
  readonly counters: MeterCounters = {
    ended: 0,
    interimReports: 0,
    unobservedEnds: 0,
    counterResets: 0,
    overflows: 0,
    repeated: 0,
  };
  readonly #record = new FlowRecord();
  readonly #recentEnds = new RecentEnds();
  #sweep = 0;

  /**
   * @param activeTimeout milliseconds after which a Flow that goes on is reported
   * @param emit takes the Flow Record; the instance is filled again after it returns
   */
  constructor(
    private readonly table: FlowTable,
    private readonly activeTimeout: number,
    private readonly emit: (record: FlowRecord) => void,
  ) {}

  beginSweep(): void {
    this.#sweep++;
  }

  /** A live connection, seen by the sweep. */
  observeLive(o: Observation): void {
    const slot = this.#slotOf(o);
    if (slot < 0) return;
    this.table.setSweep(slot, this.#sweep);
    // A sweep passes once per active timeout, so half of it is the line that keeps every pass but the one just after.
    const since = this.table.reported(slot) || this.table.start(slot);
    // Whichever way: after the clock was set back, the last report lies in the future.
    if (Math.abs(o.seen - since) >= this.activeTimeout / 2) this.#report(slot, o, ACTIVE_TIMEOUT);
  }

  /** A connection that the kernel has just dropped. */
  observeEnd(o: Observation): void {
    if (this.#recentEnds.isRepeated(o)) {
      this.counters.repeated++;
      return;
    }
    this.#recentEnds.add(o);
    const slot = this.#knownSlot(o);
    this.#finish(slot, o, o.words[WORD_END_REASON]);
  }

  /** After a complete sweep: exports the connections that went away unseen. */
  endSweep(now: number): void {
    for (let slot = 0; slot < this.table.usedSlots; slot++) {
      if (!this.table.isUsed(slot) || this.#sweep - this.table.sweep(slot) < UNOBSERVED_END_SWEEPS) continue;
      const o = this.table.observation(slot);
      if (now - o.seen < UNOBSERVED_END_MILLISECONDS) continue;
      this.#endUnobserved(slot, o, now);
    }
  }

  /** A live connection at the moment the Metering Process stops: reports what is new since its last report. */
  observeAtStop(o: Observation): void {
    const slot = this.#slotOf(o);
    if (slot >= 0) this.#report(slot, o, FORCED_END);
  }

  #slotOf(o: Observation): number {
    const slot = this.#knownSlot(o);
    if (slot >= 0) {
      this.table.update(slot, o);
      return slot;
    }
    if (this.#recentEnds.includes(o)) {
      this.counters.repeated++;
      return -1;
    }
    const inserted = this.table.insert(o);
    if (inserted < 0) this.counters.overflows++;
    return inserted;
  }

  /** Slot of this very connection, or -1; one that had its key before it has ended unseen. Fills in a start that is not known. */
  #knownSlot(o: Observation): number {
    const slot = this.table.find(o);
    if (slot < 0) return -1;
    if (this.#isAnother(slot, o)) {
      this.#endUnobserved(slot, this.table.observation(slot), o.start);
      return -1;
    }
    // First sight is not the first packet, but it is nearer to it than anything else that is known.
    if (!o.has(HAS_START)) o.start = this.table.start(slot);
    return slot;
  }

  /** The kernel reuses ids: a connection with the same key that began at another time is another connection. */
  #isAnother(slot: number, o: Observation): boolean {
    return o.has(HAS_START) && this.table.has(slot, HAS_START) && this.table.start(slot) !== o.start;
  }

  #endUnobserved(slot: number, o: Observation, now: number): void {
    const expired = now >= o.seen + o.words[WORD_TIMEOUT] * 1000;
    const cut = o.words[WORD_END_REASON];
    this.counters.unobservedEnds++;
    this.#finish(slot, o, cut !== END_DETECTED && expired ? IDLE_TIMEOUT : cut);
  }

  /** An interim report, unless nothing has happened since the last one. */
  #report(slot: number, o: Observation, reason: number): void {
    if (!o.has(HAS_COUNTERS)) return;
    this.#count(slot, o);
    if (!this.#isNothingNew()) {
      this.counters.interimReports++;
      this.#send(slot, o, reason);
    }
    // Also after silence: what comes next was counted since this look, not since the last report.
    this.table.setExported(slot, o, o.seen);
  }

  #isNothingNew(): boolean {
    return this.#record.counters.every(isZero);
  }

  #finish(slot: number, o: Observation, reason: number): void {
    this.counters.ended++;
    this.#count(slot, o);
    this.#send(slot, o, reason);
    if (slot >= 0) this.table.remove(slot);
  }

  /** Fills the record's counters with what was not exported yet. */
  #count(slot: number, o: Observation): void {
    const delta = this.#record.counters;
    if (slot >= 0 && o.has(HAS_COUNTERS)) {
      if (this.table.difference(slot, o, delta)) return;
      this.counters.counterResets++;
      this.table.rebase(slot);
    }
    for (let i = 0; i < COUNTER_WORDS; i++) delta[i] = o.words[WORD_COUNTERS + i];
  }

  #send(slot: number, o: Observation, reason: number): void {
    const record = this.#record;
    const reported = slot >= 0 ? this.table.reported(slot) : 0;
    record.identify(o);
    record.start = o.start > 0 ? o.start : Number.NaN;
    // What was counted since the last report came after it, whatever the estimate of the last packet says.
    record.end = this.#isNothingNew() ? o.lastPacket : Math.max(o.lastPacket, reported);
    record.intervalStart = reported > 0 ? Math.min(reported, record.end) : Number.NaN;
    record.flowEndReason = reason;
    this.emit(record);
  }
}

function isZero(word: number): boolean {
  return word === 0;
}
