/** Place of each counter in the words. The first are written by the loop's thread, the rest by the thread that keeps the session. */
const MESSAGES = 0;
const OCTETS = 1;
const FLOW_RECORDS = 2;
const UNSENT_RECORDS = 3;
const AWAY = 4;
const SESSIONS = 5;
const RESENT_OCTETS = 6;
const SPOOLED_OCTETS = 7;
const SPOOL_OCTETS = 8;
const SPOOL_DROPPED_RECORDS = 9;
const GIVEN_UP_RECORDS = 10;

/** 64-bit words that the counters of one collector take. */
export const COUNTER_WORDS = 11;

/** What moves between the Exporting Process and one collector; totals since the start, except where said otherwise. */
export interface CollectorTotals {
  /** Messages finished, and their octets. */
  readonly messages: number;
  readonly octets: number;
  readonly flowRecords: number;
  /** Data Records known not to have reached the collector. */
  readonly unsentRecords: number;
  /** Now: the collector is not there. */
  readonly away: boolean;
  /** Transport Sessions that were set up; more than one where the collector was away. */
  readonly sessions: number;
  /** Octets that were sent once more, because a session broke before they were known to have arrived. */
  readonly resentOctets: number;
  /** Octets written to the spool, octets in it now, and Data Records that it had to drop (also in unsentRecords). */
  readonly spooledOctets: number;
  readonly spoolOctets: number;
  readonly spoolDroppedRecords: number;
}

/** The counters of one collector in memory that threads may share. Each word has one writer. */
export class CollectorCounters implements CollectorTotals {
  constructor(private readonly words: Float64Array = new Float64Array(COUNTER_WORDS)) {}

  get messages(): number {
    return this.words[MESSAGES];
  }
  get octets(): number {
    return this.words[OCTETS];
  }
  get flowRecords(): number {
    return this.words[FLOW_RECORDS];
  }
  get unsentRecords(): number {
    return this.words[UNSENT_RECORDS] + this.words[SPOOL_DROPPED_RECORDS] + this.words[GIVEN_UP_RECORDS];
  }
  get away(): boolean {
    return this.words[AWAY] !== 0;
  }
  get sessions(): number {
    return this.words[SESSIONS];
  }
  get resentOctets(): number {
    return this.words[RESENT_OCTETS];
  }
  get spooledOctets(): number {
    return this.words[SPOOLED_OCTETS];
  }
  get spoolOctets(): number {
    return this.words[SPOOL_OCTETS];
  }
  get spoolDroppedRecords(): number {
    return this.words[SPOOL_DROPPED_RECORDS];
  }

  addMessage(octets: number): void {
    this.words[MESSAGES]++;
    this.words[OCTETS] += octets;
  }
  addFlowRecords(records: number): void {
    this.words[FLOW_RECORDS] += records;
  }
  addUnsent(records: number): void {
    this.words[UNSENT_RECORDS] += records;
  }
  setAway(away: boolean): void {
    this.words[AWAY] = away ? 1 : 0;
  }
  addSession(): void {
    this.words[SESSIONS]++;
  }
  addResent(octets: number): void {
    this.words[RESENT_OCTETS] += octets;
  }
  addSpooled(octets: number): void {
    this.words[SPOOLED_OCTETS] += octets;
  }
  setSpool(octets: number): void {
    this.words[SPOOL_OCTETS] = octets;
  }
  addSpoolDropped(records: number): void {
    this.words[SPOOL_DROPPED_RECORDS] += records;
  }
  addGivenUp(records: number): void {
    this.words[GIVEN_UP_RECORDS] += records;
  }
}

/** The sum over several collectors: a record that two of them got counts twice. */
export function sumOf(counters: readonly CollectorTotals[]): CollectorTotals {
  const sum = (of: (each: CollectorTotals) => number): number => counters.reduce((total, each) => total + of(each), 0);
  return {
    messages: sum(each => each.messages),
    octets: sum(each => each.octets),
    flowRecords: sum(each => each.flowRecords),
    unsentRecords: sum(each => each.unsentRecords),
    away: counters.every(each => each.away),
    sessions: sum(each => each.sessions),
    resentOctets: sum(each => each.resentOctets),
    spooledOctets: sum(each => each.spooledOctets),
    spoolOctets: sum(each => each.spoolOctets),
    spoolDroppedRecords: sum(each => each.spoolDroppedRecords),
  };
}
