import type { CollectorTotals } from '../exporting/collector-counters.js';
import type { Statistics } from '../exporting/statistics.js';
import type { KernelPaths } from '../routing/kernel-paths.js';
import type { Selection } from '../selecting/selection.js';
import type { MeteringStatistics } from './metering-process.js';
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
  readonly metering: MeteringStatistics;
  readonly paths: KernelPaths;
  readonly selection: Selection;
  readonly upkeep: Upkeep;
}

export function loopStatistics(parts: CountingParts): LoopStatistics {
  const { exported, metering } = parts;
  return {
    ...metering,
    exportedMessageTotalCount: exported.messages,
    exportedFlowRecordTotalCount: exported.flowRecords,
    exportedOctetTotalCount: exported.octets,
    notSentFlowTotalCount: metering.notSentFlowTotalCount + exported.unsentRecords,
    unsentRecordTotalCount: exported.unsentRecords,
    // An element of 16 bits.
    flowActiveTimeout: Math.min(0xffff, Math.round(parts.activeTimeout / 1000)),
    sweepLag: parts.sweepLag,
    tableRestoreTotalCount: parts.upkeep.counters.tableRestores,
    settingChangeTotalCount: parts.upkeep.counters.settingChanges,
    reconfigurationTotalCount: parts.reconfigurations,
    filteredRecordTotalCount: parts.selection.counters.filteredOut,
    sampledOutRecordTotalCount: parts.selection.counters.sampledOut,
    anonymisedRecordTotalCount: parts.selection.counters.anonymised,
    routeLookupTotalCount: parts.paths.counters.lookups,
  };
}
