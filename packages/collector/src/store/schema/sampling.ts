const LARGEST = '18446744073709551615';

/**
 * SQL: a counter of a Flow Record for a sum. It is stored as it was sent; where one packet of N was metered it stands for N times as
 * many. What is beyond 64 bits is the largest number of them: a hostile interval must not make sums overflow.
 */
export function scaledSql(column: string): string {
  return `if(samplingInterval < 2, ${column}, toUInt64(least(toUInt128(${column}) * samplingInterval, ${LARGEST})))`;
}

/** SQL: the same of a record that is not `apart`: below 2^40, and many times as fast. */
export function scaledSmallSql(column: string): string {
  return `${column} * greatest(samplingInterval, 1)`;
}
