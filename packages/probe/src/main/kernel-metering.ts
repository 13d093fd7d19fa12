import { NETLINK_NETFILTER, NFNLGRP_CONNTRACK_EXP_DESTROY } from '../conntrack/constants.js';
import { readTableNumber } from '../conntrack/table-fill.js';
import { Timeouts } from '../conntrack/timeouts.js';
import type { Exporters } from '../exporting/exporters.js';
import type { FlowTemplates } from '../exporting/flow-templates.js';
import type { Host, NetlinkSocket } from '../host/host.js';
import { ExportedUntil, type LastExport } from '../metering/exported-until.js';
import { FlowRecord } from '../metering/flow-record.js';
import type { KernelDoor } from '../metering/kernel-door.js';
import { KernelSweep } from '../metering/kernel-sweep.js';
import type { KernelPaths } from '../routing/kernel-paths.js';
import { Adoption } from './adoption.js';
import type { Log } from './log.js';
import type { MeteringProcess, MeteringStatistics } from './metering-process.js';

/** The kernel meter of one network namespace, and what its records hold. */
export interface KernelMeter {
  readonly door: KernelDoor;
  /** Connections that it has room for. */
  readonly capacity: number;
  /** Templates of its Data Records: those of a preset. */
  readonly layout: FlowTemplates;
  /** That preset is what is to be exported: records can go out as they are. */
  readonly isWanted: boolean;
  /** What the last probe has left, and how to leave something to the next one. */
  readonly last: LastExport;
  remember(last: LastExport): void;
}

export interface KernelMeteringOptions {
  /** Milliseconds. */
  readonly activeTimeout: number;
  /** Nothing is done with records but to export them. */
  readonly direct: boolean;
  readonly tcpEvents: boolean;
  readonly exporters: () => Exporters;
  readonly paths: KernelPaths;
  readonly log: Log;
  /** Takes the Flow Record; the instance is filled again after it returns. */
  readonly emit: (record: FlowRecord) => void;
}

/**
 * Metering by the kernel meter: the programs meter and write Data Records, which go out as they are. Where something is to be done with
 * them, or where something is missing in them, they are read into Flow Records first.
 */
export class KernelMetering implements MeteringProcess {
  readonly descriptors: readonly number[];
  readonly urgent = undefined;
  readonly eventDescriptor = undefined;
  /** The dump has shown what there was: the sweep, which takes its time, is not waited for. */
  readonly isReady = true;
  readonly #sweep: KernelSweep;
  readonly #timeouts = new Timeouts();
  readonly #adoption: Adoption;
  readonly #exportedUntil: ExportedUntil;
  readonly #record = new FlowRecord();
  readonly #listener: NetlinkSocket | undefined;
  /** Milliseconds. */
  #activeTimeout = 0;
  #ended = 0;
  #interimReports = 0;
  #entries = 0;
  #limit = 0;
  /** VLAN ids that the programs have been told of, by interface, and the state of the list that they are of. */
  #vlans = new Map<number, number>();
  #interfaces = -1;

  constructor(
    private readonly host: Host,
    private readonly meter: KernelMeter,
    private readonly options: KernelMeteringOptions,
  ) {
    const { door } = meter;
    this.descriptors = [door.records.descriptor];
    this.#sweep = new KernelSweep(door, () => host.clock.monotonic(), options.activeTimeout);
    this.#listener = options.tcpEvents ? listen(host) : undefined;
    this.#exportedUntil = new ExportedUntil(meter.last.until, last => meter.remember(last));
    this.setActiveTimeout(options.activeTimeout);
    this.#exportedUntil.begin(this.#activeTimeout);
    this.reloadTimeouts();
    door.settings.setClock();
    door.settings.setExportedUntil(meter.last.until);
    options.paths.watchNeighbours((link, address, mac) => door.setNeighbour(link, address, mac));
    this.#tellVlans();
    door.begin();
    this.#adoption = new Adoption(host, this.#timeouts, door.settings, options.log);
    this.#adoption.attempt();
    this.#tellOfKill();
    this.#readTable();
  }

  get adopted(): number {
    return this.meter.door.counters().adopted;
  }

  get isSweeping(): boolean {
    return this.#sweep.isActive;
  }

  setActiveTimeout(milliseconds: number): void {
    this.#activeTimeout = milliseconds;
    this.meter.door.settings.setReportInterval(this.#reportInterval);
    this.#sweep.interval = milliseconds;
  }

  receive(): number {
    const { records } = this.meter.door;
    this.#tellVlans();
    const count = records.read();
    if (count === 0) return 0;
    this.#interimReports += records.interimReports;
    this.#ended += count - records.interimReports;
    const exporters = this.options.exporters();
    if (this.#goOutAsTheyAre(exporters)) exporters.exportRecords(records.batch);
    else this.#emitAll();
    // What is written lies in the ring still.
    exporters.flush();
    records.release();
    return count;
  }

  beginSweep(): void {
    this.#sweep.begin(this.#entries);
  }

  stepSweep(mayGoOn: () => boolean): void {
    this.#sweep.step(() => {
      const hasRoom = this.#drain(mayGoOn);
      if (hasRoom) this.#tellOfReports(this.#reportInterval);
      return hasRoom;
    });
  }

