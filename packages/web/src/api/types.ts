/** The shapes of the HTTP API, as the collector defines them. The one door of these pages to another package. */
export type {
  Completion,
  ErrorResponse,
  ExporterStatus,
  Exporters,
  FlowRow,
  FlowsResponse,
  Me,
  Names,
  SeriesBy,
  SeriesResponse,
  Session,
  Status,
  StoredEvent,
  Summary,
} from '../../../collector/src/http/types.js';
