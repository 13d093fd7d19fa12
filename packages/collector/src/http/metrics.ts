import type { CollectingStatus } from '../collecting/messages.js';
import type { Access } from './access.js';
import { alertMetrics } from './alert-metrics.js';
import type { ApiContext } from './context.js';
import { counter, family, gauge, type Labels } from './prometheus.js';
import type { ExporterStatus, Topology } from './types.js';

/** Every counter in Prometheus' text format, version 0.0.4. */
export function metricsText(context: ApiContext, access: Access): string {
  return [
    ...collectingMetrics(context),
    ...meaningMetrics(context),
    ...storeMetrics(context),
    ...forwardMetrics(context),
    ...alertMetrics(context),
    ...exporterMetrics(context.status().exporters),
    ...accessMetrics(access),
    ...meshMetrics(context),
    ...eventMetrics(context),
    ...billingMetrics(context),
  ].join('');
}

function collectingMetrics(context: ApiContext): string[] {
  const status = context.collecting();
  const { counters: c, diagnostics, sessions, streams, kernelDrops, spool, recovered, halves } = status;
  const drops = Object.entries(spool.drops).map(([reason, count]): [Labels, number] => [{ reason }, count]);
  const reasons = Object.entries(diagnostics).map(([reason, count]): [Labels, number] => [{ reason }, count]);
  return [
    counter('datagrams_total', 'Datagrams received', c.datagrams),
    counter('stream_messages_total', 'Messages received over TCP, TLS and SCTP', c.streamMessages),
    counter('octets_total', 'Octets received', c.octets),
    counter('flow_records_total', 'Flow Records received', c.flowRecords),
    counter('options_records_total', 'Options Data Records received', c.optionsRecords),
    counter('not_ipfix_datagrams_total', 'Datagrams that are neither IPFIX nor NetFlow', c.notIpfix),
    counter('refused_datagrams_total', 'Datagrams of senders for whom there was no room', c.refusedDatagrams),
    counter('not_allowed_datagrams_total', 'Datagrams of senders that may not export', status.notAllowed),
    counter('batches_total', 'Batches handed to the store', c.batches),
    ...(kernelDrops === undefined
      ? []
      : [counter('kernel_dropped_datagrams_total', 'Datagrams that the kernel dropped at a full buffer', kernelDrops)]),
    gauge('raw_spool_octets', 'Octets received that wait to be decoded', spool.octets),
    gauge('raw_spool_limit_octets', 'Octets that may wait to be decoded', spool.limit),
    family('raw_spool_dropped_datagrams_total', 'counter', 'Datagrams without room in the raw spool', drops),
    gauge('spool_failing', '1 while the disk takes no Messages or blocks', spool.problem === undefined ? 0 : 1),
    counter('recovered_messages_total', 'Messages that an earlier run had not decoded', recovered.messages),
    counter(
      'torn_octets_total',
      'Octets at the end of earlier raw spools that a crash cut short',
      recovered.tornOctets,
    ),
    ...halvesMetrics(halves),
    family('diagnostics_total', 'counter', 'What was wrong with Messages', reasons),
    gauge('sessions', 'Transport Sessions known', sessions),
    ...connectionMetrics(streams),
  ];
}

function connectionMetrics(streams: CollectingStatus['streams']): string[] {
  return [
    gauge('connections', 'TCP, TLS and SCTP connections open', streams.open),
    counter(
      'accepted_connections_total',
      'TCP, TLS and SCTP connections that became Transport Sessions',
      streams.accepted,
    ),
    counter(
      'refused_connections_total',
      'Connections of those who may not export, without room or with a failed TLS handshake',
      streams.refused,
    ),
    counter('shut_down_connections_total', 'Connections ended because of what came over them', streams.shutDown),
  ];
}

function billingMetrics({ billing }: ApiContext): string[] {
  if (billing === undefined || billing.accounts.length === 0) return [];
  const shares = [...billing.quotaShares].map(([account, share]): [Labels, number] => [{ account }, share]);
  return [
    counter('billing_steps_total', 'Steps of batches that went into the sums of accounts', billing.counters.steps),
    family('account_quota_used_ratio', 'gauge', 'How much of its quota of the month an account has used', shares),
  ];
}

