import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { addColumns, columnsIn, createTable, flowSql, insertedColumns } from '../schema/flows.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { recordsOf, type Step } from './step.js';

/**
 * A few of the records, each with the number of records that it stands for: what takes long to be read is estimated from them. A record is kept with
 * probability 1/weight, the larger ones rather than the smaller (Duffield, Lund, Thorup, "Learn more, sample less", 2005), and its counters times its weight are
 * right on average (Horvitz and Thompson, 1952). Of those that share their Flow with others all are kept together of one of ONE_OF Flows besides, by which
 * Flows are counted: `chosen`. Whether a record is kept is told by hashes of itself, so that a step that is done again keeps the same.
 */
export const SAMPLE = 'flows_sample';
/** The sample of the step at hand. */
const HELD = 'sample_step';

/** No record stands for more, however small it is. */
export const ONE_OF = 256;
/** A record of so many times the mean size is kept in any case; about one of as many is kept of all. */
const TIMES = 64;
/** Sizes of more are kept in any case, so that weighted counters stay below what sums can take: see `apart`. */
const ALWAYS = 2 ** 40;

const LARGEST = '18446744073709551615';
const oneOf = (number: number | string) => `intDiv(${LARGEST}, ${number})`;

/** SQL: the number of a record's Flow, of those by which Flows with several records are counted, else 0. */
export const chosenNumberSql = `if(flow <= ${oneOf(ONE_OF)}, flow, 0)`;

/** Octets of both directions, and so much for each packet: what an exporter counts in packets alone has a size, too. */
const size = `(toFloat64(${scaledSmallSql('octets')}) + toFloat64(${scaledSmallSql('reverseOctets')}) + 64. * (toFloat64(${scaledSmallSql('packets')}) + toFloat64(${scaledSmallSql('reversePackets')})))`;

/** What tells records of a Flow apart. */
const ofFlow = ['number', 'recordEnd', 'recordBegin', 'octets', 'packets', 'reverseOctets', 'reversePackets'];

const added = {
  // Records that it stands for where counters are summed up; 0: it is here for its Flow alone.
  weight: 'UInt16 CODEC(Default)',
  chosen: 'UInt8 CODEC(Default)',
};
const copied = [...insertedColumns, ...Object.keys(added)];

/** Makes the tables where they are not there, and gives them the columns that records have now. */
export async function prepareSample(door: StoreDoor): Promise<void> {
  await door.command(createTable(SAMPLE, added));
  const columns = await rowsOf<{ name: string }>(door, columnsIn(SAMPLE));
  const alter = addColumns(new Set(columns.map(({ name }) => name)), SAMPLE);
  if (alter !== undefined) await door.command(alter);
  // What is in it is made anew where it is needed.
  await door.command(`DROP TABLE IF EXISTS ${HELD} SYNC`);
  await door.command(`CREATE TABLE ${HELD} AS ${SAMPLE} ENGINE = MergeTree ORDER BY tuple()`);
}

/** The statements that put the sample of a step's records in the table, and all else out of it. */
export function sampleStatements(step: Step): readonly string[] {
  const enough = `(SELECT least(${ALWAYS}., greatest(1., ${TIMES} * avg(${size}))) FROM flows WHERE ${recordsOf(step)})`;
  const weight = `toUInt16(floor(1 / least(1, 1 / ${ONE_OF} + ${size} / ${enough})))`;
  const columns = [...insertedColumns.map(name => `s_${name} AS ${name}`), 'stands AS weight', 'whole AS chosen'];
  const records = `SELECT ${[...insertedColumns.map(name => `${name} AS s_${name}`), `${flowSql} AS number`].join(', ')},
      if(lone, number, cityHash64(${ofFlow.join(', ')})) AS its, ${weight} AS times,
      number <= ${oneOf(ONE_OF)} AS whole, if(its <= ${oneOf('times')}, times, 0) AS stands
    FROM flows WHERE ${recordsOf(step)} AND (whole OR stands > 0)`;
  return [
    `TRUNCATE TABLE ${HELD}`,
    `INSERT INTO ${HELD} (${copied.join(', ')}, batch) SELECT ${columns.join(', ')}, ${step.to} FROM (${records})
    SETTINGS max_execution_time = 0, max_result_bytes = 0, max_threads = 2`,
  ];
}

/** SQL of the sample's rows for a step, and the columns that they have. */
export function sampleRows(step: Step): { readonly columns: readonly string[]; readonly sql: string } {
  return { columns: copied, sql: `SELECT *, recordEnd FROM ${HELD} WHERE batch = ${step.to}` };
}

/** Columns that the engine computes, and questions ask for. */
const computed = ['lone', 'repeated', 'flow', 'recordEnd', 'recordBegin', 'batch'];

/**
 * SQL: all records of one of ONE_OF Flows.
 * @param where SQL of the condition that they fit
 * @param done the last batch that the sample has
 */
export function chosenFlowsSql(where: string, done: bigint): string {
  const from = (table: string, condition: string) =>
    `SELECT ${[...insertedColumns, ...computed].join(', ')} FROM ${table} WHERE ${condition} AND ${where}`;
  return [from(SAMPLE, 'chosen'), from('flows', `(batch > ${done} OR apart) AND ${flowSql} <= ${oneOf(ONE_OF)}`)].join(
    ' UNION ALL ',
  );
}
