import { FilterError, filterPredicate, parseFilter } from '@weir/flow';
import { UsageError } from './error.js';

/** The mistake of a filter, with a caret under the column (from 1) where it is. */
export function filterMistake(filter: string, message: string, column: number): UsageError {
  return new UsageError(`${message}\n  ${filter.replace(/\s/g, ' ')}\n  ${' '.repeat(column - 1)}^`);
}

/**
 * Whether a decoded record fits the filter.
 * @throws UsageError that points at the mistake
 */
export function predicateOf(filter: string | undefined): ReturnType<typeof filterPredicate> {
  if (filter === undefined || filter.trim() === '') return () => true;
  try {
    return filterPredicate(parseFilter(filter));
  } catch (error) {
    throw error instanceof FilterError ? filterMistake(filter, error.message, error.column) : error;
  }
}
