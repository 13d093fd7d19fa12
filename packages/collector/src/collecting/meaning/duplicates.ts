import { fieldOfElement, fieldOfShortName, resolveName } from '@weir/flow';
import type { FlowBatch } from '../../flow/batch.js';
import { hasBit, type PresentMask } from '../../flow/present.js';
import type { IngestCounters } from '../counters.js';
import type { Exporter } from '../exporters.js';
import { type FlowOwners, ranked, type Told } from './flow-owners.js';
import { type TupleFields, TupleReader, tupleFields } from './tuple.js';

const { bit } = fieldOfElement('duplicate')!;
/** flowEndReason: the active timeout. The Flow goes on. */
const ACTIVE_TIMEOUT = 2;
/** Seconds by which clocks may differ. */
const CLOCKS = 120;
/** Seconds until the next report of a Flow that goes on: the active timeout of most exporters, and some more. */
const NEXT_REPORT = 360;
/** Records whose end is as far as this, in seconds, from their reception are not compared: of broken clocks. */
const OLDEST = 86_400;
const NEWEST = 600;

/** What the records of a Template have of what is compared; undefined where that is not enough. */
export interface ComparedFields {
  readonly tuple: TupleFields;
  readonly end: boolean;
  readonly start: boolean;
  readonly intervalStart: boolean;
  readonly reason: boolean;
  readonly counters: boolean;
  readonly reverse: boolean;
}

export function comparedFields(present: PresentMask): ComparedFields | undefined {
  const has = (name: string): boolean => resolveName(name)!.bits.some(each => hasBit(present, each));
  const tuple = tupleFields(present);
  if (tuple === undefined || !(has('end') || has('start'))) return undefined;
  return {
    tuple,
    ...{ end: has('end'), start: has('start'), intervalStart: has('intervalstart'), reason: has('reason') },
    counters: has('packets') || has('octets'),
    reverse: has('reversepackets') || has('reverseoctets'),
  };
}

/** Marks records of Flows that another exporter tells of, too. */
export class Duplicates {
  readonly #owners: FlowOwners;
  readonly #counters: IngestCounters;
  #batch: FlowBatch | undefined;
  #columns!: Columns;
  readonly #told: Told = { exporter: 0, begin: 0, end: 0, until: 0, now: 0, forward: true, reverse: false };

  constructor(owners: FlowOwners, counters: IngestCounters) {
    this.#owners = owners;
    this.#counters = counters;
  }

  /**
   * Marks the rows of the batch from `from` on, of one Data Set. Where no other exporter is heard this costs a look at its clock.
   * @param received milliseconds since the epoch
   */
  mark(batch: FlowBatch, from: number, fields: ComparedFields | undefined, exporter: Exporter, received: number): void {
    const owners = this.#owners;
    const now = Math.floor(received / 1000);
    if (!owners.hear(exporter.number, now) || fields === undefined) return;
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#columns = new Columns(batch, owners.seed);
    }
    this.#told.now = now;
    for (let row = from; row < batch.rows; row++) {
      if (!this.#isDuplicate(row, fields, exporter.number)) continue;
      this.#columns.duplicate[row] = 1;
      batch.mark(row, bit);
      exporter.repeated();
    }
    this.#counters.forgottenFlows = owners.forgotten;
  }

  #isDuplicate(row: number, fields: ComparedFields, exporter: number): boolean {
    const { tuple, samplingInterval } = this.#columns;
    if (!tuple.read(row, fields.tuple)) return false;
    const told = this.#told;
    told.exporter = ranked(exporter, samplingInterval[row]!);
    return this.#times(row, fields, told) && this.#directions(row, fields, told);
  }

  #times(row: number, { end, start, intervalStart, reason }: ComparedFields, told: Told): boolean {
    const columns = this.#columns;
    told.end = secondsOf(end ? columns.end : columns.start, row);
    const begin = intervalStart
      ? secondsOf(columns.intervalStart, row)
      : start
        ? secondsOf(columns.start, row)
        : told.end;
    told.begin = Math.min(begin, told.end);
    const isOver = reason && columns.reason[row] !== ACTIVE_TIMEOUT;
    told.until = told.end + (isOver ? CLOCKS : NEXT_REPORT);
    return told.end >= told.now - OLDEST && told.end <= told.now + NEWEST;
  }

  #directions(row: number, { counters, reverse }: ComparedFields, told: Told): boolean {
    const { packets, octets, reversePackets, reverseOctets, tuple } = this.#columns;
    told.reverse = reverse && (isPositive(reversePackets, row) || isPositive(reverseOctets, row));
    // A report in which nothing came is one of the Flow itself.
    told.forward = !told.reverse || !counters || isPositive(packets, row) || isPositive(octets, row);
    return this.#owners.tell(tuple.before, tuple.after, told);
  }
}

/** What is read of a batch. */
class Columns {
  readonly tuple: TupleReader;
  readonly duplicate: Uint8Array;
  readonly samplingInterval: Uint32Array;
  readonly reason: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly intervalStart: Uint32Array;
  readonly packets: Uint32Array;
  readonly octets: Uint32Array;
  readonly reversePackets: Uint32Array;
  readonly reverseOctets: Uint32Array;

  constructor(batch: FlowBatch, seed: number) {
    const buffer = (name: string) => batch.column(fieldOfShortName(name)!.column).data.buffer;
    const words = (name: string) => new Uint32Array(buffer(name));
    this.tuple = new TupleReader(batch, seed);
    this.duplicate = new Uint8Array(buffer('duplicate'));
    this.samplingInterval = words('sampling');
    this.reason = new Uint8Array(buffer('reason'));
    this.start = words('start');
    this.end = words('end');
    this.intervalStart = words('intervalstart');
    this.packets = words('packets');
    this.octets = words('octets');
    this.reversePackets = words('reversepackets');
    this.reverseOctets = words('reverseoctets');
  }
}

function secondsOf(words: Uint32Array, row: number): number {
  return Math.floor((words[row * 2]! + words[row * 2 + 1]! * 2 ** 32) / 1000) >>> 0;
}

function isPositive(words: Uint32Array, row: number): boolean {
  return (words[row * 2]! | words[row * 2 + 1]!) !== 0;
}
