import { ConntrackChanges } from '../conntrack/changes.js';
import { ConntrackEvents } from '../conntrack/events.js';
import { ConntrackSweep } from '../conntrack/sweep.js';
import { Timeouts } from '../conntrack/timeouts.js';
import type { Exporters } from '../exporting/exporters.js';
import { parseFields } from '../exporting/field-selection.js';
import { STATISTICS_TEMPLATE, type Statistics } from '../exporting/statistics.js';
import type { Host, SharedMemory } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { FlowTable, flowTableOctets } from '../metering/flow-table.js';
import { Meter } from '../metering/meter.js';
import { NatLog } from '../metering/nat-log.js';
import type { ChangeSink, ObservationSink } from '../metering/source.js';
import { TcpHistory } from '../metering/tcp-history.js';
import { ReliabilityGuard } from './guard.js';

/** Events are left to gather for this long, so that a quiet network does not cost a Message per Flow. */
const GATHER_MILLISECONDS = 20;
const STATISTICS_MILLISECONDS = 5000;
const HOUSEKEEPING_MILLISECONDS = 1000;
const TIMEOUTS_RELOAD_MILLISECONDS = 60_000;
/** Messages that one batch of events may fill: 256 records of at most 130 octets in Messages of 1,400. */
const MESSAGES_A_BATCH = 26;
/** Batches of events taken before the sweep and the timers get their turn. */
const BATCHES_A_PASS = 64;
/** What still waits when the probe is told to stop is taken for so long. */
const STOP_MILLISECONDS = 5000;

export interface LoopOptions {
  readonly exporters: Exporters;
  /** Milliseconds. */
  readonly activeTimeout: number;
  readonly domain: number;
  readonly eventBuffer: number;
  readonly reliable: boolean;
  readonly flowTableEntries: number;
  /** File of the flow table, or undefined for memory that ends with the process. */
  readonly statePath: string | undefined;
  /** Tells this boot and network namespace from others (FlowTable). */
  readonly owner: number;
  /** --fields, and whether to listen to changes of TCP connections. */
  readonly fields: string;
  readonly tcpEvents: boolean;
}

/** What the thread around the loop gives it. */
export interface LoopControl {
  stopping(): boolean;
  /** Called at each pass: a loop that stops calling is stuck. */
  beat(): void;
  /** The loop listens and has seen all connections once. */
  ready(adopted: number): void;
  log(line: string): void;
}

/** The probe's one loop: events, sweep, timers, export. Blocking, so it has a thread of its own. */
export class ProbeLoop {
  readonly #timeouts = new Timeouts();
  readonly #events: ConntrackEvents;
  readonly #sweep: ConntrackSweep;
  readonly #memory: SharedMemory;
  readonly #meter: Meter;
  /** What Observations go to: the Meter, or in its place the log of translations. */
  readonly #sink: ObservationSink & ChangeSink;
  readonly #changes: ConntrackChanges | undefined;
  readonly #exporter: Exporters;
  readonly #guard: ReliabilityGuard;
  readonly #adopted: number;
  readonly #begun: number;
  #nextSweep: number;
  #nextStatistics: number;
  #nextHousekeeping: number;
  #nextTimeouts: number;

