import type { Connection } from '../api/live.svelte.js';
import type { ExporterStatus, Status } from '../api/types.js';
import { formatAgo, formatDuration } from '../format/time.js';
import { formatCount, formatCounted, formatShare } from '../format/units.js';
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

function storeFindings(status: Status): Finding[] {
  const { store } = status;
  if (!store.healthy) {
    return [
      {
        level: 'problem',
        title: 'Store is down',
        what: `The store does not answer; ${formatCounted(store.pendingBatches, 'batch').replace('batchs', 'batches')} wait on disk.`,
        action:
          'It is started again by itself. If this stays, look for free disk space and at what the collector prints.',
      },
    ];
  }
  if (store.pendingBatches < MANY_BATCHES) return [];
  return [
    {
      level: 'warning',
      title: 'Store falls behind',
      what: `${store.pendingBatches} batches wait to be stored, so this page is late.`,
      action:
        'The disk or the processor is too slow for this traffic. Nothing is lost while there is room on the disk.',
    },
  ];
}

function droppedFindings({ dropped }: Status): Finding[] {
  const findings: Finding[] = [];
  if (dropped.records > 0) {
    findings.push({
      level: 'problem',
      title: 'Flows lost',
      what: `This collector dropped ${formatCounted(dropped.records, 'Flow Record')}: the store was too far behind.`,
      action: 'Give it a faster disk, or send it less; what it prints says whether the disk is full.',
    });
  }
  if (dropped.datagrams > 0) {
    findings.push({
      level: 'problem',
      title: 'Datagrams lost',
      what: `${formatCounted(dropped.datagrams, 'datagram')} found the receive buffer full or no room for their sender.`,
      action: 'Raise `receive-buffer`; run the collector with CAP_NET_ADMIN so that it may pass net.core.rmem_max.',
    });
  }
  return findings;
}

function lossFindings(exporter: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const notSent = exporter.statistics?.notSentFlowTotalCount ?? 0;
  if (notSent > 0) {
    findings.push({
      level: 'problem',
      title: 'Flows lost',
      what: `${exporter.address} missed or could not send ${formatCounted(notSent, 'Flow Record')} since it started.`,
      action: 'Run `weir doctor` there: it names what held the probe up and how to mend it.',
    });
  }
  if (exporter.lostRecords > 0) {
    findings.push({
      level: 'problem',
      title: 'Flows lost',
      what: `${formatCounted(exporter.lostRecords, 'Data Record')} of ${exporter.address} were sent and never came.`,
      action:
        'The network or a full receive buffer dropped them: raise `receive-buffer`, and look at the path between them.',
    });
  }
  if (exporter.droppedDatagrams !== undefined) {
    findings.push({
      level: 'problem',
      title: 'Datagrams lost',
      what: `${formatCounted(exporter.droppedDatagrams, 'datagram')} of ${exporter.address} found no room in the raw spool.`,
      action: 'The store is behind, or the disk full: the log says why. Raise `raw-spool-size` for longer bursts.',
    });
  }
  return findings;
}

/** A table that is full makes the kernel refuse connections: nf_conntrack_max, net/netfilter/nf_conntrack_core.c. */
function tableFinding(exporter: ExporterStatus): Finding[] {
  const entries = exporter.statistics?.conntrackEntryCount;
  const most = exporter.statistics?.maxSessionEntries;
  if (entries === undefined || !most || entries / most < 0.8) return [];
  const full = entries / most >= 0.95;
  return [
    {
      level: full ? 'problem' : 'warning',
      title: full ? 'Connection table full' : 'Connection table filling',
      what: `${formatShare(entries / most)} of ${exporter.address}'s connection table is in use (${formatCount(entries)} of ${formatCount(most)}). When full, new connections are refused.`,
      action: `Allow more: \`sysctl net.netfilter.nf_conntrack_max=${most * 2}\``,
    },
  ];
}

