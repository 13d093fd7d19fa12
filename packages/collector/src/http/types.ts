/** The types of the HTTP API, version 1. The pages import these and nothing else of the collector. */
import type { Static } from 'typebox';
import type * as access from './answers/access.js';
import type * as alerts from './answers/alerts.js';
import type * as billing from './answers/billing.js';
import type * as bottlenecks from './answers/bottlenecks.js';
import type * as completion from './answers/completion.js';
import type * as errors from './answers/errors.js';
import type * as events from './answers/events.js';
import type * as exporters from './answers/exporters.js';
import type * as flows from './answers/flows.js';
import type * as importing from './answers/import.js';
import type * as live from './answers/live.js';
import type * as mesh from './answers/mesh.js';
import type * as names from './answers/names.js';
import type * as probe from './answers/probe.js';
import type * as quality from './answers/quality.js';
import type * as report from './answers/report.js';
import type * as series from './answers/series.js';
import type * as session from './answers/session.js';
import type * as statistics from './answers/session-statistics.js';
import type * as status from './answers/status.js';
import type * as summary from './answers/summary.js';
import type * as watched from './answers/watched.js';

/** One Flow with its interim reports summed: a row of GET /api/v1/flows. Absent means that no record said so. */
export type FlowRow = Static<typeof flows.flowRowSchema>;

/** GET /api/v1/flows?order=newest|largest&limit=&after=&columns=&filter=&from=&to= */
export type FlowsResponse = Static<typeof flows.flowsResponseSchema>;

/** GET /api/v1/session?id=&from=&to= */
export type Session = Static<typeof session.sessionSchema>;

/** A record of a session. */
export type SessionRecord = Static<typeof session.sessionRecordSchema>;

/** Who saw a session. */
export type SessionObserver = Static<typeof session.observerSchema>;

/** GET /api/v1/sessions/statistics?from=&to=&filter=&stall= */
export type SessionStatistics = Static<typeof statistics.sessionStatisticsSchema>;
export type Distribution = Static<typeof statistics.distributionSchema>;

/**
 * GET /api/v1/series?from=&to=&step=&filter=  Octets are spread over each record's own interval.
 * "in" is towards the local networks, "out" away from them; between two local hosts the initiator counts as the local one.
 */
export type SeriesResponse = Static<typeof series.seriesResponseSchema>;

/** GET /api/v1/series/by?by=&top=&from=&to=&step=&filter=  The octets of SeriesResponse, told apart by a field. */
export type SeriesBy = Static<typeof series.seriesBySchema>;

/** GET /api/v1/summary?from=&to=&filter= */
export type Summary = Static<typeof summary.summarySchema>;

/** What an exporter says of itself in Options Data Records (RFC 7011 section 4), and what the collector saw of it. */
export type ExporterStatus = Static<typeof exporters.exporterStatusSchema>;

/** A Template that an exporter has told and not withdrawn. */
export type ExporterTemplate = Static<typeof exporters.templateSchema>;

/** GET /api/v1/exporters */
export type Exporters = Static<typeof exporters.exportersSchema>;

/** GET /api/v1/status, and event "status" of GET /api/v1/live, once a second. */
export type Status = Static<typeof status.statusSchema>;

/** GET /api/v1/interfaces */
export type Interfaces = Static<typeof exporters.interfacesSchema>;

/** GET /api/v1/names?as=64512,64513 */
export type Names = Static<typeof names.namesSchema>;

/** Event "stored" of GET /api/v1/live: a batch has reached the store, so that pages know what to ask for again. */
export type StoredEvent = Static<typeof live.storedEventSchema>;

/** GET /api/v1/bottlenecks?from=&to= */
export type Bottlenecks = Static<typeof bottlenecks.bottlenecksSchema>;

/** A line of GET /api/v1/quality?by=&top= */
export type QualityLine = Static<typeof quality.qualityLineSchema>;

/** GET /api/v1/quality/series?step= */
export type QualitySeries = Static<typeof quality.qualitySeriesSchema>;

/** GET /api/v1/events?from=&to=&kind=&limit= */
export type Events = Static<typeof events.eventsSchema>;
export type TrafficEvent = Static<typeof events.trafficEventSchema>;

/** GET /api/v1/watched */
export type Watched = Static<typeof watched.watchedSchema>;

