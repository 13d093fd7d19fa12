import { ignoredPackets } from '../conntrack/kernel-statistics.js';
import type { Exporters } from '../exporting/exporters.js';
import type { FieldSelection } from '../exporting/field-selection.js';
import type { FlowTemplates } from '../exporting/flow-templates.js';
import { optionsData } from '../exporting/options/options-data.js';
import type { OptionsScheduler } from '../exporting/options/scheduler.js';
import type { Host } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { type AsNumbers, readAsNumbers } from '../routing/as-numbers.js';
import { KernelPaths, type PathLimits } from '../routing/kernel-paths.js';
import { interfaceNumbers } from '../selecting/interface-numbers.js';
import { Selection, type SelectionOptions } from '../selecting/selection.js';
import { CtnetlinkMetering } from './ctnetlink-metering.js';
import { type KernelMeter, KernelMetering } from './kernel-metering.js';
import type { Log } from './log.js';
import { add, type LoopStatistics, loopStatistics } from './loop-statistics.js';
import { Metering, type MeteringLimits } from './metering.js';
import type { MeteringProcess } from './metering-process.js';
import { selectionData } from './selection-data.js';
import { Sources } from './sources.js';
import { Timer } from './timer.js';
import { CTNETLINK_SETTINGS, kernelMeterSettings, type Setting, Upkeep } from './upkeep.js';

/** Events are left to gather for this long, so that a quiet network does not cost a Message per Flow. */
const GATHER_MILLISECONDS = 20;
const HOUSEKEEPING_MILLISECONDS = 1000;
const UPKEEP_MILLISECONDS = 2000;
const TIMEOUTS_RELOAD_MILLISECONDS = 60_000;
/** Messages that one batch of events may fill: 256 records of at most 130 octets in Messages of 1,400. */
const MESSAGES_A_BATCH = 26;
/** Batches of events taken before the sweep and the timers get their turn. */
const BATCHES_A_PASS = 64;

/** What can be changed while the loop runs. */
export interface Changeable {
  readonly exporters: Exporters;
  /** Milliseconds. */
  readonly activeTimeout: number;
}

export interface LoopOptions extends Changeable {
  /** Observation Domain ID, and the name of the network namespace, '' where it has none. */
  readonly domain: number;
  readonly domainName: string;
  readonly fields: FieldSelection;
  /** Shared with the encoders. */
  readonly templates: FlowTemplates;
  readonly tcpEvents: boolean;
  readonly selection: SelectionOptions;
  /** File of prefixes and their autonomous systems. */
  readonly asTable: string | undefined;
  readonly eventBuffer: number;
  /** Bounds of what is remembered of routes; undefined: those of a server. */
  readonly pathLimits?: PathLimits;
  /** Bounds of what is kept of connections beside the flow table; undefined: those of a server. */
  readonly meteringLimits?: MeteringLimits;
  readonly reliable: boolean;
  readonly flowTableEntries: number;
  /** File of the flow table, or undefined for memory that ends with the process. */
  readonly statePath: string | undefined;
  /** Tells this boot and network namespace from others (FlowTable). */
  readonly owner: number;
  /** Put back what others take away (Upkeep). */
  readonly mends: boolean;
  /** Undefined: metering is by ctnetlink. */
  readonly kernelMeter: KernelMeter | undefined;
}

/** What the thread around the loop gives it. */
export interface LoopControl {
  stopping(): boolean;
  /** Called at each pass: a loop that stops calling is stuck. */
  beat(): void;
  /** Count of failed deliveries at which reliable delivery was taken away from the loop, once where it was: it had been stuck. */
  tookReliability(): number | undefined;
  /** Called at each pass, between events and sweep: what is to be changed now. */
  change(): Changeable | undefined;
  /** Called when that has taken effect. */
  changed(): void;
  /** The loop listens and has seen all connections once. */
  ready(adopted: number): void;
  /** Called about once a second. */
  statistics(statistics: LoopStatistics): void;
  readonly log: Log;
}

