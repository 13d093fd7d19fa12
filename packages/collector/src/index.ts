/** Collecting Process, storage and HTTP API. */
export { type CollectorConfig, collectorSchema } from './config/schema.js';
export { WeirError } from './error.js';
export type { Status } from './http/types.js';
export { type Collector, type StartOptions, startCollector } from './main/start.js';
