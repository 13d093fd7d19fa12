import type { Clock } from '../host/host.js';
import { DESTINATION, type FlowRecord, SOURCE } from '../metering/flow-record.js';
import type { RecordBatch } from '../metering/record-batch.js';
import { type CollectorTotals, sumOf } from './collector-counters.js';
import type { OptionsRecord } from './encoder.js';
import { type Exporter, PATIENCE_MILLISECONDS } from './exporter.js';

/**
 * Which collectors get a Flow Record. all: every one. failover: the first, in the order given, that is there. balance: one, by
 * the Flow Key; while it is away, another one.
 */
export type Distribution = 'all' | 'failover' | 'balance';

/** Of the time in which a collector keeps up, the part that the others wait for it when it does not. */
const PATIENCE_SHARE = 0.1;

/**
 * The Exporting Process: all collectors together. What the slowest of them cannot take waits in the kernel; but where there are
 * several, one that stays slow holds the others up for no more than 15 seconds, and then a tenth of the time: the rest of
 * its records is lost to it, and counted. A collector that is away holds nobody up.
 */
export class Exporters {
  /** Data Records that are finished can be exported as they are: by IPFIX, and not by the Flow Key, which nobody reads then. */
  readonly takesRecords: boolean;
  /** Milliseconds that each may still hold the others up. */
  readonly #patience: Float64Array;
  readonly #checked: Float64Array;
  /** The collector of failover. */
  #chosen = 0;
  /** Where there is one collector, it gets all. */
  readonly #only: Exporter | undefined;

  constructor(
    readonly each: readonly Exporter[],
    private readonly distribution: Distribution,
    private readonly clock: Clock,
  ) {
    this.takesRecords = distribution !== 'balance' && each.every(exporter => exporter.takesRecords);
    this.#only = each.length === 1 ? each[0] : undefined;
    this.#patience = new Float64Array(each.length).fill(PATIENCE_MILLISECONDS);
    this.#checked = new Float64Array(each.length).fill(clock.monotonic());
  }

  get counters(): CollectorTotals {
    return sumOf(this.each.map(({ counters }) => counters));
  }

  /** May about `messages` more Messages be made now? If not, records are to wait where they are. */
  hasCredit(messages: number): boolean {
    if (this.distribution === 'failover') return this.#hasCredit(this.#chosen, messages);
    const alone = this.each.every(exporter => exporter.isAway);
    let credit = true;
    for (let i = 0; i < this.each.length; i++) {
      const { isAway, keeps } = this.each[i];
      if ((alone || keeps || !isAway) && !this.#hasCredit(i, messages)) credit = false;
    }
    return credit;
  }

  /** No collector is there, and one may yet come back: nothing is to be exported now. */
  isWaiting(): boolean {
    return this.each.every(exporter => exporter.isWaiting());
  }

  export(record: FlowRecord): void {
    if (this.#only !== undefined) this.#only.export(record);
    else if (this.distribution === 'all') for (let i = 0; i < this.each.length; i++) this.each[i].export(record);
    else this.each[this.distribution === 'failover' ? this.#chosen : this.#balance(record)].export(record);
  }

  /** Only where takesRecords. The batch's memory must stay as it is until `flush` has returned. */
  exportRecords(batch: RecordBatch): void {
    if (this.distribution === 'failover') this.each[this.#chosen].exportRecords(batch);
    else for (let i = 0; i < this.each.length; i++) this.each[i].exportRecords(batch);
  }

  /** Every collector gets it: any of them may get the Flow Records that it is about. */
  exportOptions(record: OptionsRecord): void {
    for (const exporter of this.each) exporter.exportOptions(record);
  }

  /** To be called at each pass. */
  refresh(): void {
    for (const exporter of this.each) exporter.refresh();
    if (this.distribution === 'failover') this.#chosen = this.#firstThere();
  }

  /** Sends all that has been written, and lets go of the memory of batches. */
  flush(): void {
    for (const exporter of this.each) exporter.flush();
  }

  close(): void {
    for (const exporter of this.each) exporter.close();
  }

  #hasCredit(i: number, messages: number): boolean {
    const exporter = this.each[i];
    const lacksRoom = exporter.lacksRoom(messages);
    if (this.#holdsUp(i, lacksRoom)) return false;
    // Whose patience is used up is not waited for: what it cannot take is lost to it.
    return lacksRoom || exporter.hasCredit(messages);
  }

  #holdsUp(i: number, lacksRoom: boolean): boolean {
    const now = this.clock.monotonic();
    const elapsed = now - this.#checked[i];
    this.#checked[i] = now;
    const regained = this.each.length === 1 ? PATIENCE_MILLISECONDS : elapsed * PATIENCE_SHARE;
    const patience = this.#patience[i] + (lacksRoom ? -elapsed : regained);
    this.#patience[i] = Math.max(0, Math.min(PATIENCE_MILLISECONDS, patience));
    return lacksRoom && this.#patience[i] > 0;
  }

  #firstThere(): number {
    const there = this.each.findIndex(exporter => !exporter.isAway);
    if (there >= 0) return there;
    return Math.max(
      0,
      this.each.findIndex(exporter => exporter.keeps),
    );
  }

  #balance(record: FlowRecord): number {
    const hash = flowKeyHash(record);
    const own = hash % this.each.length;
    if (!this.each[own].isAway || this.each[own].keeps) return own;
    let others = 0;
    for (const exporter of this.each) if (!exporter.isAway) others++;
    if (others === 0) return own;
    let skip = (hash >>> 16) % others;
    for (let i = 0; i < this.each.length; i++) if (!this.each[i].isAway && skip-- === 0) return i;
    return own;
  }
}

/** The same for all records of a Flow, whichever of its two ends is called the source. */
export function flowKeyHash(record: FlowRecord): number {
  const source = endHash(record, SOURCE, record.sourcePort);
  const destination = endHash(record, DESTINATION, record.destinationPort);
  return mix(Math.imul(source ^ destination, 0x9e3779b1) + source + destination + record.protocol) >>> 0;
}

function endHash(record: FlowRecord, address: number, port: number): number {
  let hash = 0x811c9dc5 ^ port;
  const octets = record.family === 6 ? 16 : 4;
  const from = record.place(address);
  for (let i = 0; i < octets; i++) hash = Math.imul(hash ^ record.octets[from + i], 0x01000193);
  return mix(hash);
}

/** The finalizer of MurmurHash3: each bit of the result depends on all of `value`. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
