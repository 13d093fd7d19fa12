import { scaledSmallSql, scaledSql } from '../schema/sampling.js';

/** Records whose counters are read in the same way. */
export interface RecordKind {
  /** SQL: the condition for them. */
  readonly condition: string;
  /** SQL of a counter for a sum. */
  readonly scaled: (column: string) => string;
  /** Whether no counter is 2^40 or more. */
  readonly small: boolean;
}

/**
 * Records that can be summed up each by itself. Nearly all are small, and are summed up twice as fast as what needs care; an index tells where there are
 * others, so that looking for them costs nothing.
 */
export const small: RecordKind = { condition: 'NOT apart', scaled: scaledSmallSql, small: true };
export const large: RecordKind = { condition: 'apart AND NOT repeated', scaled: scaledSql, small: false };
