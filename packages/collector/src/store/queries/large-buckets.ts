import type { Operand } from '@weir/flow';
import type { Store } from '../client.js';
import { type GroupQuery, rowsSql } from './grouped-rows.js';

/**
 * What has many values: two of these make so many groups that the engine could hardly keep them all. Where few of them are asked for, groups
 * are first thrown together in buckets by their hash. A group can only be among the largest where its bucket is large.
 */
const manyValues: ReadonlySet<string> = new Set([
  'sourceAddress',
  'destinationAddress',
  'natSourceAddress',
  'natDestinationAddress',
  'sourcePort',
  'destinationPort',
  'flowId',
]);
const BUCKETS = 2 ** 20;
/** Buckets that are looked into. */
const LOOKED_INTO = 1000;
/** For more groups than this nothing is gained. */
const MOST_GROUPS = 100;

export interface LargeBuckets {
  /** SQL: whether a row is in one of them. */
  readonly condition: string;
  /** No group outside of them is larger. */
  readonly beyond: bigint;
}

/** Whether it is worth looking for large buckets first. */
export function areMany(operands: readonly Operand[], top: number | undefined): boolean {
  return top !== undefined && top <= MOST_GROUPS && operands.filter(({ column }) => manyValues.has(column)).length > 1;
}

/**
 * The buckets that the largest groups are in, if they are large; undefined where these are all there are.
 * @param size SQL of the octets of a row that count.
 */
export async function largeBuckets(store: Store, query: GroupQuery, size: string): Promise<LargeBuckets | undefined> {
  const hash = (keys: readonly string[]) => `bitAnd(cityHash64(${keys.join(', ')}), ${BUCKETS - 1})`;
  const bucket = hash(query.keys.map((_, i) => `k${i}`));
  const rows = await store.query<{ bucket: number; octets: string }>(
    `SELECT ${bucket} AS bucket, sum(${size}) AS octets FROM (${rowsSql(query)})
     GROUP BY bucket ORDER BY octets DESC LIMIT ${LOOKED_INTO}`,
    query.parameters.values,
  );
  if (rows.length < LOOKED_INTO) return undefined;
  return {
    condition: `${hash(query.keys)} IN (${rows.map(row => row.bucket).join(', ')})`,
    beyond: BigInt(rows.at(-1)!.octets),
  };
}
