/** The shapes of the HTTP API, as the collector defines them. The one door of these pages to another package. */
export type {
  Completion,
  ErrorResponse,
  ExporterStatus,
  FlowRow,
  FlowsResponse,
  Me,
  Names,
  ProbeChanged,
  ProbeCheck,
  ProbeFindings,
  ProbeState,
  Probes,
  SeriesResponse,
  Status,
  StoredEvent,
} from '../../../collector/src/http/types.js';
