import type { Sample } from '../rollup/sample.js';
import { scaledSmallSql, scaledSql } from '../schema/sampling.js';

/** Records whose counters are read in the same way. */
export interface RecordKind {
  readonly table: string;
  /** SQL: the condition for them. */
  readonly condition: string;
  /** SQL of a counter for a sum. */
  readonly scaled: (column: string) => string;
  /** Whether no counter is 2^40 or more. */
  readonly small: boolean;
  /** SQL: how many Flows a record stands for that are told by no other. */
  readonly ones: string;
  /** SQL: what a record adds to the variance of the estimated sum of octets of both directions. */
  readonly variance: string;
}

const ofFlows = { table: 'flows', ones: 'lone', variance: '0.' };

/**
 * Records that can be summed up each by itself. Nearly all are small, and are summed up twice as fast as what needs care; an index tells where there are
 * others, so that looking for them costs nothing.
 */
export const small: RecordKind = { ...ofFlows, condition: 'NOT apart', scaled: scaledSmallSql, small: true };
export const large: RecordKind = { ...ofFlows, condition: 'apart AND NOT repeated', scaled: scaledSql, small: false };

/**
 * Small records that stand for others, too (see sample.ts). Whether a record is kept is drawn for each by itself, with p = 1/weight: its square is estimated by
 * weight times itself, and adds (1 - p)/p of that.
 */
export function sampledIn({ table }: Sample): RecordKind {
  return {
    table,
    condition: 'true',
    scaled: column => `${scaledSmallSql(column)} * weight`,
    small: true,
    ones: 'lone * weight',
    variance: `pow(toFloat64(${scaledSmallSql('octets')}) + toFloat64(${scaledSmallSql('reverseOctets')}), 2) * weight * (weight - 1)`,
  };
}
