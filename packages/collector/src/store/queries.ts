/** What people ask of the store. Plain functions over a Store. */
export { flowRows } from './queries/flowRows.js';
export { groups } from './queries/groups.js';
export { records } from './queries/records.js';
export type { Selection } from './queries/selection.js';
export { series } from './queries/series.js';
export { seriesBy } from './queries/series-by.js';
export { summary } from './queries/summary.js';