  constructor(
    private readonly host: Host,
    private readonly options: LoopOptions,
    private readonly control: LoopControl,
  ) {
    this.#timeouts.reload(path => host.readText(path));
    // The listener first, the table after: what ends in between is seen twice rather than never.
    this.#events = new ConntrackEvents(host, this.#timeouts, options.eventBuffer, options.reliable);
    this.#sweep = new ConntrackSweep(host, this.#timeouts, options.activeTimeout);
    this.#memory = host.memory(flowTableOctets(options.flowTableEntries), options.statePath);
    const table = new FlowTable(this.#memory.buffer, options.flowTableEntries, options.owner);
    this.#adopted = table.adopted;
    const fields = parseFields(options.fields);
    this.#exporter = options.exporters;
    const emit = (record: FlowRecord) => this.#exporter.export(record);
    const tcp = options.tcpEvents ? new TcpHistory(options.flowTableEntries) : undefined;
    this.#meter = new Meter(table, options.activeTimeout, emit, undefined, tcp);
    this.#sink = fields.natLog ? new NatLog(emit) : this.#meter;
    if (fields.natLog || options.tcpEvents) {
      const wanted = fields.natLog ? 'beginnings' : 'tcp';
      this.#changes = new ConntrackChanges(host, this.#timeouts, options.eventBuffer, wanted);
    }
    this.#guard = new ReliabilityGuard(host, this.#events, line => control.log(line));
    this.#begun = host.clock.monotonic();
    this.#nextSweep = this.#begun;
    this.#nextStatistics = this.#begun;
    this.#nextHousekeeping = this.#begun;
    this.#nextTimeouts = this.#begun + TIMEOUTS_RELOAD_MILLISECONDS;
  }

  get eventDescriptor(): number {
    return this.#events.descriptor;
  }

  run(): void {
    let announced = false;
    while (!this.control.stopping()) {
      const begun = this.host.clock.monotonic();
      this.control.beat();
      this.#exporter.refresh();
      const more = this.#takeEvents();
      this.#takeSweep();
      this.#housekeep();
      this.#exporter.flush();
      if (!announced && this.#sweep.counters.sweeps > 0) {
        announced = true;
        this.control.ready(this.#adopted);
      }
      if (!more) this.#wait(begun);
    }
    this.#stop();
  }

  statistics(): Statistics {
    const { messages, octets, flowRecords, unsentRecords } = this.#exporter.counters;
    const { ended, counterResets, overflows, unobservedEnds } = this.#meter.counters;
    return {
      exportedMessageTotalCount: messages,
      exportedFlowRecordTotalCount: flowRecords,
      exportedOctetTotalCount: octets,
      notSentFlowTotalCount: this.#events.counters.lost + unsentRecords,
      observedFlowTotalCount: ended,
      conntrackEntryCount: this.#guard.entries,
      maxSessionEntries: this.#guard.limit,
      // An element of 16 bits.
      flowActiveTimeout: Math.min(0xffff, Math.round(this.options.activeTimeout / 1000)),
      deferredEventTotalCount: this.#events.counters.deferred,
      counterResetTotalCount: counterResets,
      flowTableOverflowTotalCount: overflows,
      unobservedEndTotalCount: unobservedEnds,
    };
  }

  /** @returns true when more events wait */
  #takeEvents(): boolean {
    const now = this.host.clock.wall();
    for (let batch = 0; batch < BATCHES_A_PASS; batch++) {
      if (!this.#exporter.hasCredit(MESSAGES_A_BATCH)) return false;
      this.#takeChanges();
      if (this.#events.receive(this.#sink, now) === 0) return false;
    }
    return true;
  }

  /** Before the ends: what is known of a connection is to be there when it ends. */
  #takeChanges(): void {
    for (let batch = 0; batch < BATCHES_A_PASS; batch++) {
      if (!this.#changes?.receive(this.#sink, this.host.clock.wall())) return;
    }
  }

  #takeSweep(): void {
    if (this.#exporter.isWaiting()) return;
    const now = this.host.clock.monotonic();
    if (!this.#sweep.active) {
      if (now < this.#nextSweep) return;
      this.#sweep.begin(this.#sink);
      // On a grid from the start, so that each Flow is met once per active timeout however long a sweep takes.
      const { activeTimeout } = this.options;
      this.#nextSweep = this.#begun + (Math.floor((now - this.#begun) / activeTimeout) + 1) * activeTimeout;
    }
    this.#sweep.step(this.#sink, () => this.#exporter.hasCredit(MESSAGES_A_BATCH));
  }

  #housekeep(): void {
    const now = this.host.clock.monotonic();
    if (now >= this.#nextHousekeeping) {
      this.#nextHousekeeping = now + HOUSEKEEPING_MILLISECONDS;
      this.#events.countDrops();
      this.#changes?.countDrops();
      this.#guard.check();
    }
    if (now >= this.#nextTimeouts) {
      this.#nextTimeouts = now + TIMEOUTS_RELOAD_MILLISECONDS;
      this.#timeouts.reload(path => this.host.readText(path));
    }
    if (now >= this.#nextStatistics) {
      this.#nextStatistics = now + STATISTICS_MILLISECONDS;
      this.#exportStatistics();
    }
  }

  #exportStatistics(): void {
    const values = { ...this.statistics(), observationDomainId: this.options.domain };
    this.#exporter.exportOptions({ template: STATISTICS_TEMPLATE, values });
  }

  /** Lets events gather, then sleeps until one comes or a timer is due. */
  #wait(begun: number): void {
    const now = this.host.clock.monotonic();
    this.host.sleep(Math.max(1, begun + GATHER_MILLISECONDS - now));
    if (this.#sweep.active) return;
    const due = Math.min(this.#nextSweep, this.#nextHousekeeping, this.#nextStatistics);
    const descriptors = [this.#events.descriptor];
    if (this.#changes !== undefined) descriptors.push(this.#changes.descriptor);
    this.host.poll(descriptors, Math.min(100, due - this.host.clock.monotonic()));
  }

  /** Takes what waits, reports every live connection once more, and leaves the flow table for the next start. */
  #stop(): void {
    const meter = this.#meter;
    const lastLook: ObservationSink = {
      beginSweep: () => meter.beginSweep(),
      observeLive: o => (this.#sink === meter ? meter.observeAtStop(o) : undefined),
      observeEnd: o => this.#sink.observeEnd(o),
      endSweep: () => {},
    };
    const pause = () => this.#awaitCredit();
    this.#drainEvents();
    // What a sweep under way has passed already would get no last look.
    if (this.#sweep.active) this.#sweep.complete(this.#sink, pause);
    this.#sweep.begin(lastLook);
    this.#sweep.complete(lastLook, pause);
    this.#drainEvents();
    this.#events.countDrops();
    this.#exportStatistics();
    this.#exporter.close();
    this.#events.close();
    this.#changes?.close();
    this.#sweep.close();
    this.#memory.close();
  }

  #drainEvents(): void {
    const deadline = this.host.clock.monotonic() + STOP_MILLISECONDS;
    this.#takeChanges();
    do this.#awaitCredit();
    while (this.#events.receive(this.#sink, this.host.clock.wall()) > 0 && this.host.clock.monotonic() < deadline);
  }

  #awaitCredit(): void {
    this.#exporter.flush();
    while (!this.#exporter.hasCredit(MESSAGES_A_BATCH)) this.host.sleep(1);
  }
}
