import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { type Rollup, sample } from '../rollup/rollups.js';
import { chosenNumberSql, ONE_OF } from '../rollup/sample.js';
import type { Asked } from './plan.js';
import { sampled } from './record-kinds.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { countedSql } from './views.js';

/** Of so many records one may be missing from the sample, for an estimate to be worth it. */
const MISSING = 4;

/** What a question is answered from. */
export interface Basis {
  /** The last batch that the rollups have, or the sample; undefined where the records are read. */
  readonly done: bigint | undefined;
  /** Whether it is the sample, and the answer an estimate. */
  readonly sampled: boolean;
}

/** Where an answer can come from. */
export interface Sources {
  readonly rollups: readonly Rollup[];
  /** Whether the sample is better, although there are rollups, as these have many rows, or records are read beside them. */
  readonly slow?: boolean;
  /** See Store.reading. */
  readonly localNetworks?: readonly string[];
}

/**
 * Asks the sample where an estimate will do and many records would be read, else the rollups where there are any, else the records.
 * @param about how good an estimate is, is told of this; undefined: `query` tells by itself
 */
export async function answered<T>(
  store: Store,
  selection: Selection,
  { rollups, slow = false, localNetworks }: Sources,
  query: (basis: Basis) => Promise<T>,
  about?: Estimated,
): Promise<T> {
  const { estimate } = selection;
  if (estimate !== undefined && store.keeper !== undefined && (rollups.length === 0 || slow)) {
    const estimated = await store.reading([sample], async done => {
      if (done === undefined || !(await isWorthIt(store, selection, estimate.many, done))) return undefined;
      const [answer] = await Promise.all([query({ done, sampled: true }), about && tellError(store, selection, about)]);
      return { answer };
    });
    if (estimated !== undefined) return estimated.answer;
  }
  return await store.reading(rollups, done => query({ done, sampled: false }), localNetworks);
}

/** Whether there are so many records, and most of them in the sample: others are read in any case. */
async function isWorthIt(store: Store, selection: Selection, many: number, done: bigint): Promise<boolean> {
  const all = await recordsIn(store, selection);
  return all >= many && MISSING * (await recordsIn(store, selection, `batch > ${done}`)) < all;
}

/** How many records the engine would read, which it knows from its indexes. */
async function recordsIn(store: Store, selection: Selection, condition = 'true'): Promise<number> {
  const parameters = new Parameters();
  const sql = `SELECT recordEnd FROM flows WHERE ${endsIn(intervalOf(selection), parameters)} AND ${condition}`;
  const rows = await store.query<{ rows: string }>(`EXPLAIN ESTIMATE ${sql}`, parameters.values);
  return rows.reduce((sum, { rows: n }) => sum + Number(n), 0);
}

/** What an answer is about. */
export interface Estimated {
  /** What is told apart. */
  readonly by?: readonly Asked[];
  /** SQL of a condition for what counts at all. */
  readonly only?: ((parameters: Parameters) => string) | undefined;
  /** Whether Flows are counted. */
  readonly counts: boolean;
}

/**
 * Tells who asked that the answer is an estimate, and how good it is: by the sum of octets and the count of Flows of all that is selected, whichever is
 * known less well. What is not in the sample, and known exactly, is not looked at.
 */
async function tellError(
  store: Store,
  selection: Selection,
  { by = [], only = () => 'true', counts }: Estimated,
): Promise<void> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, by, parameters)} AND ${only(parameters)}`;
  const others = `uniqExactIf(${chosenNumberSql}, ${chosenNumberSql} != 0)`;
  const [row] = await store.query<Record<'sum_octets' | 'octetsVariance' | 'sum_flows' | 'flowsVariance', number>>(
    `SELECT sum(toFloat64(${sampled.scaled('octets')}) + toFloat64(${sampled.scaled('reverseOctets')})) AS sum_octets, sum(${sampled.variance}) AS octetsVariance,
      toFloat64(sum(lone * weight) + ${ONE_OF} * ${others}) AS sum_flows,
      toFloat64(sum(lone * weight * (weight - 1)) + ${ONE_OF * (ONE_OF - 1)} * ${others}) AS flowsVariance
    FROM ${sampled.table} WHERE ${where}`,
    parameters.values,
  );
  const { sum_octets: octets, octetsVariance, sum_flows: flows, flowsVariance } = row!;
  const ofFlows = counts ? relative(flowsVariance, flows) : 0;
  selection.estimate?.tell(Math.max(relative(octetsVariance, octets), ofFlows));
}

/** The relative standard error of a sum that was estimated with this variance. */
function relative(variance: number, sum: number): number {
  return sum > 0 ? Math.sqrt(variance) / sum : 0;
}
