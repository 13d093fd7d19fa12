import type { ExporterStatus, Status } from '../api/types.js';

/** An exporter that has been silent for this many milliseconds no longer counts for what is tracked now. */
export const SILENT_AFTER = 180_000;

/** Milliseconds between interim reports where an exporter does not say (flowActiveTimeout). */
export const USUAL_ACTIVE_TIMEOUT = 60_000;

/** What all exporters together say, in the collector's eyes. Absent where no exporter says it. */
export interface Totals {
  /** Flow Records exported since the exporters started. */
  exported?: number;
  /** Flow Records that exporters could not send, Data Records that never came, and those that the collector dropped. */
  lost: number;
  /** Connections in the tables now, and how many fit. */
  tracked?: number;
  capacity?: number;
  /** Longest time in milliseconds until a flow that goes on is reported. */
  activeTimeout: number;
}

/** Sum of one statistic over exporters, absent if none says it. */
export function sumOf(exporters: readonly ExporterStatus[], name: string): number | undefined {
  let sum: number | undefined;
  for (const exporter of exporters) {
    const value = exporter.statistics?.[name];
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** `status` with one entry an exporter, as `mergeSessions` gives it. */
export function totalsOf(status: Status): Totals {
  const present = status.exporters.filter(exporter => status.now - exporter.lastSeen < SILENT_AFTER);
  const exported = sumOf(status.exporters, 'exportedFlowRecordTotalCount');
  const tracked = sumOf(present, 'conntrackEntryCount');
  const capacity = sumOf(present, 'maxSessionEntries');
  const timeouts = present.map(exporter => {
    const seconds = exporter.statistics?.flowActiveTimeout;
    return seconds === undefined ? USUAL_ACTIVE_TIMEOUT : seconds * 1000;
  });
  return {
    ...(exported !== undefined && { exported }),
    ...(tracked !== undefined && { tracked }),
    ...(capacity !== undefined && { capacity }),
    lost: status.exporters.reduce(
      (sum, exporter) => sum + exporter.lostRecords,
      (sumOf(status.exporters, 'notSentFlowTotalCount') ?? 0) + status.dropped.records,
    ),
    activeTimeout: timeouts.length > 0 ? Math.max(...timeouts) : USUAL_ACTIVE_TIMEOUT,
  };
}
