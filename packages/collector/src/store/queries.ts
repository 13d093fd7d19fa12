/** What people ask of the store. Plain functions over a Store. */
export type { FlowOrder, FlowPlace } from './queries/chosen-flows.js';
export { DEFAULT_STALL, sessionStatistics } from './queries/connections.js';
export { flowColumns } from './queries/flow-columns.js';
export { parseFlowId } from './queries/flow-id.js';
export { flowRows } from './queries/flowRows.js';
export { groups } from './queries/groups.js';
export { type InterfaceLoad, interfaceFilter, interfaceLoads } from './queries/interface-loads.js';
export { qualityBy, qualitySeries } from './queries/quality.js';
export { records } from './queries/records.js';
export { isWorthEstimating } from './queries/sampled.js';
export { Estimate, type Selection } from './queries/selection.js';
export { series } from './queries/series.js';
export { seriesBy } from './queries/series-by.js';
export { session } from './queries/session.js';
export { summary } from './queries/summary.js';