/** The probe's one loop: events, sweep, timers, export. Blocking, so it has a thread of its own. */
export class ProbeLoop {
  readonly #paths: KernelPaths;
  readonly #asNumbers: AsNumbers | undefined;
  readonly #selection: Selection;
  readonly #metering: MeteringProcess;
  readonly #options: OptionsScheduler;
  readonly #upkeep: Upkeep;
  #exporters: Exporters;
  /** What exporters counted that have been replaced. */
  readonly #replaced = { messages: 0, octets: 0, flowRecords: 0, unsentRecords: 0 };
  #reconfigurations = 0;
  #activeTimeout: number;
  #sweepTimer: Timer;
  readonly #housekeepingTimer: Timer;
  readonly #upkeepTimer: Timer;
  readonly #timeoutsTimer: Timer;

  constructor(
    private readonly host: Host,
    options: LoopOptions,
    private readonly control: LoopControl,
  ) {
    this.#exporters = options.exporters;
    this.#activeTimeout = options.activeTimeout;
    this.#paths = new KernelPaths(host, options.pathLimits);
    this.#asNumbers = options.asTable === undefined ? undefined : readAsNumbers(host, options.asTable);
    const interfaceIndex = interfaceNumbers(this.#paths.interfaces);
    this.#selection = new Selection(options.selection, { interfaceIndex, domain: options.domain });
    this.#metering = this.#meteringProcess(options);
    this.#options = this.#optionsData(options);
    this.#upkeep = new Upkeep(host, options.mends, settingsOf(options), control.log);
    const now = host.clock.monotonic();
    this.#sweepTimer = new Timer(options.activeTimeout, now);
    this.#housekeepingTimer = new Timer(HOUSEKEEPING_MILLISECONDS, now);
    this.#upkeepTimer = new Timer(UPKEEP_MILLISECONDS, now + UPKEEP_MILLISECONDS);
    this.#timeoutsTimer = new Timer(TIMEOUTS_RELOAD_MILLISECONDS, now + TIMEOUTS_RELOAD_MILLISECONDS);
  }

  #meteringProcess(options: LoopOptions): MeteringProcess {
    const { host } = this;
    const emit = (record: FlowRecord) => this.#emit(record);
    if (options.kernelMeter !== undefined) {
      const direct = this.#selection.isAll && this.#asNumbers === undefined;
      const exporters = () => this.#exporters;
      const own = { direct, exporters, paths: this.#paths, log: this.control.log, emit };
      return new KernelMetering(host, options.kernelMeter, { ...options, ...own });
    }
    const { key } = this.#selection;
    const metering = new Metering(host, { ...options, key }, this.#paths, emit);
    const changes = options.fields.natLog ? 'beginnings' : options.tcpEvents ? 'tcp' : undefined;
    return new CtnetlinkMetering(host, new Sources(host, { ...options, changes, key }), metering, this.control.log);
  }

  #optionsData({ domain, domainName, fields, templates }: LoopOptions): OptionsScheduler {
    return optionsData(this.host.clock, {
      domain,
      domainName,
      fields,
      templates,
      interfaces: this.#paths.interfaces,
      statistics: () => this.statistics(),
      // Of the network namespace that this thread is in.
      ignoredPackets: () => ignoredPackets(this.host.readText('/proc/thread-self/net/stat/nf_conntrack')),
      others: selectionData(this.#selection, templates),
    });
  }

  get eventDescriptor(): number | undefined {
    return this.#metering.eventDescriptor;
  }

  run(): void {
    let announced = false;
    while (!this.control.stopping()) {
      const begun = this.host.clock.monotonic();
      this.control.beat();
      this.#exporters.refresh();
      this.#paths.update();
      const more = this.#takeEvents();
      this.#takeSweep();
      this.#housekeep();
      this.#exporters.flush();
      if (!announced && this.#metering.isReady) {
        announced = true;
        this.control.ready(this.#metering.adopted);
      }
      const change = this.control.change();
      if (change !== undefined) {
        this.reconfigure(change);
        this.control.changed();
      }
      if (!more) this.#wait(begun);
    }
    this.#stop();
  }

  /** Between two passes: the event socket, the flow table and a sweep under way stay as they are. */
  reconfigure({ exporters, activeTimeout }: Changeable): void {
    this.#reconfigurations++;
    this.#exporters.flush();
    for (const exporter of this.#exporters.each) {
      if (exporters.each.includes(exporter)) continue;
      exporter.close();
      add(this.#replaced, exporter.counters);
    }
    this.#exporters = exporters;
    this.#options.repeat();
    if (activeTimeout === this.#activeTimeout) return;
    this.#activeTimeout = activeTimeout;
    this.#metering.setActiveTimeout(activeTimeout);
    this.#sweepTimer = new Timer(activeTimeout, this.host.clock.monotonic());
  }

  /** The way of a Flow Record from the Metering to the Exporting Process. */
  #emit(record: FlowRecord): void {
    this.#asNumbers?.annotate(record);
    if (!this.#selection.accepts(record)) return;
    if (this.#selection.technique !== undefined) this.#selection.anonymise(record);
    this.#exporters.export(record);
  }

  statistics(): LoopStatistics {
    return loopStatistics({
      exported: add({ ...this.#replaced }, this.#exporters.counters),
      activeTimeout: this.#activeTimeout,
      sweepLag: this.#sweepLag(),
      reconfigurations: this.#reconfigurations,
      metering: this.#metering.statistics(),
      paths: this.#paths,
      selection: this.#selection,
      upkeep: this.#upkeep,
    });
  }

  /** A sweep is to be over before the next one is due. */
  #sweepLag(): number {
    return Math.max(0, this.host.clock.monotonic() - this.#sweepTimer.due) / 1000;
  }

  /** @returns true when more events wait */
  #takeEvents(): boolean {
    for (let batch = 0; batch < BATCHES_A_PASS; batch++) {
      if (!this.#exporters.hasCredit(MESSAGES_A_BATCH)) return false;
      if (this.#metering.receive() === 0) return false;
    }
    return true;
  }

  #takeSweep(): void {
    if (this.#exporters.isWaiting()) return;
    if (!this.#metering.isSweeping) {
      // On a grid from the start, so that each Flow is met once per active timeout however long a sweep takes.
      if (!this.#sweepTimer.isDue(this.host.clock.monotonic())) return;
      this.#metering.beginSweep();
    }
    this.#metering.stepSweep(() => this.#exporters.hasCredit(MESSAGES_A_BATCH));
  }

  #housekeep(): void {
    const now = this.host.clock.monotonic();
    if (this.#housekeepingTimer.isDue(now)) {
      this.#metering.housekeep(this.control.tookReliability());
      this.control.statistics(this.statistics());
    }
    if (this.#upkeepTimer.isDue(now)) this.#upkeep.check();
    if (this.#timeoutsTimer.isDue(now)) this.#metering.reloadTimeouts();
    this.#exportOptions();
  }

  #exportOptions(): void {
    this.#options.step(record => this.#exporters.exportOptions(record));
  }

  /** Lets events gather, then sleeps until one comes or a timer is due. */
  #wait(begun: number): void {
    const { descriptors, isSweeping, urgent } = this.#metering;
    const gather = Math.max(1, begun + GATHER_MILLISECONDS - this.host.clock.monotonic());
    if (urgent === undefined) this.host.sleep(gather);
    else this.host.poll([urgent], gather);
    if (isSweeping) return;
    const now = this.host.clock.monotonic();
    const due = Math.min(this.#sweepTimer.due, this.#housekeepingTimer.due, now + this.#options.wait());
    this.host.poll(descriptors, Math.min(100, due - now));
  }

  #stop(): void {
    this.#metering.housekeep(this.control.tookReliability());
    this.#metering.takeLastLook(() => this.#awaitCredit());
    this.#options.repeat();
    this.#exportOptions();
    this.#exporters.close();
    for (const part of [this.#metering, this.#paths, this.#upkeep]) part.close();
  }

  #awaitCredit(): void {
    this.#exporters.flush();
    while (!this.#exporters.hasCredit(MESSAGES_A_BATCH)) this.host.sleep(1);
  }
}

function settingsOf({ kernelMeter, tcpEvents }: LoopOptions): readonly Setting[] {
  return kernelMeter === undefined ? CTNETLINK_SETTINGS : kernelMeterSettings(tcpEvents);
}
