import { fieldsOf, type Template } from '@weir/ipfix';
import { put16, put32, put64 } from './put.js';

/** What the probe says of itself in its Options Data Record: totals since its start, except where the name says otherwise. */
export interface Statistics {
  readonly exportedMessageTotalCount: number;
  readonly exportedFlowRecordTotalCount: number;
  readonly exportedOctetTotalCount: number;
  /** Flows known to be lost: DESTROY events that the kernel dropped, and Data Records that no transport took. */
  readonly notSentFlowTotalCount: number;
  /** Connections whose end was observed. */
  readonly observedFlowTotalCount: number;
  /** Connections in the kernel's table now, and how many it takes (nf_conntrack_max). */
  readonly conntrackEntryCount: number;
  readonly maxSessionEntries: number;
  /** Seconds: tells a collector how late the newest octets of long Flows come. */
  readonly flowActiveTimeout: number;
  readonly deferredEventTotalCount: number;
  readonly counterResetTotalCount: number;
  readonly flowTableOverflowTotalCount: number;
  readonly unobservedEndTotalCount: number;
}

const NAMES_64 = [
  'exportedMessageTotalCount',
  'exportedFlowRecordTotalCount',
  'exportedOctetTotalCount',
  'notSentFlowTotalCount',
  'observedFlowTotalCount',
  'deferredEventTotalCount',
  'counterResetTotalCount',
  'flowTableOverflowTotalCount',
  'unobservedEndTotalCount',
] as const;
const NAMES_32 = ['conntrackEntryCount', 'maxSessionEntries'] as const;

/**
 * The Options Template of the statistics: those of the Metering and of the Exporting Process (RFC 7011 sections 4.1, 4.3)
 * in one record, with the Observation Domain as scope.
 */
export const STATISTICS_TEMPLATE: Template = {
  id: 512,
  scopeFieldCount: 1,
  fields: fieldsOf(['observationDomainId', ...NAMES_64, ...NAMES_32, 'flowActiveTimeout']),
};
export const STATISTICS_OCTETS = 4 + 8 * NAMES_64.length + 4 * NAMES_32.length + 2;

export function writeStatistics(domain: number, statistics: Statistics, bytes: Uint8Array, at: number): void {
  put32(bytes, at, domain);
  let next = at + 4;
  for (const name of NAMES_64) {
    put64(bytes, next, statistics[name]);
    next += 8;
  }
  for (const name of NAMES_32) {
    put32(bytes, next, statistics[name]);
    next += 4;
  }
  put16(bytes, next, Math.min(0xffff, Math.round(statistics.flowActiveTimeout)));
}
