import type { CollectorTotals } from '../exporting/collector-counters.js';
import type { Statistics } from '../exporting/statistics.js';
import type { KernelPaths } from '../routing/kernel-paths.js';
import type { Selection } from '../selecting/selection.js';
import type { ReliabilityGuard } from './guard.js';
import type { Metering } from './metering.js';
import type { Sources } from './sources.js';
import type { Upkeep } from './upkeep.js';

/** What one loop counts: totals since its start, except where the name or the comment says otherwise. */
export interface LoopStatistics extends Statistics {
  /** Connections in the flow table now, and how many it takes. */
  readonly flowTableEntryCount: number;
  readonly flowTableCapacity: number;
  readonly interimReportTotalCount: number;
  readonly repeatedEndTotalCount: number;
  readonly eventTotalCount: number;
  readonly lostEventTotalCount: number;
  readonly unsentRecordTotalCount: number;
  readonly malformedMessageTotalCount: number;
  readonly sweepTotalCount: number;
  readonly sweepFailureTotalCount: number;
  /** Seconds by which the sweep under way is overdue now; 0 where it keeps its time. */
  readonly sweepLag: number;
  /** 1 while events are delivered reliably. */
  readonly reliable: number;
  readonly tableRestoreTotalCount: number;
  readonly settingChangeTotalCount: number;
  readonly reconfigurationTotalCount: number;
  /** NEW and UPDATE events, and those that did not fit the buffer: handshake times that are not known. */
  readonly changeEventTotalCount: number;
  readonly lostChangeEventTotalCount: number;
  /** Steps of the wall clock backwards that were noticed. */
  readonly clockStepTotalCount: number;
  /** Flow Records that the filter, and the sampling, left out. */
  readonly filteredRecordTotalCount: number;
  readonly sampledOutRecordTotalCount: number;
  readonly anonymisedRecordTotalCount: number;
  /** Questions to the kernel's routing. */
  readonly routeLookupTotalCount: number;
}

/** What the loop exported; totals. */
export type Exported = Pick<
  { -readonly [K in keyof CollectorTotals]: CollectorTotals[K] },
  'messages' | 'octets' | 'flowRecords' | 'unsentRecords'
>;

export function add(sum: Exported, totals: CollectorTotals): Exported {
  for (const name of ['messages', 'octets', 'flowRecords', 'unsentRecords'] as const) sum[name] += totals[name];
  return sum;
}

/** The parts of the loop that count. */
export interface CountingParts {
  readonly exported: Exported;
  /** Milliseconds. */
  readonly activeTimeout: number;
  /** Seconds. */
  readonly sweepLag: number;
  readonly reconfigurations: number;
  readonly sources: Sources;
  readonly metering: Metering;
  readonly paths: KernelPaths;
  readonly selection: Selection;
  readonly guard: ReliabilityGuard;
  readonly upkeep: Upkeep;
}

export function loopStatistics(parts: CountingParts): LoopStatistics {
  const { exported, metering, sources } = parts;
  return {
    exportedMessageTotalCount: exported.messages,
    exportedFlowRecordTotalCount: exported.flowRecords,
    exportedOctetTotalCount: exported.octets,
    notSentFlowTotalCount: sources.events.counters.lost + exported.unsentRecords,
    unsentRecordTotalCount: exported.unsentRecords,
    // An element of 16 bits.
    flowActiveTimeout: Math.min(0xffff, Math.round(parts.activeTimeout / 1000)),
    ...meteringStatistics(metering),
    ...sourceStatistics(sources),
    sweepLag: parts.sweepLag,
    conntrackEntryCount: parts.guard.entries,
    maxSessionEntries: parts.guard.limit,
    tableRestoreTotalCount: parts.upkeep.counters.tableRestores,
    settingChangeTotalCount: parts.upkeep.counters.settingChanges,
    reconfigurationTotalCount: parts.reconfigurations,
    filteredRecordTotalCount: parts.selection.counters.filteredOut,
    sampledOutRecordTotalCount: parts.selection.counters.sampledOut,
    anonymisedRecordTotalCount: parts.selection.counters.anonymised,
    routeLookupTotalCount: parts.paths.counters.lookups,
  };
}

function meteringStatistics({ meter, table }: Metering) {
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

function sourceStatistics({ events, changes, sweep }: Sources) {
  return {
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
