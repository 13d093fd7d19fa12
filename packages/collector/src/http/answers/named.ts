import type { TSchema } from 'typebox';
import { auditLinesSchema, meSchema } from './access.js';
import { acknowledgedSchema, alertChannelsSchema, alertTestSchema, mutesSchema } from './alerts.js';
import { billingEntriesSchema, billingEntrySchema, billsSchema } from './billing.js';
import { bottlenecksSchema } from './bottlenecks.js';
import { completionSchema } from './completion.js';
import { errorResponseSchema } from './errors.js';
import { eventsSchema } from './events.js';
import { exportersSchema, interfacesSchema } from './exporters.js';
import { flowsResponseSchema } from './flows.js';
import { groupLineSchema } from './groups.js';
import { importResultSchema } from './import.js';
import { liveEventSchema } from './live.js';
import {
  meshChangesSchema,
  meshCoverageSchema,
  meshHistorySchema,
  meshLoadsSchema,
  meshStateSchema,
  topologiesSchema,
} from './mesh.js';
import { namesSchema } from './names.js';
import { probeChangedSchema, probeCheckSchema, probeFindingsSchema, probeStateSchema, probesSchema } from './probe.js';
import { qualityLineSchema, qualitySeriesSchema } from './quality.js';
import { recordLineSchema } from './records.js';
import { reportSchema, reportsSchema } from './report.js';
import { seriesBySchema, seriesResponseSchema } from './series.js';
import { sessionSchema } from './session.js';
import { sessionStatisticsSchema } from './session-statistics.js';
import { statusSchema } from './status.js';
import { summarySchema } from './summary.js';
import { watchedPreviewSchema, watchedSchema } from './watched.js';

/** Schemas that the description of the API has by name. */
export const named = {
  FlowsResponse: flowsResponseSchema,
  SeriesResponse: seriesResponseSchema,
  SeriesBy: seriesBySchema,
  Summary: summarySchema,
  Session: sessionSchema,
  SessionStatistics: sessionStatisticsSchema,
  Status: statusSchema,
  ErrorResponse: errorResponseSchema,
  RecordLine: recordLineSchema,
  Bottlenecks: bottlenecksSchema,
  QualityLine: qualityLineSchema,
  QualitySeries: qualitySeriesSchema,
  GroupLine: groupLineSchema,
  ImportResult: importResultSchema,
  Completion: completionSchema,
  LiveEvent: liveEventSchema,
  Events: eventsSchema,
  Watched: watchedSchema,
  WatchedPreview: watchedPreviewSchema,
  MeshLoads: meshLoadsSchema,
  Names: namesSchema,
  Interfaces: interfacesSchema,
  Exporters: exportersSchema,
  Me: meSchema,
  AuditLines: auditLinesSchema,
  Probes: probesSchema,
  ProbeState: probeStateSchema,
  ProbeCheck: probeCheckSchema,
  ProbeChanged: probeChangedSchema,
  ProbeFindings: probeFindingsSchema,
  Topologies: topologiesSchema,
  MeshState: meshStateSchema,
  MeshChanges: meshChangesSchema,
  MeshCoverage: meshCoverageSchema,
  MeshHistory: meshHistorySchema,
  AlertChannels: alertChannelsSchema,
  AlertTest: alertTestSchema,
  Mutes: mutesSchema,
  Acknowledged: acknowledgedSchema,
  Bills: billsSchema,
  BillingEntries: billingEntriesSchema,
  BillingEntry: billingEntrySchema,
  Report: reportSchema,
  Reports: reportsSchema,
} as const satisfies Record<string, TSchema>;

export type Name = keyof typeof named;