/** GET /api/v1/watched/preview?filter=&measure=&from=&to= */
export type WatchedPreview = Static<typeof watched.watchedPreviewSchema>;

/** Event "event" of GET /api/v1/live. */
export type EventChange = Static<typeof events.eventChangeSchema>;

/** Every error of the API, with its HTTP status: what is wrong, and for a filter the column (from 1) where. */
export type ErrorResponse = Static<typeof errors.errorResponseSchema>;

/** GET /api/v1/complete?filter=&cursor= */
export type Completion = Static<typeof completion.completionSchema>;

/** GET /api/v1/me, POST /api/v1/login and /api/v1/logout: who the asker is. */
export type Me = Static<typeof access.meSchema>;

/** One line of what was changed, who logged in, who was refused. */
export type AuditLine = Static<typeof access.auditLineSchema>;

/** GET /api/v1/audit?limit=&before= */
export type AuditLines = Static<typeof access.auditLinesSchema>;

/** POST /api/v1/import */
export type ImportResult = Static<typeof importing.importResultSchema>;

/** GET /api/v1/probe */
export type Probes = Static<typeof probe.probesSchema>;

/** GET /api/v1/probe/{name}/setup */
export type ProbeState = Static<typeof probe.probeStateSchema>;

/** POST /api/v1/probe/{name}/check */
export type ProbeCheck = Static<typeof probe.probeCheckSchema>;

/** POST /api/v1/probe/{name}/apply and /undo */
export type ProbeChanged = Static<typeof probe.probeChangedSchema>;

/** GET /api/v1/probe/{name}/findings, POST /mend */
export type ProbeFindings = Static<typeof probe.probeFindingsSchema>;

/** GET /api/v1/mesh */
export type Topologies = Static<typeof mesh.topologiesSchema>;
export type Topology = Static<typeof mesh.topologySchema>;

/** GET /api/v1/mesh/state?topology=&at= */
export type MeshState = Static<typeof mesh.meshStateSchema>;
export type MeshStateNode = Static<typeof mesh.nodeSchema>;
export type MeshStateLink = Static<typeof mesh.linkSchema>;

/** GET /api/v1/mesh/changes?topology=&from=&to= */
export type MeshChanges = Static<typeof mesh.meshChangesSchema>;

/** GET /api/v1/mesh/loads?topology=&from=&to=&step=&link=&node= */
export type MeshLoads = Static<typeof mesh.meshLoadsSchema>;
export type MeshHow = Static<typeof mesh.howSchema>;

/** GET /api/v1/mesh/coverage?from=&to= */
export type MeshCoverage = Static<typeof mesh.meshCoverageSchema>;

/** GET /api/v1/mesh/history?topology=&from=&to=&node= or &link= */
export type MeshHistory = Static<typeof mesh.meshHistorySchema>;

/** GET /api/v1/billing/bills?account=&month= */
export type Bills = Static<typeof billing.billsSchema>;
export type Bill = Static<typeof billing.billSchema>;
export type BillStatement = Static<typeof billing.statementSchema>;

/** GET /api/v1/billing/entries?account=&month= */
export type BillingEntries = Static<typeof billing.billingEntriesSchema>;

/** POST /api/v1/billing/entries?account=&month=&reason= */
export type BillingEntry = Static<typeof billing.billingEntrySchema>;

/** Event "mesh" of GET /api/v1/live. */
export type MeshEvent = Static<typeof mesh.meshEventSchema>;

/** GET /api/v1/alerts */
export type AlertChannels = Static<typeof alerts.alertChannelsSchema>;

/** POST /api/v1/alerts/test */
export type AlertTest = Static<typeof alerts.alertTestSchema>;

/** GET and POST /api/v1/alerts/mutes, DELETE /api/v1/alerts/mutes/{id} */
export type Mutes = Static<typeof alerts.mutesSchema>;

/** GET and POST /api/v1/alerts/acknowledged, DELETE /api/v1/alerts/acknowledged/{id} */
export type Acknowledged = Static<typeof alerts.acknowledgedSchema>;

/** GET /api/v1/report.json?period=&from=&to=&network=&filter=&timezone= */
export type Report = Static<typeof report.reportSchema>;

/** GET /api/v1/reports */
export type Reports = Static<typeof report.reportsSchema>;