function decodingFindings(exporter: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const unread = exporter.unknownTemplateSets - (exporter.lateSets ?? 0);
  if (unread > 0) {
    findings.push({
      level: 'warning',
      title: 'Unread Data Sets',
      what: `${formatCounted(unread, 'Data Set')} of ${exporter.address} came before a Template and ${unread === 1 ? 'is' : 'are'} not read yet.`,
      action:
        'Templates are sent again regularly. If the number goes on growing, shorten the Template refresh at the exporter.',
    });
  }
  if (exporter.malformedMessages > 0) {
    findings.push({
      level: 'warning',
      title: 'Malformed Messages',
      what: `${formatCounted(exporter.malformedMessages, 'Message')} of ${exporter.address} broke the protocol.`,
      action: 'Look at what sends to this port; an exporter that does so needs an update.',
    });
  }
  const behind = exporter.clockBehind ?? 0;
  if (Math.abs(behind) >= CLOCKS_DIFFER) {
    findings.push({
      level: 'warning',
      title: 'Clocks differ',
      what: `The clock of ${exporter.address} is ${formatDuration(Math.abs(behind))} ${behind > 0 ? 'behind' : 'ahead'}: its flows are drawn at the wrong time.`,
      action: 'Set both clocks, by NTP for example.',
    });
  }
  return findings;
}

function meteringFindings(exporter: ExporterStatus): Finding[] {
  const findings: Finding[] = [];
  const resets = exporter.statistics?.counterResetTotalCount ?? 0;
  if (resets > 0) {
    findings.push({
      level: 'warning',
      title: 'Counters reset',
      what: `Another program on ${exporter.address} set connection counters back ${formatCounted(resets, 'time')}; what it took is not counted here.`,
      action: 'Run `weir doctor` there: it names competing readers such as nlbwmon or ulogd.',
    });
  }
  const overflow = exporter.statistics?.flowTableOverflowTotalCount ?? 0;
  if (overflow > 0) {
    findings.push({
      level: 'problem',
      title: 'Flow table overflow',
      what: `The flow table of ${exporter.address} was full ${formatCounted(overflow, 'time')}.`,
      action: 'Run `weir doctor` there; give the probe a larger flow table.',
    });
  }
  return findings;
}

function silenceFinding(exporter: ExporterStatus, now: number): Finding[] {
  const silence = now - exporter.lastSeen;
  if (silence < SILENT_AFTER) return [];
  return [
    {
      level: 'warning',
      title: 'Exporter silent',
      what: `${exporter.address} was last heard ${formatAgo(silence)}.`,
      action: 'See whether its probe runs (`weir doctor` there) and whether its datagrams reach this collector.',
    },
  ];
}

const OFFLINE: Record<Exclude<Connection, 'live'>, Health> = {
  connecting: { level: 'waiting', headline: 'Connecting', findings: [] },
  lost: {
    level: 'problem',
    headline: 'No connection',
    findings: [
      {
        level: 'problem',
        title: 'No connection',
        what: 'The collector does not answer; what is shown here is what it said last.',
        action: 'This page connects again by itself. If it does not, see whether `weir up` still runs.',
      },
    ],
  },
  token: {
    level: 'problem',
    headline: 'Token needed',
    findings: [
      {
        level: 'problem',
        title: 'Token needed',
        what: 'This collector answers only to readers with its token.',
        action: 'Open this page once with `?token=` and the token, which is in the file `token` of its data directory.',
      },
    ],
  },
};

/**
 * The state of everything in one word, and what to do about each thing that is not well, the worst first. `status`
 * has one entry an exporter, as `mergeSessions` gives it.
 */
export function healthOf(status: Status | undefined, connection: Connection): Health {
  if (connection !== 'live') return OFFLINE[connection];
  if (status === undefined) return OFFLINE.connecting;
  const findings = [
    ...storeFindings(status),
    ...droppedFindings(status),
    ...status.exporters.flatMap(exporter => [
      ...lossFindings(exporter),
      ...tableFinding(exporter),
      ...meteringFindings(exporter),
      ...decodingFindings(exporter),
      ...silenceFinding(exporter, status.now),
    ]),
  ];
  findings.sort((a, b) => Number(b.level === 'problem') - Number(a.level === 'problem'));
  const worst = findings[0];
  if (worst !== undefined) return { level: worst.level, headline: worst.title, findings };
  if (status.exporters.length === 0) return { level: 'waiting', headline: 'Waiting for an exporter', findings };
  return { level: 'ok', headline: 'Metering', findings };
}
