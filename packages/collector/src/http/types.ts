/**
 * The shapes of the HTTP API, version 1. The pages import these types and nothing else of the collector.
 * Times are milliseconds since the Unix epoch, rates octets or packets per second, addresses text.
 * Counts are JSON numbers; a count beyond 2^53-1 is rounded here, and exact in /api/v1/records.
 */

/** One Flow with its interim reports summed: a row of GET /api/v1/flows. Absent means that no record said so. */
export interface FlowRow {
  /** Stable identity of the Flow within this collector. */
  id: string;
  exporter: string;
  observationDomainId: number;
  start: number;
  /** Last packet of the Flow, or of its newest interim report. */
  end: number;
  protocol: number;
  /** "tcp", "udp", ... or the number as text. */
  protocolName: string;
  source: string;
  destination: string;
  sourcePort?: number;
  destinationPort?: number;
  icmpType?: number;
  icmpCode?: number;
  /** After network address translation, only where it differs. */
  natSource?: string;
  natDestination?: string;
  natSourcePort?: number;
  natDestinationPort?: number;
  /** Absent where the exporter had no counters. */
  octets?: number;
  packets?: number;
  reverseOctets?: number;
  reversePackets?: number;
  /** IANA flowEndReason of the newest record: 1 idle, 2 active (the Flow goes on), 3 end detected, 4 forced, 5 resources. */
  flowEndReason?: number;
  /** Number of Flow Records that make up this row. */
  records: number;
}

/** GET /api/v1/flows?order=newest|largest&limit=&filter=&from=&to= */
export interface FlowsResponse {
  flows: FlowRow[];
}

/**
 * GET /api/v1/series?from=&to=&step=&filter=  Octets are spread over each record's own interval.
 * "in" is towards the local networks, "out" away from them; between two local hosts the initiator counts as the local one.
 */
export interface SeriesResponse {
  /** Bucket length in seconds. */
  step: number;
  /** Start of each bucket. */
  times: number[];
  /** Octets per second, one value a bucket. */
  inOctets: number[];
  outOctets: number[];
  inPackets: number[];
  outPackets: number[];
}

/** What an exporter says of itself in Options Data Records (RFC 7011 section 4), and what the collector saw of it. */
export interface ExporterStatus {
  address: string;
  observationDomainId: number;
  /** "udp", "tcp", "tls", "sctp" */
  transport: string;
  firstSeen: number;
  lastSeen: number;
  messages: number;
  records: number;
  octets: number;
  /** Data Records that the sequence numbers say were sent and that never came. */
  lostRecords: number;
  /** NetFlow v9 datagrams that the sequence numbers say were sent and that never came; absent where none is missing. */
  lostMessages?: number;
  /** Data Sets whose Template was not known. */
  unknownTemplateSets: number;
  malformedMessages: number;
  templates: number;
  /** Newest Options Data Record of statistics, keyed by IANA name (or a registered private name); absent if none came. */
  statistics?: Record<string, number>;
}

/** GET /api/v1/status, and event "status" of GET /api/v1/live, once a second. */
export interface Status {
  version: string;
  now: number;
  startedAt: number;
  listening: string[];
  store: {
    url: string;
    healthy: boolean;
    restarts: number;
    rows: number;
    octetsOnDisk: number;
    pendingBatches: number;
  };
  /**
   * What this collector itself had to drop since its start: Flow Records for which the store had no room, and datagrams (at a
   * full receive buffer, or of more senders than it keeps sessions for; their records show as `lostRecords` too).
   */
  dropped: { records: number; datagrams: number };
  exporters: ExporterStatus[];
}

/** Event "stored" of GET /api/v1/live: a batch has reached the store, so that pages know what to ask for again. */
export interface StoredEvent {
  records: number;
  /** The interval that the records of the batch cover. */
  from: number;
  to: number;
}

/** Every error of the API, with its HTTP status: what is wrong, and for a filter the column (from 1) where. */
export interface ErrorResponse {
  error: string;
  column?: number;
}
