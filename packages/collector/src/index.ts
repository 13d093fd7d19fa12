/** Collecting Process, storage and HTTP API. */
export { type FileDiagnostic, type FileRecord, openRecords } from './collecting/files/records.js';
export { storeDirectory } from './config/config.js';
export { type CollectorConfig, collectorSchema, defaultDataDirectory } from './config/schema.js';
export { WeirError } from './error.js';
export { FilterError, filterPredicate, parseFilter } from './flow/filter/index.js';
export { parseTime, TIME_FORMS } from './http/time.js';
export type { ErrorResponse, Status } from './http/types.js';
export { type Collector, type StartOptions, startCollector } from './main/start.js';
export { Store } from './store/client.js';
export { groups, records, type Selection } from './store/queries.js';
