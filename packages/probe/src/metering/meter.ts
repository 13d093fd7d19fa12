import { ConnectionDetails } from './connection-details.js';
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
  WORD_MARK,
  WORD_STATE,
  WORD_STATUS,
  WORD_TIMEOUT,
} from './observation.js';
import type { PathFinder } from './path-finder.js';
import { RecentEnds } from './recent-ends.js';
import type { TcpHistory } from './tcp-history.js';

/** A connection that two sweeps did not see, and that was last seen this long ago, has ended without an event. */
const UNOBSERVED_END_SWEEPS = 2;
const UNOBSERVED_END_MILLISECONDS = 30_000;
const TCP = 6;

/** Bounds of memory, where they are not those of a server. */
export interface MeterLimits {
  /** Ends that are remembered, a power of two: more than come while a datagram of a dump waits. */
  readonly recentEnds: number;
  /** Connections whose labels, helper and master are kept. */
  readonly details: number;
}

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
  /** Connections that began after their end, by the kernel's stamps: the clock was set back in between. */
  clockSteps: number;
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
    clockSteps: 0,
  };
  readonly #record = new FlowRecord();
  readonly #details: ConnectionDetails;
  readonly #recentEnds: RecentEnds;
  #sweep = 0;

  /**
   * @param activeTimeout milliseconds after which a Flow that goes on is reported
   * @param emit takes the Flow Record; the instance is filled again after it returns
   * @param paths where connections go; without it nothing is known of it
   * @param tcp what events tell of TCP connections; without it only what their end and the sweeps show is known
   */
  constructor(
    private readonly table: FlowTable,
    public activeTimeout: number,
    private readonly emit: (record: FlowRecord) => void,
    private readonly paths?: PathFinder,
    private readonly tcp?: TcpHistory,
    limits?: MeterLimits,
  ) {
    this.#details = new ConnectionDetails(limits?.details ?? table.capacity);
    this.#recentEnds = new RecentEnds(limits?.recentEnds);
  }

  /** Connections whose labels, helper or master found no room. */
  get detailOverflows(): number {
    return this.#details.evicted;
  }

  /** An event: the connection's first packet. @param at milliseconds since the Unix epoch */
  observeNew(o: Observation, at: number): void {
    this.#details.keep(o);
    this.tcp?.begin(o, at, this.paths === undefined ? 0 : this.#findPath(o));
  }

  /** An event: something of the connection has changed. @param at milliseconds since the Unix epoch */
  observeChange(o: Observation, at: number): void {
    this.#details.keep(o);
    if (o.protocol === TCP) this.tcp?.change(o, at);
  }

  beginSweep(): void {
    this.#sweep++;
  }

  /** A live connection, seen by the sweep. */
  observeLive(o: Observation): void {
    const slot = this.#slotOf(o);
    if (slot < 0) return;
    this.#details.keep(o);
    this.table.setSweep(slot, this.#sweep);
    // A sweep passes once per active timeout, so half of it is the line that keeps every pass but the one just after.
    const since = this.table.reported(slot) || this.table.start(slot);
    // Whichever way: after the clock was set back, the last report lies in the future.
    if (Math.abs(o.seen - since) >= this.activeTimeout / 2) this.#report(slot, o);
  }

  /** A connection that the kernel has just dropped. */
  observeEnd(o: Observation): void {
    if (this.#recentEnds.isRepeated(o)) {
      this.counters.repeated++;
      return;
    }
    this.#recentEnds.add(o);
    this.tcp?.refineEnd(o);
    const slot = this.#knownSlot(o);
    this.#finish(slot, o, o.words[WORD_END_REASON]);
  }

  /** After a complete sweep: exports the connections that went away unseen. */
  endSweep(now: number): void {
    for (let slot = 0; slot < this.table.usedSlots; slot++) {
      if (!this.table.isUsed(slot) || this.#sweep - this.table.sweep(slot) < UNOBSERVED_END_SWEEPS) continue;
      const o = this.table.observation(slot);
      // Whichever way: after the clock was set back, the last look lies in the future.
      if (Math.abs(now - o.seen) < UNOBSERVED_END_MILLISECONDS) continue;
      this.#endUnobserved(slot, o, now);
    }
  }

  /**
   * A live connection at the moment the Metering Process stops: its last report ("forced end"), also where nothing is new since the
   * one before, or nothing was ever counted. One without room in the flow table could not be remembered, and is left to its end.
   */
  observeAtStop(o: Observation): void {
    const slot = this.#slotOf(o);
    if (slot < 0) return;
    this.#count(slot, o);
    this.#send(slot, o, FORCED_END);
    if (o.has(HAS_COUNTERS)) this.table.setExported(slot, o, o.seen);
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
    else if (this.paths !== undefined) this.table.setPath(inserted, this.tcp?.pathOf(o) || this.#findPath(o));
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
  #report(slot: number, o: Observation): void {
    if (!o.has(HAS_COUNTERS)) return;
    this.#count(slot, o);
    if (!this.#isNothingNew()) {
      this.counters.interimReports++;
      this.#send(slot, o, ACTIVE_TIMEOUT);
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
    this.#details.remove(o);
    this.tcp?.remove(o);
  }

  /** Fills the record's counters with what was not exported yet. */
  #count(slot: number, o: Observation): void {
    const delta = this.#record.counters;
    if (slot >= 0 && o.has(HAS_COUNTERS)) {
      if (this.table.difference(slot, o, delta)) return;
      this.counters.counterResets++;
      this.table.rebase(slot);
    }
    const { words } = o;
    for (let i = 0; i < COUNTER_WORDS; i++) delta[i] = words[WORD_COUNTERS + i];
  }

  #send(slot: number, o: Observation, reason: number): void {
    const record = this.#record;
    this.#identify(o);
    record.status = o.words[WORD_STATUS];
    record.hasTotals = record.hasCounters && (slot < 0 || !this.table.wasReset(slot));
    if (record.hasTotals) for (let i = 0; i < COUNTER_WORDS; i++) record.totals[i] = o.words[WORD_COUNTERS + i];
    this.#details.describe(o, record);
    this.#describeTcp(slot, o);
    this.#setTimes(slot, o);
    record.flowEndReason = reason;
    this.#describePath(slot, o, reason);
    this.emit(record);
  }

  /** What tells the Flow from others, and what decides about its path. */
  #identify(o: Observation): void {
    this.#record.identify(o);
    this.#record.zone = o.zone;
    this.#record.mark = o.words[WORD_MARK];
  }

  #describeTcp(slot: number, o: Observation): void {
    const record = this.#record;
    record.tcpState = o.protocol === TCP ? o.words[WORD_STATE] : 0;
    record.tcpStateHistory = record.tcpState === 0 ? 0 : 1 << record.tcpState;
    record.responderRoundTrip = record.initiatorRoundTrip = Number.NaN;
    if (o.protocol !== TCP) return;
    if (slot >= 0) record.tcpStateHistory |= this.table.tcpStates(slot);
    this.tcp?.describe(o, record);
  }

  #setTimes(slot: number, o: Observation): void {
    const record = this.#record;
    const reported = slot >= 0 ? this.table.reported(slot) : 0;
    // After the clock was set back, the last report lies in the future and tells nothing of the end.
    const counted = this.#isNothingNew() || reported > o.seen ? 0 : reported;
    // What was counted since the last report came after it, whatever the estimate of the last packet says.
    record.end = Math.max(o.lastPacket, counted);
    record.start = this.#startOf(o);
    if (record.start > record.end) {
      this.counters.clockSteps++;
      record.start = record.end;
    }
    record.intervalStart = reported > 0 ? Math.min(reported, record.end) : Number.NaN;
  }

  /** NaN where it is not known. */
  #startOf(o: Observation): number {
    if (!o.has(HAS_START)) {
      const began = this.tcp?.beginOf(o) ?? 0;
      if (began > 0) return began;
    }
    return o.start > 0 ? o.start : Number.NaN;
  }

  /** The path as it is now, or, where that is not known any more, or the Flow has ended, as it was when it was seen last. */
  #describePath(slot: number, o: Observation, reason: number): void {
    const { paths } = this;
    if (paths === undefined) return;
    const kept = slot >= 0 ? this.table.path(slot) : (this.tcp?.pathOf(o) ?? 0);
    const path = reason === ACTIVE_TIMEOUT || kept === 0 ? paths.find(this.#record) || kept : kept;
    if (slot >= 0 && path !== kept) this.table.setPath(slot, path);
    paths.describe(path, this.#record);
  }

  #findPath(o: Observation): number {
    this.#identify(o);
    return this.paths?.find(this.#record) ?? 0;
  }
}

function isZero(word: number): boolean {
  return word === 0;
}
