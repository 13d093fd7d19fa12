import type { FilterError } from '../flows/flows.svelte.js';

/** A filter for what fits `condition`, and of that what the reader's filter fits. */
export function within(condition: string, filter: string): string {
  return filter.trim() === '' ? condition : `${condition} and (${filter})`;
}

/** What is wrong with a filter that `within` made, with the place in the reader's own. */
export function shifted(error: FilterError, condition: string, filter: string): FilterError {
  if (error.column === undefined) return error;
  const before = `${condition} and (`.length;
  return { ...error, column: Math.min(Math.max(1, error.column - before), filter.length + 1) };
}
