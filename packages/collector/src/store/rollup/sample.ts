import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { addColumns, columnsIn, createTable, flowSql, insertedColumns } from '../schema/flows.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { recordsOf, type Step } from './step.js';

/**
 * A few of the records, each with the number of records that it stands for: what takes long to be read is estimated from them. A record is kept with
 * probability 1/weight, the larger ones rather than the smaller (Duffield, Lund, Thorup, "Learn more, sample less", 2005), and its counters times its weight are
 * right on average (Horvitz and Thompson, 1952). Of those that share their Flow with others all are kept together of one of `oneOf` Flows besides, by which
 * Flows are counted: `chosen`. Whether a record is kept is told by hashes of itself, so that a step that is done again keeps the same.
 */
export interface Sample {
  readonly table: string;
  /** No record stands for more, however small it is. */
  readonly oneOf: number;
  /** A record of so many times the mean size is kept in any case; about one of as many is kept of all. */
  readonly times: number;
}

export const fine: Sample = { table: 'flows_sample', oneOf: 256, times: 64 };
/** A sample of the sample, for what is of very many records. */
export const coarse: Sample = { table: 'flows_sample_coarse', oneOf: 4096, times: 1024 };
export const samples: readonly Sample[] = [fine, coarse];
/** The finer sample of the step at hand, from which the other is taken. */
const HELD = 'sample_step';

/** Sizes of more are kept in any case, so that weighted counters stay below what sums can take: see `apart`. */
const ALWAYS = 2 ** 40;

const LARGEST = '18446744073709551615';
const oneOf = (number: number | string) => `intDiv(${LARGEST}, ${number})`;

/** SQL: the number of a record's Flow, of those by which a sample counts Flows with several records, else 0. */
export function chosenNumberSql({ oneOf: one }: Sample): string {
  return `if(flow <= ${oneOf(one)}, flow, 0)`;
}

/** Octets of both directions, and so much for each packet: what an exporter counts in packets alone has a size, too. */
const size = `(toFloat64(${scaledSmallSql('octets')}) + toFloat64(${scaledSmallSql('reverseOctets')}) + 64. * (toFloat64(${scaledSmallSql('packets')}) + toFloat64(${scaledSmallSql('reversePackets')})))`;

/** What tells records of a Flow apart. */
const ofFlow = ['number', 'recordEnd', 'recordBegin', 'octets', 'packets', 'reverseOctets', 'reversePackets'];

const added = {
  // Records that it stands for where counters are summed up; 0: it is here for its Flow alone.
  weight: 'UInt16 CODEC(Default)',
  chosen: 'UInt8 CODEC(Default)',
};
/** The same in the coarser sample. */
const held = { coarseWeight: 'UInt16', coarseChosen: 'UInt8' };
const copied = [...insertedColumns, ...Object.keys(added)];

/** Makes the tables where they are not there, and gives them the columns that records have now. */
export async function prepareSample(door: StoreDoor): Promise<void> {
  for (const { table } of samples) {
    await door.command(createTable(table, added));
    const columns = await rowsOf<{ name: string }>(door, columnsIn(table));
    const alter = addColumns(new Set(columns.map(({ name }) => name)), table);
    if (alter !== undefined) await door.command(alter);
  }
  // What is in it is made anew where it is needed.
  await door.command(`DROP TABLE IF EXISTS ${HELD} SYNC`);
  await door.command(`CREATE TABLE ${HELD} AS ${fine.table} ENGINE = MergeTree ORDER BY tuple()`);
  const more = Object.entries(held).map(([name, type]) => `ADD COLUMN ${name} ${type}`);
  await door.command(`ALTER TABLE ${HELD} ${more.join(', ')}`);
}

/** The statements that put the sample of a step's records in the table, and all else out of it. */
export function sampleStatements(step: Step): readonly string[] {
  const weights = { weight: 'stands', chosen: 'whole', coarseWeight: 'coarseStands', coarseChosen: 'coarseWhole' };
  const columns = [
    ...insertedColumns.map(name => `s_${name} AS ${name}`),
    ...Object.entries(weights).map(([name, sql]) => `${sql} AS ${name}`),
  ];
  const records = `SELECT ${[...insertedColumns.map(name => `${name} AS s_${name}`), `${flowSql} AS number`].join(', ')},
      if(lone, number, cityHash64(${ofFlow.join(', ')})) AS its,
      ${weightSql(fine, step)} AS times, number <= ${oneOf(fine.oneOf)} AS whole, if(its <= ${oneOf('times')}, times, 0) AS stands,
      ${weightSql(coarse, step)} AS coarseTimes, number <= ${oneOf(coarse.oneOf)} AS coarseWhole, if(its <= ${oneOf('coarseTimes')}, coarseTimes, 0) AS coarseStands
    FROM flows WHERE ${recordsOf(step)} AND (whole OR stands > 0)`;
  return [
    `TRUNCATE TABLE ${HELD}`,
    `INSERT INTO ${HELD} (${[...insertedColumns, ...Object.keys(weights)].join(', ')}, batch) SELECT ${columns.join(', ')}, ${step.to} FROM (${records})
    SETTINGS max_execution_time = 0, max_result_bytes = 0, max_threads = 2`,
  ];
}

/** SQL: how many records one of this size stands for where it is kept; in the coarser sample no fewer, so that what is in that is in the other, too. */
function weightSql({ oneOf: one, times }: Sample, step: Step): string {
  const enough = `least(${ALWAYS}., greatest(1., ${times} * (SELECT avg(${size}) FROM flows WHERE ${recordsOf(step)})))`;
  return `toUInt16(floor(1 / least(1, 1 / ${one} + ${size} / ${enough})))`;
}

/** SQL of the rows of a sample for a step, and the columns that they have. */
export function sampleRows(table: string, step: Step): { readonly columns: readonly string[]; readonly sql: string } {
  const sql =
    table === fine.table
      ? `SELECT *, recordEnd FROM ${HELD} WHERE batch = ${step.to}`
      : `SELECT * REPLACE (coarseWeight AS weight, coarseChosen AS chosen), recordEnd FROM ${HELD}
        WHERE batch = ${step.to} AND (coarseWeight > 0 OR coarseChosen)`;
  return { columns: copied, sql };
}

/** Columns that the engine computes, and questions ask for. */
const computed = ['lone', 'repeated', 'flow', 'recordEnd', 'recordBegin', 'batch'];

/**
 * SQL: all records of one of `oneOf` Flows.
 * @param where SQL of the condition that they fit
 * @param others SQL of the condition for records that the sample is not of
 */
export function chosenFlowsSql({ table: sample, oneOf: one }: Sample, where: string, others: string): string {
  const from = (table: string, condition: string) =>
    `SELECT ${[...insertedColumns, ...computed].join(', ')} FROM ${table} WHERE ${condition} AND ${where}`;
  return [from(sample, 'chosen'), from('flows', `${others} AND ${flowSql} <= ${oneOf(one)}`)].join(' UNION ALL ');
}
