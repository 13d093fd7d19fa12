import type { Host } from '../host/host.js';
import { ReliabilityGuard } from './guard.js';
import { takeLastLook } from './last-look.js';
import type { Log } from './log.js';
import type { Metering } from './metering.js';
import type { MeteringProcess, MeteringStatistics } from './metering-process.js';
import type { Sources } from './sources.js';

/** Metering by ctnetlink: events of ends, sweeps by dumps, and the flow table between them. */
export class CtnetlinkMetering implements MeteringProcess {
  readonly #guard: ReliabilityGuard;

  constructor(
    private readonly host: Host,
    private readonly sources: Sources,
    private readonly metering: Metering,
    log: Log,
  ) {
    this.#guard = new ReliabilityGuard(host, sources.events, log);
  }

  get descriptors(): readonly number[] {
    return this.sources.descriptors;
  }

  get urgent(): number | undefined {
    return this.sources.mayWait ? undefined : this.sources.changes?.descriptor;
  }

  get eventDescriptor(): number {
    return this.sources.events.descriptor;
  }

  get adopted(): number {
    return this.metering.table.adopted;
  }

  get isReady(): boolean {
    return this.sources.sweep.counters.sweeps > 0;
  }

  get isSweeping(): boolean {
    return this.sources.sweep.active;
  }

  setActiveTimeout(milliseconds: number): void {
    this.metering.meter.activeTimeout = milliseconds;
    this.sources.sweep.interval = milliseconds;
  }

  receive(): number {
    return this.sources.receive(this.metering.sink);
  }

  beginSweep(): void {
    this.sources.sweep.begin(this.metering.sink);
  }

  stepSweep(mayGoOn: () => boolean): void {
    this.sources.sweep.step(this.metering.sink, mayGoOn);
  }

  housekeep(drops: number | undefined): void {
    if (drops !== undefined) this.#guard.tookReliability(drops);
    this.sources.countDrops();
    this.#guard.check();
  }

  reloadTimeouts(): void {
    this.sources.reloadTimeouts();
  }

  takeLastLook(awaitCredit: () => void): void {
    takeLastLook({ host: this.host, sources: this.sources, metering: this.metering, awaitCredit });
  }

  statistics(): MeteringStatistics {
    const { events, changes, sweep } = this.sources;
    return {
      ...this.#meterStatistics(),
      notSentFlowTotalCount: events.counters.lost,
      conntrackEntryCount: this.#guard.entries,
      maxSessionEntries: this.#guard.limit,
      deferredEventTotalCount: events.counters.deferred,
      eventTotalCount: events.counters.events,
      lostEventTotalCount: events.counters.lost,
      reliable: events.isReliable ? 1 : 0,
      changeEventTotalCount: changes?.counters.events ?? 0,
      lostChangeEventTotalCount: changes?.counters.lost ?? 0,
      malformedMessageTotalCount:
        events.counters.malformed + sweep.counters.malformed + (changes?.counters.malformed ?? 0),
      sweepTotalCount: sweep.counters.sweeps,
      sweepFailureTotalCount: sweep.counters.failures,
    };
  }

  close(): void {
    this.sources.close();
    this.metering.close();
  }

  #meterStatistics() {
    const { meter, table } = this.metering;
    const { ended, counterResets, overflows, unobservedEnds, interimReports, repeated, clockSteps } = meter.counters;
    return {
      observedFlowTotalCount: ended,
      counterResetTotalCount: counterResets,
      flowTableOverflowTotalCount: overflows,
      unobservedEndTotalCount: unobservedEnds,
      interimReportTotalCount: interimReports,
      repeatedEndTotalCount: repeated,
      clockStepTotalCount: clockSteps,
      flowTableEntryCount: table.size,
      flowTableCapacity: table.capacity,
    };
  }
}
