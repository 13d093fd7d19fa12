import type { TSchema } from 'typebox';
import { auditLinesSchema, meSchema } from './access.js';
import { completionSchema } from './completion.js';
import { errorResponseSchema } from './errors.js';
import { exportersSchema, interfacesSchema } from './exporters.js';
import { flowsResponseSchema } from './flows.js';
import { groupLineSchema } from './groups.js';
import { importResultSchema } from './import.js';
import { liveEventSchema } from './live.js';
import { namesSchema } from './names.js';
import { recordLineSchema } from './records.js';
import { seriesBySchema, seriesResponseSchema } from './series.js';
import { sessionSchema } from './session.js';
import { statusSchema } from './status.js';
import { summarySchema } from './summary.js';

/** Schemas that the description of the API has by name. */
export const named = {
  FlowsResponse: flowsResponseSchema,
  SeriesResponse: seriesResponseSchema,
  Session: sessionSchema,
  SeriesBy: seriesBySchema,
  Summary: summarySchema,
  Status: statusSchema,
  ErrorResponse: errorResponseSchema,
  RecordLine: recordLineSchema,
  GroupLine: groupLineSchema,
  ImportResult: importResultSchema,
  Completion: completionSchema,
  LiveEvent: liveEventSchema,
  Names: namesSchema,
  Interfaces: interfacesSchema,
  Exporters: exportersSchema,
  Me: meSchema,
  AuditLines: auditLinesSchema,
} as const satisfies Record<string, TSchema>;

export type Name = keyof typeof named;