function halvesMetrics(halves: CollectingStatus['halves']): string[] {
  if (halves === undefined) return [];
  const { joined, alone, early, waiting } = halves;
  return [
    counter('joined_halves_total', 'Pairs of Flow Records of one direction that became one Biflow', joined),
    counter('lone_halves_total', 'Flow Records of one direction whose other half did not come in time', alone),
    counter('early_halves_total', 'Flow Records of one direction that did not get their time to wait', early),
    gauge('waiting_halves', 'Flow Records of one direction that wait for their other half', waiting),
  ];
}

function meaningMetrics(context: ApiContext): string[] {
  const { forgottenFlows } = context.collecting().counters;
  return [
    counter('forgotten_flows_total', 'Flows whose duplicates are not known any more, for want of room', forgottenFlows),
  ];
}

function storeMetrics(context: ApiContext): string[] {
  const { storing } = context;
  const { store } = context.status();
  return [
    counter('stored_batches_total', 'Batches stored', storing.storedBatches),
    counter('stored_records_total', 'Flow Records stored', storing.storedRecords),
    counter('failed_records_total', 'Flow Records that the store did not take', storing.failedRecords),
    counter('store_restarts_total', 'Starts of the store after it died', store.restarts),
    gauge('store_healthy', '1 while the store answers', store.healthy ? 1 : 0),
    gauge('store_pending_batches', 'Batches in the spool', store.pendingBatches),
    gauge('store_rows', 'Flow Records kept', store.rows),
    ...retentionMetrics(context),
    gauge('store_octets', 'Octets on disk', store.octetsOnDisk),
  ];
}

/** Servers keep what their tables say. */
function retentionMetrics({ store }: ApiContext): string[] {
  if (store.keeper === undefined) return [];
  const { dropped, expiredRecords } = store.keeper.retention;
  const { partitions, octets, records } = dropped;
  return [
    counter('store_expired_records_total', 'Flow Records dropped for their age, counted once a minute', expiredRecords),
    counter('store_dropped_records_total', 'Flow Records dropped to keep within keep-size', records),
    counter('store_dropped_partitions_total', 'Partitions dropped to keep within keep-size', partitions),
    counter('store_dropped_octets_total', 'Octets dropped to keep within keep-size', octets),
  ];
}

function forwardMetrics(context: ApiContext): string[] {
  const all = context.forwarding();
  const rows = [
    ['messages_total', 'counter', 'Messages forwarded', all.map(c => c.messages)],
    ['records_total', 'counter', 'Flow Records forwarded', all.map(c => c.records)],
    [
      'dropped_records_total',
      'counter',
      'Flow Records passed over because too many waited',
      all.map(c => c.droppedRecords),
    ],
    ['refused_records_total', 'counter', 'Flow Records that no Message could hold', all.map(c => c.refusedRecords)],
    ['sessions_total', 'counter', 'Transport Sessions begun', all.map(c => c.sessions)],
    ['connected', 'gauge', '1 while the collector is reached', all.map(c => (c.connected ? 1 : 0))],
  ] as const;
  if (all.length === 0) return [];
  return rows.map(([name, type, help, values]) =>
    family(
      `forward_${name}`,
      type,
      help,
      values.map((value, i): [Labels, number] => [{ to: all[i]!.url }, value]),
    ),
  );
}

/** The value is undefined where there is none. */
type Row = readonly [
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  of: (exporter: ExporterStatus) => number | undefined,
];

