import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { type Rollup, sampleRollups } from '../rollup/rollups.js';
import { chosenNumberSql, coarse, fine, type Sample } from '../rollup/sample.js';
import type { Asked } from './plan.js';
import { sampledIn } from './record-kinds.js';
import { endsIn, type Interval, intervalOf, type Selection, stepsIn, timeSql } from './selection.js';
import { countedSql } from './views.js';

/** Of so many records one may be missing from the sample, for an estimate to be worth it. */
const MISSING = 4;
/** Rows of sums that take as long to be read as a page may take. */
const MANY_SUMS = 1_500_000;

/** What a question is answered from. */
export interface Basis {
  /** The last batch that the rollups have, or the sample; undefined where the records are read. */
  readonly done: bigint | undefined;
  /** The sample that stands for the records that it is of, where the answer is an estimate. */
  readonly sample: Sample | undefined;
  readonly beside: Beside;
}

/** Records that have to be read beside rollups and samples. What there is none of need not be in a statement: the engine takes longer to understand it than to read. */
export interface Beside {
  /** Whether there may be some of later batches. */
  readonly newer: boolean;
  /** Whether there may be some that are apart (see schema/flows.ts). */
  readonly apart: boolean;
}

/** SQL: the condition for records that the sample is not of; undefined where there are none. */
export function newerSql({ done, beside }: Basis): string | undefined {
  return beside.newer || beside.apart ? `(batch > ${done} OR apart)` : undefined;
}

/** Where an answer can come from. */
export interface Sources {
  readonly rollups: readonly Rollup[];
  /** Whether the sample is better, although there are rollups, as records are read beside them. */
  readonly slow?: boolean;
  /** Whether the finer sample is to be asked, however many records there are. */
  readonly finest?: boolean;
  /** See Store.reading. */
  readonly localNetworks?: readonly string[];
  /** Milliseconds since the epoch: no record that ended before is read. Default the beginning of the selection. */
  readonly since?: number;
}

/**
 * Asks a sample where an estimate will do and many records or sums would be read, else the rollups where there are any, else the records.
 * @param about how good an estimate is, is told of this; undefined: `query` tells by itself
 */
export async function answered<T>(
  store: Store,
  selection: Selection,
  sources: Sources,
  query: (basis: Basis) => Promise<T>,
  about?: Estimated,
): Promise<T> {
  const since = sources.since ?? intervalOf(selection).from;
  for (const sample of await samplesFor(store, selection, sources)) {
    const rollup = sampleRollups.find(({ table }) => table === sample.table)!;
    const estimated = await store.reading([rollup], async done => {
      if (done === undefined || !(await hasMost(store, selection, done))) return undefined;
      const basis = { done, sample, beside: await besideOf(store, since, done) };
      const [answer, errors] = await Promise.all([query(basis), about && errorsIn(store, selection, sample, about)]);
      if (errors !== undefined)
        selection.estimate?.tell(Math.max(errors.octets ?? 0, about?.counts === true ? (errors.flows ?? 0) : 0));
      return { answer };
    });
    if (estimated !== undefined) return estimated.answer;
  }
  const { rollups, localNetworks } = sources;
  return await store.reading(
    rollups,
    async done => await query({ done, sample: undefined, beside: await besideOf(store, since, done) }),
    localNetworks,
  );
}

/** Whether there are so many records that an estimate is asked for, if one will do. */
export async function isWorthEstimating(store: Store, selection: Selection): Promise<boolean> {
  const { estimate } = selection;
  return estimate !== undefined && store.keeper !== undefined && (await recordsIn(store, selection)) >= estimate.many;
}

/** The samples that are worth being asked, the best first. */
async function samplesFor(
  store: Store,
  selection: Selection,
  { rollups, slow = false, finest = false }: Sources,
): Promise<readonly Sample[]> {
  const { estimate } = selection;
  if (estimate === undefined || store.keeper === undefined) return [];
  const [rollup] = rollups;
  if (rollup !== undefined && !slow && (await sumsIn(store, selection, rollup)) < MANY_SUMS) return [];
  const records = await recordsIn(store, selection);
  if (records < estimate.many) return [];
  if (finest || records < estimate.veryMany) return [fine];
  const { octets } = await errorsIn(store, selection, coarse, {});
  return octets !== undefined && octets < estimate.good ? [coarse, fine] : [fine];
}

