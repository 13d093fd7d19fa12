import type { ExporterStatus } from '../api/types.js';

const COUNTERS = ['messages', 'records', 'octets', 'lostRecords', 'unknownTemplateSets', 'malformedMessages'] as const;
const OPTIONAL_COUNTERS = ['lateSets', 'duplicateRecords', 'droppedDatagrams'] as const;

type Statistics = Record<string, number>;

/** Counts of two lives of an exporter add up; what is a state, such as conntrackEntryCount, is that of the newer. */
function mergeStatistics(older: Statistics, newer: Statistics): Statistics {
  const merged = { ...newer };
  for (const [name, value] of Object.entries(older)) {
    if (name.endsWith('TotalCount')) merged[name] = value + (newer[name] ?? 0);
  }
  return merged;
}

function mergeTwo<T extends ExporterStatus>(a: T, b: T): T {
  const [older, newer] = a.lastSeen <= b.lastSeen ? [a, b] : [b, a];
  const merged: T = { ...newer, firstSeen: Math.min(a.firstSeen, b.firstSeen) };
  for (const name of COUNTERS) merged[name] = a[name] + b[name];
  for (const name of OPTIONAL_COUNTERS) {
    if (older[name] !== undefined) merged[name] = older[name] + (newer[name] ?? 0);
  }
  if (older.statistics && newer.statistics) merged.statistics = mergeStatistics(older.statistics, newer.statistics);
  else if (older.statistics) merged.statistics = mergeStatistics(older.statistics, {});
  return merged;
}

/**
 * One entry for each exporter and Observation Domain. An exporter that starts again has a new Transport Session; to a
 * person it is the same exporter, and its earlier session did not fall silent.
 */
export function mergeSessions<T extends ExporterStatus>(sessions: readonly T[]): T[] {
  const merged = new Map<string, T>();
  for (const session of sessions) {
    const key = `${session.address} ${session.observationDomainId}`;
    const known = merged.get(key);
    merged.set(key, known ? mergeTwo(known, session) : session);
  }
  return [...merged.values()];
}