  housekeep(): void {
    this.meter.door.settings.setClock();
    this.#readTable();
    if (!this.#adoption.isComplete) this.#adoption.attempt();
  }

  reloadTimeouts(): void {
    this.#timeouts.reload(path => this.host.readText(path));
    this.meter.door.settings.setKeepingTimes(this.#timeouts.keepingTimes);
  }

  takeLastLook(awaitCredit: () => void): void {
    // The programs write no reports into a ring that is three quarters full, and of the last sweep they are not made later.
    this.#empty(awaitCredit);
    this.meter.door.settings.setLastSweep();
    this.#sweep.begin(this.#entries);
    while (this.#sweep.isActive) {
      // Each is reported, however young.
      this.#tellOfReports(0);
      this.#sweep.visit();
      this.#empty(awaitCredit);
    }
    this.#exportedUntil.stop(this.host.clock.wall());
    this.meter.door.end();
    this.#empty(awaitCredit);
  }

  statistics(): MeteringStatistics {
    const { counterResets, lost, overflows, unseenEnds } = this.meter.door.counters();
    return {
      observedFlowTotalCount: this.#ended,
      counterResetTotalCount: counterResets,
      flowTableOverflowTotalCount: overflows,
      unobservedEndTotalCount: unseenEnds,
      interimReportTotalCount: this.#interimReports,
      repeatedEndTotalCount: 0,
      clockStepTotalCount: 0,
      flowTableEntryCount: this.#sweep.connections,
      flowTableCapacity: this.meter.capacity,
      notSentFlowTotalCount: lost + unseenEnds,
      conntrackEntryCount: this.#entries,
      maxSessionEntries: this.#limit,
      deferredEventTotalCount: 0,
      eventTotalCount: this.#ended,
      lostEventTotalCount: lost + unseenEnds,
      reliable: 0,
      changeEventTotalCount: 0,
      lostChangeEventTotalCount: 0,
      malformedMessageTotalCount: 0,
      sweepTotalCount: this.#sweep.sweeps,
      sweepFailureTotalCount: this.#adoption.failures,
    };
  }

  close(): void {
    this.#listener?.close();
    this.meter.door.close();
  }

  /** A sweep passes once per active timeout, so half of it is the line that keeps every pass but the one just after. */
  get #reportInterval(): number {
    return this.#activeTimeout / 2;
  }

  /** @param age milliseconds that a connection lives at least before its first report */
  #tellOfReports(age: number): void {
    this.#exportedUntil.report(this.host.clock.wall(), age, this.#activeTimeout);
  }

  /** What was exported of each connection was known to the map, which has gone with the probe. */
  #tellOfKill(): void {
    const seconds = Math.round(this.meter.last.silence / 1000);
    if (seconds === 0) return;
    this.options.log(
      `the last probe here was killed: of connections that it has seen and that live on, what they carried from their last report, up to about ${seconds} seconds before its end, until now is not exported`,
      'warning',
    );
  }

  #goOutAsTheyAre(exporters: Exporters): boolean {
    const { door, isWanted } = this.meter;
    return this.options.direct && isWanted && exporters.takesRecords && door.records.withoutPath === 0;
  }

  #emitAll(): void {
    const { door, layout } = this.meter;
    const { emit, paths } = this.options;
    const { bytes, kinds, offsets, count } = door.records.batch;
    for (let i = 0; i < count; i++) {
      layout.templateOf(kinds[i]).read(this.#record, bytes, offsets[i]);
      if (door.records.lacksPath(i)) paths.describe(paths.find(this.#record), this.#record);
      emit(this.#record);
    }
  }

  /** Before a step of the sweep: what the one before has written makes room. */
  #drain(mayGoOn: () => boolean): boolean {
    while (mayGoOn()) if (this.receive() === 0) return true;
    return false;
  }

  #empty(awaitCredit: () => void): void {
    do awaitCredit();
    while (this.receive() > 0);
  }

  #tellVlans(): void {
    const { interfaces } = this.options.paths;
    if (interfaces.generation === this.#interfaces) return;
    this.#interfaces = interfaces.generation;
    const now = new Map(interfaces.list().map(({ index, vlan }) => [index, vlan]));
    for (const index of this.#vlans.keys()) if (!now.has(index)) this.meter.door.setVlan(index, 0);
    for (const [index, vlan] of now) if (vlan !== (this.#vlans.get(index) ?? 0)) this.meter.door.setVlan(index, vlan);
    this.#vlans = now;
  }

  #readTable(): void {
    this.#entries = readTableNumber(this.host, 'nf_conntrack_count');
    this.#limit = readTableNumber(this.host, 'nf_conntrack_max');
  }
}

/**
 * The kernel looks for changes of connections while anybody listens to any event of ctnetlink (nf_ct_ecache_ext_add): this one listens
 * to what hardly ever happens, so that no event is made for it.
 */
function listen(host: Host): NetlinkSocket {
  return host.netlink({
    protocol: NETLINK_NETFILTER,
    groups: [NFNLGRP_CONNTRACK_EXP_DESTROY],
    receiveBuffer: 4096,
    reliable: false,
    batch: 1,
    slotOctets: 2048,
  });
}