/** Whether the sample is of most of the records: others are read in any case. */
async function hasMost(store: Store, selection: Selection, done: bigint): Promise<boolean> {
  return MISSING * (await recordsIn(store, selection, `batch > ${done}`)) < (await recordsIn(store, selection));
}

async function besideOf(store: Store, since: number, done: bigint | undefined): Promise<Beside> {
  // Batches of other collectors may come at any time.
  if (store.keeper === undefined) return { newer: true, apart: true };
  const parameters = new Parameters();
  const from = `recordEnd >= ${timeSql(since, parameters)}`;
  const some = async (condition: string) =>
    (await rowsIn(store, `SELECT recordEnd FROM flows WHERE ${from} AND ${condition}`, parameters)) > 0;
  const [newer, apart] = await Promise.all([done === undefined ? false : some(`batch > ${done}`), some('apart')]);
  return { newer, apart };
}

function recordsIn(store: Store, selection: Selection, condition = 'true'): Promise<number> {
  const parameters = new Parameters();
  const sql = `SELECT recordEnd FROM flows WHERE ${endsIn(intervalOf(selection), parameters)} AND ${condition}`;
  return rowsIn(store, sql, parameters);
}

function sumsIn(store: Store, selection: Selection, { table }: Rollup): Promise<number> {
  const parameters = new Parameters();
  const interval: Interval = intervalOf(selection);
  return rowsIn(store, `SELECT time FROM ${table} WHERE ${stepsIn(interval, parameters)}`, parameters);
}

/** How many rows the engine would read, at most, which it knows from its indexes. */
async function rowsIn(store: Store, sql: string, { values }: Parameters): Promise<number> {
  const rows = await store.queryOnce<{ rows: string }>(`EXPLAIN ESTIMATE ${sql}`, values);
  return rows.reduce((sum, { rows: n }) => sum + Number(n), 0);
}

/** What an answer is about. */
export interface Estimated {
  /** What is told apart. */
  readonly by?: readonly Asked[];
  /** SQL of a condition for what counts at all. */
  readonly only?: ((parameters: Parameters) => string) | undefined;
  /** Whether Flows are counted: the error is that of octets or of Flows, whichever is known less well. */
  readonly counts: boolean;
}

/**
 * The relative standard errors of estimates of all that is selected: of the sum of octets and of the count of Flows; undefined where there is none. What is not in
 * the sample, and known exactly, is not looked at.
 */
async function errorsIn(
  store: Store,
  selection: Selection,
  sample: Sample,
  { by = [], only = () => 'true' }: Pick<Estimated, 'by' | 'only'>,
): Promise<{ readonly octets: number | undefined; readonly flows: number | undefined }> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, by, parameters)} AND ${only(parameters)}`;
  const { scaled, variance } = sampledIn(sample);
  const number = chosenNumberSql(sample);
  const { oneOf, table } = sample;
  const others = `uniqExactIf(${number}, ${number} != 0)`;
  const [row] = await store.queryOnce<Record<'sum_octets' | 'octetsVariance' | 'sum_flows' | 'flowsVariance', number>>(
    `SELECT sum(toFloat64(${scaled('octets')}) + toFloat64(${scaled('reverseOctets')})) AS sum_octets, sum(${variance}) AS octetsVariance,
      toFloat64(sum(lone * weight) + ${oneOf} * ${others}) AS sum_flows,
      toFloat64(sum(lone * weight * (weight - 1)) + ${oneOf * (oneOf - 1)} * ${others}) AS flowsVariance
    FROM ${table} WHERE ${where}`,
    parameters.values,
  );
  const { sum_octets: octets, octetsVariance, sum_flows: flows, flowsVariance } = row!;
  return { octets: relative(octetsVariance, octets), flows: relative(flowsVariance, flows) };
}

/** The relative standard error of a sum that was estimated with this variance. */
function relative(variance: number, sum: number): number | undefined {
  return sum > 0 ? Math.sqrt(variance) / sum : undefined;
}
