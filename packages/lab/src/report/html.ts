import type { Result } from './result.js';

/** One page with nothing outside it: a table, and for each result its plots. */
export function html(_results: readonly Result[]): string {
  throw new Error('not built yet');
}
