import { ConnectionDetails } from './connection-details.js';
import type { ConnectionIndex } from './connection-index.js';
import { FlowRecord } from './flow-record.js';
import type { FlowTable } from './flow-table.js';
import { identify } from './identify.js';
import type { MeterCounters } from './meter-counters.js';
import type { MeterOptions } from './meter-options.js';
import {
  ACTIVE_TIMEOUT,
  END_DETECTED,
  FORCED_END,
  HAS_COUNTERS,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  TIME_LAST_PACKET,
  TIME_START,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_TIMEOUT,
} from './observation.js';
import type { PathFinder } from './path-finder.js';
import { putEnd } from './put-end.js';
import { RecentEnds } from './recent-ends.js';
import { END } from './record-layout.js';
import { putTime } from './record-values.js';
import type { TcpHistory } from './tcp-history.js';

/** A connection that two sweeps did not see, and that was last seen this long ago, has ended without an event. */
const UNOBSERVED_END_SWEEPS = 2;
const UNOBSERVED_END_MILLISECONDS = 30_000;
const TCP = 6;

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
  /** Connections that have details. */
  readonly #detailed: ConnectionIndex;
  readonly #recentEnds: RecentEnds;
  readonly #wantsTotals: boolean;
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
    options: MeterOptions = {},
  ) {
    this.#details = new ConnectionDetails(options.details ?? table.capacity);
    this.#detailed = this.#details.index;
    this.#recentEnds = new RecentEnds(options.recentEnds);
    this.#wantsTotals = options.totals ?? true;
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
    const flags = o.ints[WORD_FLAGS];
    // Never where the start is not known: the kernel uses ids again.
    if ((flags & HAS_START) !== 0 && this.#recentEnds.includes(o)) {
      this.counters.repeated++;
      return;
    }
    this.#recentEnds.add(o);
    const tcp = this.tcp;
    const place = tcp === undefined ? -1 : tcp.index.find(o);
    if (place >= 0) tcp?.refineEnd(place, o);
    const found = this.table.find(o);
    const slot = found < 0 ? found : this.#knownSlot(found, o);
    this.#finish(slot, place, o, o.ints[WORD_END_REASON]);
  }

  /** After a complete sweep: exports the connections that went away unseen. */
  endSweep(now: number): void {
    for (let slot = 0; slot < this.table.usedSlots; slot++) {
      if (!this.table.isUsed(slot) || this.table.sweepsWithout(slot, this.#sweep) < UNOBSERVED_END_SWEEPS) continue;
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
    this.#send(slot, this.#placeOf(o), o, FORCED_END);
    if (o.has(HAS_COUNTERS)) this.table.setExported(slot, o, o.seen);
  }

  #slotOf(o: Observation): number {
    const found = this.table.find(o);
    const slot = found < 0 ? found : this.#knownSlot(found, o);
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
    else if (this.paths !== undefined)
      this.table.setPath(inserted, this.#pathOf(this.#placeOf(o)) || this.#findPath(o));
    return inserted;
  }

  /**
   * The slot with the connection's key, or -1 where it is another connection's, which has ended unseen. Fills in a start that is not
   * known.
   */
  #knownSlot(slot: number, o: Observation): number {
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
    this.#finish(slot, this.#placeOf(o), o, cut !== END_DETECTED && expired ? IDLE_TIMEOUT : cut);
  }

  /** An interim report, unless nothing has happened since the last one. */
  #report(slot: number, o: Observation): void {
    if (!o.has(HAS_COUNTERS)) return;
    this.#count(slot, o);
    if (!this.#isNothingNew()) {
      this.counters.interimReports++;
      this.#send(slot, this.#placeOf(o), o, ACTIVE_TIMEOUT);
    }
    // Also after silence: what comes next was counted since this look, not since the last report.
    this.table.setExported(slot, o, o.seen);
  }

  // What follows is done for every Flow, so with few calls, which an interpreter takes long for. `slot` and `place` are where the flow table
  // and the TCP history keep the connection, -1 where they do not.

  #finish(slot: number, place: number, o: Observation, reason: number): void {
    this.counters.ended++;
    if (slot < 0) this.#record.counters.set(o.counters);
    else this.#count(slot, o);
    this.#send(slot, place, o, reason);
    if (slot >= 0) this.table.remove(slot);
    if (this.#detailed.size > 0) this.#details.remove(o);
    if (place >= 0) this.tcp?.remove(place);
  }

  /** Fills the record's counters with what was not exported yet. */
  #count(slot: number, o: Observation): void {
    const record = this.#record;
    if (slot >= 0 && o.has(HAS_COUNTERS)) {
      if (this.table.difference(slot, o, record.counters)) return;
      this.counters.counterResets++;
      this.table.rebase(slot);
    }
    record.counters.set(o.counters);
  }

  #send(slot: number, place: number, o: Observation, reason: number): void {
    const record = this.#record;
    const paths = this.paths;
    const hasTotals = slot < 0 || !this.table.wasReset(slot);
    let states = 0;
    identify(record, o);
    if (this.#detailed.size > 0) this.#details.describe(o, record);
    if (slot >= 0 || place >= 0 || (o.ints[WORD_FLAGS] & HAS_START) !== 0) {
      this.#setTimes(slot, place, o);
      states = this.#statesOf(slot, place);
    } else putTime(record.words, END, o.times[TIME_LAST_PACKET]);
    putEnd(record, o, reason, states, hasTotals);
    if (hasTotals && this.#wantsTotals) record.totals.set(o.counters);
    if (place >= 0) this.tcp?.describe(place, record);
    if (paths !== undefined) {
      if (slot < 0 && place < 0) paths.describe(paths.find(record), record);
      else this.#describePath(paths, slot, place, reason);
    }
    this.emit(record);
  }

  /** A bit, 1 << state, for each state of TCP that was seen before. */
  #statesOf(slot: number, place: number): number {
    const ofTable = slot < 0 ? 0 : this.table.tcpStates(slot);
    return place < 0 || this.tcp === undefined ? ofTable : ofTable | this.tcp.statesOf(place);
  }

  #setTimes(slot: number, place: number, o: Observation): void {
    const record = this.#record;
    const reported = slot >= 0 ? this.table.reported(slot) : 0;
    // After the clock was set back, the last report lies in the future and tells nothing of the end.
    const counted = reported === 0 || reported > o.seen || this.#isNothingNew() ? 0 : reported;
    const lastPacket = o.times[TIME_LAST_PACKET];
    // What was counted since the last report came after it, whatever the estimate of the last packet says.
    const end = lastPacket < counted ? counted : lastPacket;
    const isKnown = place < 0 || (o.ints[WORD_FLAGS] & HAS_START) !== 0;
    const start = isKnown || this.tcp === undefined ? o.times[TIME_START] : this.tcp.beginOf(place);
    if (start > end) this.counters.clockSteps++;
    record.end = end;
    record.start = start > end ? end : start;
    if (reported > 0) record.intervalStart = Math.min(reported, end);
  }

  /** The path as it is now, or, where that is not known any more, or the Flow has ended, as it was when it was seen last. */
  #describePath(paths: PathFinder, slot: number, place: number, reason: number): void {
    const kept = slot >= 0 ? this.table.path(slot) : place >= 0 ? this.#pathOf(place) : 0;
    const path = reason === ACTIVE_TIMEOUT || kept === 0 ? paths.find(this.#record) || kept : kept;
    if (slot >= 0 && path !== kept) this.table.setPath(slot, path);
    paths.describe(path, this.#record);
  }

  #findPath(o: Observation): number {
    identify(this.#record, o);
    return this.paths?.find(this.#record) ?? 0;
  }

  /** The path that the TCP history has, 0 where it has none. */
  #pathOf(place: number): number {
    return place < 0 || this.tcp === undefined ? 0 : this.tcp.pathOf(place);
  }

  #placeOf(o: Observation): number {
    return this.tcp === undefined ? -1 : this.tcp.index.find(o);
  }

  #isNothingNew(): boolean {
    return this.#record.counters.every(isZero);
  }
}

function isZero(word: number): boolean {
  return word === 0;
}