const exporterRows: readonly Row[] = [
  ['messages_total', 'counter', 'Messages of an exporter', e => e.messages],
  ['records_total', 'counter', 'Data Records of an exporter', e => e.records],
  ['octets_total', 'counter', 'Octets of an exporter', e => e.octets],
  // A late Message takes its records off again, so this may fall.
  ['lost_records', 'gauge', 'Data Records missing by sequence number', e => e.lostRecords],
  ['lost_messages', 'gauge', 'NetFlow v9 datagrams missing by sequence number', e => e.lostMessages ?? 0],
  ['dropped_datagrams_total', 'counter', 'Its datagrams without room in the raw spool', e => e.droppedDatagrams ?? 0],
  ['unknown_template_sets_total', 'counter', 'Data Sets without Template', e => e.unknownTemplateSets],
  ['late_sets_total', 'counter', 'Of these, those that were read when it came', e => e.lateSets ?? 0],
  [
    'duplicate_records_total',
    'counter',
    'Flow Records that repeat what another exporter tells',
    e => e.duplicateRecords ?? 0,
  ],
  ['malformed_messages_total', 'counter', 'Malformed Messages', e => e.malformedMessages],
  ['templates', 'gauge', 'Templates known', e => e.templates],
  [
    'clock_behind_seconds',
    'gauge',
    'How far its clock is behind, at most a second less; negative: ahead',
    e => (e.clockBehind === undefined ? undefined : e.clockBehind / 1000),
  ],
  ['last_seen_seconds', 'gauge', 'Time of the last Message', e => e.lastSeen / 1000],
];

function exporterMetrics(exporters: readonly ExporterStatus[]): string[] {
  const labelsOf = (e: ExporterStatus): Labels => ({
    exporter: e.address,
    domain: e.observationDomainId,
    transport: e.transport,
  });
  const statistics = exporters.flatMap(e =>
    Object.entries(e.statistics ?? {}).map(([element, value]): [Labels, number] => [
      { ...labelsOf(e), element },
      value,
    ]),
  );
  return [
    ...exporterRows.map(([name, type, help, of]) => {
      const values = exporters.flatMap((e): [Labels, number][] => {
        const value = of(e);
        return value === undefined ? [] : [[labelsOf(e), value]];
      });
      return family(`exporter_${name}`, type, help, values);
    }),
    family('exporter_statistics', 'gauge', 'What exporters say of themselves, by element', statistics),
  ];
}

function meshMetrics({ mesh }: ApiContext): string[] {
  const topologies = mesh.topologies();
  if (topologies.length === 0) return [];
  const of = (value: (topology: Topology) => number) =>
    topologies.map((each): [Labels, number] => [{ topology: each.name }, value(each)]);
  return [
    family(
      'topology_reads_total',
      'counter',
      'Looks at a topology that went well',
      of(each => each.reads),
    ),
    family(
      'topology_failures_total',
      'counter',
      'Looks at a topology that went wrong',
      of(each => each.failures),
    ),
    family(
      'topology_fresh',
      'gauge',
      '1 while a topology is as new as it should be',
      of(each => (each.state === 'fresh' ? 1 : 0)),
    ),
    family(
      'topology_nodes',
      'gauge',
      'Nodes of a topology',
      of(each => each.nodes),
    ),
    family(
      'topology_links',
      'gauge',
      'Links of a topology',
      of(each => each.links),
    ),
    counter('mesh_history_looks_total', 'Looks that are in the history of meshes', mesh.history.counters.looks),
  ];
}

function eventMetrics({ events: { counters: c, open } }: ApiContext): string[] {
  return [
    counter('event_looks_total', 'Looks for what is unusual in the traffic', c.looks),
    counter(
      'event_missed_looks_total',
      'Such looks that failed, or were left out while the store was busy',
      c.missedLooks,
    ),
    counter('event_look_seconds_total', 'Time that these looks took', c.lookMilliseconds / 1000),
    counter('events_total', 'Events that have begun', c.begun),
    counter('ended_events_total', 'Events that have ended', c.ended),
    counter('left_out_events_total', 'Findings without room for an event', c.leftOut),
    gauge('events_open', 'Events that go on', open),
  ];
}

function accessMetrics({ counters, options: { audit, sessions } }: Access): string[] {
  return [
    counter('logins_total', 'Logins', counters.logins),
    counter('login_failures_total', 'Logins with a wrong secret', counters.failures),
    counter('refused_logins_total', 'Logins refused because too many had failed', counters.refused),
    counter('public_requests_total', 'Requests answered without a login, for the public map', counters.public),
    counter(
      'refused_public_requests_total',
      'Such requests refused because there were too many',
      counters.refusedPublic,
    ),
    gauge('logins', 'Logins that have not ended', sessions.size),
    counter('audit_lines_total', 'Lines written to the audit file', audit.counters.lines),
    counter('audit_problems_total', 'Lines that could not be written', audit.counters.problems),
  ];
}
