import type { FieldSelection } from '../exporting/field-selection.js';
import { type Host, type SharedMemory, SystemError } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { FlowTable, flowTableOctets } from '../metering/flow-table.js';
import { Meter } from '../metering/meter.js';
import type { MeterLimits } from '../metering/meter-options.js';
import { NatLog } from '../metering/nat-log.js';
import type { PathFinder } from '../metering/path-finder.js';
import { TOTALS } from '../metering/record-kinds.js';
import type { ChangeSink, ObservationSink } from '../metering/source.js';
import { TcpHistory } from '../metering/tcp-history.js';
import { KeyFilter } from '../selecting/key-filter.js';
import type { KeyTest } from '../selecting/key-test.js';

/** Bounds of memory, where they are not those of a server. */
export interface MeteringLimits extends MeterLimits {
  /** TCP connections whose handshakes and states are kept. */
  readonly tcpConnections: number;
}

export interface MeteringOptions {
  /** Milliseconds. */
  readonly activeTimeout: number;
  readonly fields: FieldSelection;
  readonly tcpEvents: boolean;
  readonly flowTableEntries: number;
  /** File of the flow table, or undefined for memory that ends with the process. */
  readonly statePath: string | undefined;
  /** Tells this boot and network namespace from others (FlowTable). */
  readonly owner: number;
  readonly key: KeyTest;
  readonly meteringLimits?: MeteringLimits | undefined;
}

/** The Metering Process: what Observations go into, and Flow Records come out of. */
export class Metering {
  readonly table: FlowTable;
  readonly meter: Meter;
  /** For Observations: the Meter, or in its place the log of translations, behind what the filter says of Flow Keys. */
  readonly sink: ObservationSink & ChangeSink;
  readonly #log: NatLog | undefined;
  readonly #memory: SharedMemory;

  /** @param emit takes the Flow Record; the instance is filled again after it returns */
  constructor(
    host: Host,
    private readonly options: MeteringOptions,
    paths: PathFinder,
    emit: (record: FlowRecord) => void,
  ) {
    const { activeTimeout, fields, flowTableEntries, meteringLimits: limits, owner, statePath, tcpEvents } = options;
    this.#memory = host.memory(flowTableOctets(flowTableEntries), statePath);
    if (!this.#memory.allocate(flowTableOctets(0))) throw new SystemError('ENOSPC', `${statePath}`);
    this.table = new FlowTable(this.#memory.buffer, flowTableEntries, owner, octets => this.#memory.allocate(octets));
    const tcp = tcpEvents ? new TcpHistory(limits?.tcpConnections ?? flowTableEntries) : undefined;
    const totals = fields.fields.some(({ needs }) => (needs & TOTALS) !== 0);
    this.meter = new Meter(this.table, activeTimeout, emit, paths, tcp, { ...limits, totals });
    this.#log = fields.natLog ? new NatLog(emit, limits?.recentEnds) : undefined;
    this.sink = this.#filtered(this.#log ?? this.meter);
  }

  /** For a last look at what lives: each connection is reported once more. */
  get lastLook(): ObservationSink & ChangeSink {
    const { meter } = this;
    const sink = this.#log ?? meter;
    return this.#filtered({
      beginSweep: () => sink.beginSweep(),
      observeLive: o => (sink === meter ? meter.observeAtStop(o) : undefined),
      observeEnd: o => sink.observeEnd(o),
      observeNew: (o, at) => sink.observeNew(o, at),
      observeChange: (o, at) => sink.observeChange(o, at),
      endSweep: () => {},
    });
  }

  close(): void {
    this.#memory.close();
  }

  #filtered(sink: ObservationSink & ChangeSink): ObservationSink & ChangeSink {
    return this.options.key.kind === 'always' ? sink : new KeyFilter(this.options.key, sink);
  }
}
