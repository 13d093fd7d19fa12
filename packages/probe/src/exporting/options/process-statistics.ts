import { fieldsOf, type Template } from '@weir/ipfix';
import type { OptionsRecord } from '../encoder.js';
import type { Statistics } from '../statistics.js';
import {
  EXPORTING_RELIABILITY_TEMPLATE_ID,
  EXPORTING_RELIABILITY_TIMES_TEMPLATE_ID,
  METERING_RELIABILITY_PACKETS_TEMPLATE_ID,
  METERING_RELIABILITY_PACKETS_TIMES_TEMPLATE_ID,
  METERING_RELIABILITY_TEMPLATE_ID,
  METERING_STATISTICS_TEMPLATE_ID,
} from '../template-ids.js';
import type { LossTimes } from './loss-times.js';

/** The one Metering Process and the one Exporting Process of a network namespace are numbered as their Observation Domain. */
const METERING_SCOPE = ['observationDomainId', 'meteringProcessId'] as const;
const EXPORTING_SCOPE = ['exportingProcessId'] as const;

const METERING_STATISTICS = [
  'exportedMessageTotalCount',
  'exportedFlowRecordTotalCount',
  'exportedOctetTotalCount',
  'observedFlowTotalCount',
  'conntrackEntryCount',
  'maxSessionEntries',
  'flowActiveTimeout',
] as const;
/** What may make single Flows less exact than they look. */
const METERING_RELIABILITY = [
  'deferredEventTotalCount',
  'counterResetTotalCount',
  'flowTableOverflowTotalCount',
  'unobservedEndTotalCount',
] as const;
/** Elements of statistics that are our own. */
export const PRIVATE_STATISTICS = ['conntrackEntryCount', ...METERING_RELIABILITY];
/** RFC 7011 sections 4.2 and 4.3: of the first packet and of the last that is missing. */
const TIMES = ['flowStartMilliseconds', 'flowEndMilliseconds'] as const;

function options(id: number, scope: readonly string[], names: readonly string[]): Template {
  return { id, scopeFieldCount: scope.length, fields: fieldsOf([...scope, ...names]) };
}

const STATISTICS_TEMPLATE = options(METERING_STATISTICS_TEMPLATE_ID, METERING_SCOPE, METERING_STATISTICS);
const RELIABILITY_TEMPLATE = options(METERING_RELIABILITY_TEMPLATE_ID, METERING_SCOPE, METERING_RELIABILITY);
const IGNORED = ['ignoredPacketTotalCount', ...METERING_RELIABILITY];
const PACKETS_TEMPLATE = options(METERING_RELIABILITY_PACKETS_TEMPLATE_ID, METERING_SCOPE, IGNORED);
const PACKETS_TIMES_TEMPLATE = options(METERING_RELIABILITY_PACKETS_TIMES_TEMPLATE_ID, METERING_SCOPE, [
  ...IGNORED,
  ...TIMES,
]);
const NOT_SENT = ['notSentFlowTotalCount'];
const EXPORTING_TEMPLATE = options(EXPORTING_RELIABILITY_TEMPLATE_ID, EXPORTING_SCOPE, NOT_SENT);
const EXPORTING_TIMES_TEMPLATE = options(EXPORTING_RELIABILITY_TIMES_TEMPLATE_ID, EXPORTING_SCOPE, [
  ...NOT_SENT,
  ...TIMES,
]);

/** The Metering Process Statistics (RFC 7011 section 4.1). */
export function meteringStatistics(domain: number, statistics: Statistics): OptionsRecord {
  const flowActiveTimeout = Math.min(0xffff, Math.round(statistics.flowActiveTimeout));
  return {
    template: STATISTICS_TEMPLATE,
    values: { ...pick(statistics, METERING_STATISTICS), ...processIds(domain), flowActiveTimeout },
  };
}

/**
 * The Metering Process Reliability Statistics (RFC 7011 section 4.2). Octets of ignored packets are not known.
 *
 * @param ignored packets that the kernel did not track, and when; undefined where it does not say
 */
export function meteringReliability(domain: number, statistics: Statistics, ignored?: LossTimes): OptionsRecord {
  const values = { ...pick(statistics, METERING_RELIABILITY), ...processIds(domain) };
  if (ignored === undefined) return { template: RELIABILITY_TEMPLATE, values };
  return {
    template: ignored.isKnown ? PACKETS_TIMES_TEMPLATE : PACKETS_TEMPLATE,
    values: { ...values, ignoredPacketTotalCount: ignored.count, ...timesOf(ignored) },
  };
}

/** The Exporting Process Reliability Statistics (RFC 7011 section 4.3). Packets and octets of what was not sent are not known. */
export function exportingReliability(domain: number, notSent: LossTimes): OptionsRecord {
  return {
    template: notSent.isKnown ? EXPORTING_TIMES_TEMPLATE : EXPORTING_TEMPLATE,
    values: { exportingProcessId: domain, notSentFlowTotalCount: notSent.count, ...timesOf(notSent) },
  };
}

function processIds(domain: number): Record<string, number> {
  return { observationDomainId: domain, meteringProcessId: domain };
}

function timesOf(loss: LossTimes): Record<string, unknown> {
  return loss.isKnown ? { flowStartMilliseconds: new Date(loss.first), flowEndMilliseconds: new Date(loss.last) } : {};
}

function pick(statistics: Statistics, names: readonly (keyof Statistics)[]): Record<string, number> {
  return Object.fromEntries(names.map(name => [name, statistics[name]]));
}
