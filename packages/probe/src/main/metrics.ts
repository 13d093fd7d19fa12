import type { CollectorTotals } from '../exporting/collector-counters.js';
import type { LoopStatistics } from './loop-statistics.js';
import type { NamespaceStatus } from './probe.js';

type Labels = Readonly<Record<string, string | number>>;
type Kind = 'counter' | 'gauge';

/** What the process itself says, beside its loops. */
export interface ProcessFigures {
  readonly version: string;
  /** Seconds since the Unix epoch. */
  readonly startTime: number;
  /** Seconds of processor time, in user and in system mode, of all threads. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly residentOctets: number;
}

type Row = readonly [name: string, kind: Kind, help: string, key: keyof LoopStatistics];

const ROWS: readonly Row[] = [
  ['exported_messages_total', 'counter', 'Messages exported', 'exportedMessageTotalCount'],
  ['exported_flow_records_total', 'counter', 'Flow Records exported', 'exportedFlowRecordTotalCount'],
  ['exported_bytes_total', 'counter', 'Octets of Messages exported', 'exportedOctetTotalCount'],
  [
    'unsent_records_total',
    'counter',
    'Data Records that no transport took, or whose collector was away',
    'unsentRecordTotalCount',
  ],
  ['ended_flows_total', 'counter', 'Connections whose end was observed', 'observedFlowTotalCount'],
  ['interim_reports_total', 'counter', 'Flow Records of connections that go on', 'interimReportTotalCount'],
  ['events_total', 'counter', 'DESTROY events received', 'eventTotalCount'],
  ['lost_events_total', 'counter', 'DESTROY events that the kernel dropped', 'lostEventTotalCount'],
  [
    'deferred_events_total',
    'counter',
    'DESTROY events that the kernel kept and delivered again',
    'deferredEventTotalCount',
  ],
  ['repeated_ends_total', 'counter', 'Ends that were told more than once, and left out', 'repeatedEndTotalCount'],
  ['unobserved_ends_total', 'counter', 'Ends without an event, found by comparing sweeps', 'unobservedEndTotalCount'],
  [
    'counter_resets_total',
    'counter',
    'Connections whose counters something else set to zero',
    'counterResetTotalCount',
  ],
  ['malformed_messages_total', 'counter', 'Netlink messages that could not be read', 'malformedMessageTotalCount'],
  ['sweeps_total', 'counter', 'Complete sweeps over the connection table', 'sweepTotalCount'],
  ['sweep_failures_total', 'counter', 'Sweeps that the kernel refused or broke off', 'sweepFailureTotalCount'],
  ['sweep_lag_seconds', 'gauge', 'Seconds by which the next sweep is late', 'sweepLag'],
  ['flow_table_entries', 'gauge', 'Connections in the flow table', 'flowTableEntryCount'],
  ['flow_table_capacity', 'gauge', 'Connections that the flow table takes', 'flowTableCapacity'],
  [
    'flow_table_overflows_total',
    'counter',
    'Sightings of connections without room in the flow table',
    'flowTableOverflowTotalCount',
  ],
  ['conntrack_entries', 'gauge', 'Connections in the kernel table (nf_conntrack_count)', 'conntrackEntryCount'],
  ['conntrack_limit', 'gauge', 'Connections that the kernel table takes (nf_conntrack_max)', 'maxSessionEntries'],
  ['active_timeout_seconds', 'gauge', 'Seconds between reports of a connection that goes on', 'flowActiveTimeout'],
  ['reliable_delivery', 'gauge', '1 while the kernel keeps events that do not fit the buffer', 'reliable'],
  ['table_restores_total', 'counter', 'Times that the nft table was put back', 'tableRestoreTotalCount'],
  ['setting_changes_total', 'counter', 'Changes of nf_conntrack sysctls by others', 'settingChangeTotalCount'],
  ['change_events_total', 'counter', 'NEW and UPDATE events received', 'changeEventTotalCount'],
  [
    'change_events_lost_total',
    'counter',
    'NEW and UPDATE events lost: handshake times not known',
    'lostChangeEventTotalCount',
  ],
  ['clock_steps_total', 'counter', 'Flows that the clock was set back under', 'clockStepTotalCount'],
  ['filtered_records_total', 'counter', 'Flow Records that the filter left out', 'filteredRecordTotalCount'],
  ['sampled_out_records_total', 'counter', 'Flow Records that sampling left out', 'sampledOutRecordTotalCount'],
  ['anonymised_records_total', 'counter', 'Flow Records with anonymised addresses', 'anonymisedRecordTotalCount'],
  ['route_lookups_total', 'counter', 'Questions to the routing of the kernel', 'routeLookupTotalCount'],
  ['reconfigurations_total', 'counter', 'Configurations taken over while running', 'reconfigurationTotalCount'],
];

type CollectorRow = readonly [name: string, kind: Kind, help: string, key: keyof CollectorTotals];

const COLLECTOR_ROWS: readonly CollectorRow[] = [
  ['collector_messages_total', 'counter', 'Messages for a collector', 'messages'],
  ['collector_message_bytes_total', 'counter', 'Octets of Messages for a collector', 'octets'],
  ['collector_flow_records_total', 'counter', 'Flow Records for a collector', 'flowRecords'],
  ['collector_unsent_records_total', 'counter', 'Data Records known not to have reached a collector', 'unsentRecords'],
  ['collector_away', 'gauge', '1 while the collector is not there', 'away'],
  ['collector_sessions_total', 'counter', 'Transport Sessions set up', 'sessions'],
  ['collector_resent_bytes_total', 'counter', 'Octets sent once more after a session broke', 'resentOctets'],
  ['collector_spooled_bytes_total', 'counter', 'Octets written to the spool', 'spooledOctets'],
  ['collector_spool_bytes', 'gauge', 'Octets in the spool', 'spoolOctets'],
  [
    'collector_spool_dropped_records_total',
    'counter',
    'Data Records that the spool had to drop',
    'spoolDroppedRecords',
  ],
];

/** Every counter in Prometheus' text format, version 0.0.4. */
export function metricsText(namespaces: readonly NamespaceStatus[], figures: ProcessFigures): string {
  const present = namespaces.filter(each => each.statistics !== undefined);
  return [
    ...ROWS.map(([name, kind, help, key]) =>
      family(
        name,
        kind,
        help,
        present.map(each => [labelsOf(each), each.statistics![key]]),
      ),
    ),
    ...COLLECTOR_ROWS.map(([name, kind, help, key]) =>
      family(
        name,
        kind,
        help,
        namespaces.flatMap(each =>
          each.collectors.map(
            ({ url, totals }) => [{ ...labelsOf(each), collector: url }, Number(totals[key])] as const,
          ),
        ),
      ),
    ),
    family(
      'namespace_present',
      'gauge',
      '1 while the network namespace is there and metered',
      namespaces.map(each => [labelsOf(each), each.statistics === undefined ? 0 : 1]),
    ),
    family(
      'namespace_disappearances_total',
      'counter',
      'Times that the network namespace went away while it was metered',
      namespaces.map(each => [labelsOf(each), each.disappearances]),
    ),
    ...processMetrics(figures),
  ].join('');
}

function processMetrics({ version, startTime, userSeconds, systemSeconds, residentOctets }: ProcessFigures): string[] {
  return [
    family('cpu_seconds_total', 'counter', 'Processor time of the process, all threads', [
      [{ mode: 'user' }, userSeconds],
      [{ mode: 'system' }, systemSeconds],
    ]),
    family('resident_memory_bytes', 'gauge', 'Resident memory of the process', [[{}, residentOctets]]),
    family('start_time_seconds', 'gauge', 'Start of the process, seconds since the Unix epoch', [[{}, startTime]]),
    family('build_info', 'gauge', 'Version; the value is always 1', [[{ version }, 1]]),
  ];
}

function labelsOf({ name, domain }: NamespaceStatus): Labels {
  return { namespace: name, domain };
}

function family(name: string, kind: Kind, help: string, values: readonly (readonly [Labels, number])[]): string {
  const lines = values.map(([labels, value]) => `weir_probe_${name}${labelText(labels)} ${value}\n`);
  return `# HELP weir_probe_${name} ${help}\n# TYPE weir_probe_${name} ${kind}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, c => (c === '\n' ? '\\n' : `\\${c}`));
}
