import type { Connection } from '../api/live.svelte.js';
import type { ExporterStatus, Status } from '../api/types.js';
import { formatAgo, formatDuration } from '../format/time.js';
import { formatCount, formatCounted, formatShare } from '../format/units.js';
import { t } from '../i18n/index.js';
import { SILENT_AFTER } from './totals.js';

/** Something to know and what to do about it. Text between backticks is a command or a setting. */
export interface Finding {
  level: 'warning' | 'problem';
  /** A few words for the header. */
  title: string;
  what: string;
  action: string;
}

export interface Health {
  level: 'ok' | 'waiting' | 'warning' | 'problem';
  headline: string;
  findings: Finding[];
}

/** Batches waiting for the store beyond which it is falling behind rather than busy. */
const MANY_BATCHES = 16;
/** Milliseconds; a second or so is in the export time itself. */
const CLOCKS_DIFFER = 5000;

const problem = (title: string, what: string, action: string): Finding => ({ level: 'problem', title, what, action });
const warning = (title: string, what: string, action: string): Finding => ({ level: 'warning', title, what, action });

function storeFindings({ store }: Status): Finding[] {
  const { storeDown, storeBehind } = t.health;
  const batches = formatCounted(store.pendingBatches, t.nouns.batch);
  if (!store.healthy) return [problem(storeDown.title, storeDown.what(batches), storeDown.action)];
  if (store.pendingBatches < MANY_BATCHES) return [];
  return [warning(storeBehind.title, storeBehind.what(batches), storeBehind.action)];
}

function droppedFindings({ dropped }: Status): Finding[] {
  const findings: Finding[] = [];
  const { dropped: records, datagramsDropped: datagrams } = t.health;
  if (dropped.records > 0) {
    const count = formatCounted(dropped.records, t.nouns.flowRecord);
    findings.push(problem(records.title, records.what(count), records.action));
  }
  if (dropped.datagrams > 0) {
    const count = formatCounted(dropped.datagrams, t.nouns.datagram);
    findings.push(problem(datagrams.title, datagrams.what(count), datagrams.action));
  }
  return findings;
}

function lossFindings({ address, statistics, lostRecords, droppedDatagrams }: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const { notSent, lostOnTheWay, spoolFull } = t.health;
  const missed = statistics?.notSentFlowTotalCount ?? 0;
  if (missed > 0) {
    const count = formatCounted(missed, t.nouns.flowRecord);
    findings.push(problem(notSent.title, notSent.what(address, count), notSent.action));
  }
  if (lostRecords > 0) {
    const count = formatCounted(lostRecords, t.nouns.dataRecord);
    findings.push(problem(lostOnTheWay.title, lostOnTheWay.what(address, count), lostOnTheWay.action));
  }
  if (droppedDatagrams !== undefined) {
    const count = formatCounted(droppedDatagrams, t.nouns.datagram);
    findings.push(problem(spoolFull.title, spoolFull.what(address, count), spoolFull.action));
  }
  return findings;
}

/** A table that is full makes the kernel refuse connections: nf_conntrack_max, net/netfilter/nf_conntrack_core.c. */
function tableFinding(exporter: ExporterStatus): Finding[] {
  const entries = exporter.statistics?.conntrackEntryCount;
  const most = exporter.statistics?.maxSessionEntries;
  if (entries === undefined || !most || entries / most < 0.8) return [];
  const { full, filling, what, action } = t.health.table;
  const share = formatShare(entries / most);
  const said = what(exporter.address, share, formatCount(entries), formatCount(most));
  const todo = action(`sysctl net.netfilter.nf_conntrack_max=${most * 2}`);
  return [entries / most >= 0.95 ? problem(full, said, todo) : warning(filling, said, todo)];
}

function decodingFindings(exporter: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const { unread, malformed, clock } = t.health;
  const { address } = exporter;
  const sets = exporter.unknownTemplateSets - (exporter.lateSets ?? 0);
  if (sets > 0) {
    findings.push(warning(unread.title, unread.what(address, formatCounted(sets, t.nouns.dataSet)), unread.action));
  }
  if (exporter.malformedMessages > 0) {
    const count = formatCounted(exporter.malformedMessages, t.nouns.message);
    findings.push(warning(malformed.title, malformed.what(address, count), malformed.action));
  }
  const behind = exporter.clockBehind ?? 0;
  if (Math.abs(behind) >= CLOCKS_DIFFER) {
    const said = (behind > 0 ? clock.behind : clock.ahead)(address, formatDuration(Math.abs(behind)));
    findings.push(warning(clock.title, said, clock.action));
  }
  return findings;
}

function meteringFindings({ address, statistics }: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const { resets, overflow } = t.health;
  const times = (count: number): string => formatCounted(count, t.nouns.time);
  const reset = statistics?.counterResetTotalCount ?? 0;
  if (reset > 0) findings.push(warning(resets.title, resets.what(address, times(reset)), resets.action));
  const full = statistics?.flowTableOverflowTotalCount ?? 0;
  if (full > 0) findings.push(problem(overflow.title, overflow.what(address, times(full)), overflow.action));
  return findings;
}

function silenceFinding({ address, lastSeen }: ExporterStatus, now: number): Finding[] {
  if (now - lastSeen < SILENT_AFTER) return [];
  const { title, what, action } = t.health.silent;
  return [warning(title, what(address, formatAgo(now - lastSeen)), action)];
}

/** What is not well with the collector itself. */
export function collectorFindings(status: Status): Finding[] {
  return [...storeFindings(status), ...droppedFindings(status)];
}

/** What is not well with one exporter. */
export function exporterFindings(exporter: ExporterStatus, now: number): Finding[] {
  return [
    ...lossFindings(exporter),
    ...tableFinding(exporter),
    ...meteringFindings(exporter),
    ...decodingFindings(exporter),
    ...silenceFinding(exporter, now),
  ];
}

/** While there is no connection: what the last status said does not count. */
function offline(connection: Exclude<Connection, 'live'>): Health {
  if (connection === 'connecting') return { level: 'waiting', headline: t.health.connecting, findings: [] };
  const { title, what, action } = t.health[connection];
  return { level: 'problem', headline: title, findings: [problem(title, what, action)] };
}

/**
 * The state of everything in one word, and what to do about each thing that is not well, the worst first. `status`
 * has one entry an exporter, as `mergeSessions` gives it.
 */
export function healthOf(status: Status | undefined, connection: Connection): Health {
  if (connection !== 'live') return offline(connection);
  if (status === undefined) return offline('connecting');
  const findings = [
    ...collectorFindings(status),
    ...status.exporters.flatMap(exporter => exporterFindings(exporter, status.now)),
  ];
  findings.sort((a, b) => Number(b.level === 'problem') - Number(a.level === 'problem'));
  const worst = findings[0];
  if (worst !== undefined) return { level: worst.level, headline: worst.title, findings };
  if (status.exporters.length === 0) return { level: 'waiting', headline: t.health.waiting, findings };
  return { level: 'ok', headline: t.health.metering, findings };
}
