import { batchOf } from '../../exporting/testing/batches.js';
import { flow } from '../../exporting/testing/fakes.js';
import type { FlowRecord } from '../../metering/flow-record.js';
import type { KernelCounters, KernelDoor, KernelSettings, RecordSource } from '../../metering/kernel-door.js';
import type { RecordBatch } from '../../metering/record-batch.js';

const RECORDS_A_READ = 256;
const ACTIVE_TIMEOUT = 2;
const END_DETECTED = 3;
const FORCED_END = 4;

interface Written {
  readonly record: FlowRecord;
  readonly isInterim: boolean;
  readonly hasPath: boolean;
}

/** A ring with room for so many records. */
export class FakeRing implements RecordSource {
  readonly descriptor = -1;
  batch: RecordBatch = batchOf([]);
  interimReports = 0;
  withoutPath = 0;
  lost = 0;
  /** Every record that was released. */
  released = 0;
  #waiting: Written[] = [];
  #read: Written[] = [];
  constructor(readonly capacity: number) {}

  get fill(): number {
    return this.#waiting.length + this.#read.length;
  }

  write(written: Written): void {
    if (this.fill < this.capacity) this.#waiting.push(written);
    else this.lost++;
  }

  read(): number {
    if (this.#read.length > 0) throw new Error('what was read before has not been released');
    this.#read = this.#waiting.splice(0, RECORDS_A_READ);
    this.batch = batchOf(this.#read.map(({ record }) => record));
    this.interimReports = this.#read.filter(({ isInterim }) => isInterim).length;
    this.withoutPath = this.#read.filter(({ hasPath }) => !hasPath).length;
    return this.#read.length;
  }

  lacksPath(i: number): boolean {
    return !this.#read[i].hasPath;
  }

  release(): void {
    this.released += this.#read.length;
    this.#read = [];
  }
}

/** What the programs would do with connections, each known by a number, which is its Flow's id and source port. */
export class FakeDoor implements KernelDoor {
  readonly records: FakeRing;
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly vlans = new Map<number, number>();
  exportedUntil = -1;
  reportInterval = 0;
  isAdopting = false;
  /** Connections that found no room for their report in the last sweep. */
  unreported = 0;
  /** What happens while metering is being ended. */
  whileEnding: () => void = () => {};
  #connections: number[] = [];
  #sweep: number[] = [];
  #isLastSweep = false;
  #meters = false;

  constructor(capacity = 100_000) {
    this.records = new FakeRing(capacity);
  }

  readonly settings: KernelSettings = {
    setClock: () => {},
    setReportInterval: milliseconds => {
      this.reportInterval = milliseconds;
    },
    setKeepingTimes: () => {},
    setExportedUntil: milliseconds => {
      this.exportedUntil = milliseconds;
    },
    setAdopting: on => {
      this.isAdopting = on;
    },
    setLastSweep: () => {
      this.#isLastSweep = true;
    },
  };

  /** Connections begin, with these numbers. */
  connect(from: number, count: number): void {
    for (let i = 0; i < count; i++) this.#connections.push(from + i);
  }

  /** A connection ends. */
  disconnect(number: number, hasPath = true): void {
    this.#connections = this.#connections.filter(each => each !== number);
    if (this.#meters) this.#write(number, END_DETECTED, hasPath);
  }

  begin(): void {
    this.#meters = true;
    this.calls.push('begin');
  }

  end(): void {
    this.whileEnding();
    this.#meters = false;
    this.calls.push('end');
  }

  close(): void {
    this.calls.push('close');
  }

  setVlan(index: number, vlan: number): void {
    if (vlan === 0) this.vlans.delete(index);
    else this.vlans.set(index, vlan);
  }

  setNeighbour(): void {}

  beginSweep(): void {
    this.#sweep = [...this.#connections];
  }

  stepSweep(count: number): number {
    const visited = this.#sweep.splice(0, count);
    for (const number of visited) {
      if (this.records.fill < this.records.capacity * 0.75)
        this.#write(number, this.#isLastSweep ? FORCED_END : ACTIVE_TIMEOUT);
      else if (this.#isLastSweep) this.unreported++;
    }
    return visited.length;
  }

  counters(): KernelCounters {
    return { lost: this.records.lost, overflows: 1, adopted: 2, unseenEnds: 3, counterResets: 4 };
  }

  #write(number: number, flowEndReason: number, hasPath = true): void {
    const record = flow({ flowId: number, sourcePort: number, flowEndReason });
    this.records.write({ record, isInterim: flowEndReason !== END_DETECTED, hasPath });
  }
}
