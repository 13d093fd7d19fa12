/** The shapes of the HTTP API, as the collector defines them. The one door of these pages to another package. */
export type {
  Completion,
  ErrorResponse,
  ExporterStatus,
  FlowRow,
  FlowsResponse,
  Me,
  Names,
  SeriesResponse,
  Session,
  Status,
  StoredEvent,
} from '../../../collector/src/http/types.js';
