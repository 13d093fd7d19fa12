/** Reading files and stores, and the users file: what a short-lived command needs, without configuration, HTTP and their schemas, which load slowly. */
export { type Billed, billRow, dayRows, type Row } from './analysis/billing/rows.js';
export type { TrafficEvent } from './analysis/events/event.js';
export { type FileDiagnostic, type FileRecord, openRecords } from './collecting/files/records.js';
export { defaultDataDirectory, storeDirectory } from './config/directory.js';
export { isServers, parseServers } from './config/servers.js';
export { parseTime, TIME_FORMS } from './http/time.js';
export type { AlertTest, Bills, ErrorResponse, SessionStatistics } from './http/types.js';
export { makeUser, readUsers, SHORTEST_PASSWORD, type UserRole, writeUsers } from './http/users.js';
export { AlreadyImported, Importer, type ImportRequest, type ImportResult } from './importing/importer.js';
export { findBrowser, pdfOf } from './reporting/pdf.js';
export { type Period, periods } from './reporting/period.js';
export type { Bill, Billing } from './store/billing/billing.js';
export { Store } from './store/client.js';
export { type ExportCounters, IpfixFileMaker, ipfixFile } from './store/export/ipfix-file.js';
export { parquetFile } from './store/export/parquet.js';
export { DEFAULT_STALL, groups, records, type Selection, sessionStatistics } from './store/queries.js';
