import type { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { flowSql } from '../schema/flows.js';
import { scaledSql } from '../schema/sampling.js';
import { flowCountSql } from './counted.js';
import { sampledIn } from './record-kinds.js';
import { type Basis, newerSql } from './sampled.js';
import { timeSql } from './selection.js';

/** The newest by their last record's end, or the largest by octets of both directions; of equals that with the lowest number first. */
export type FlowOrder = 'newest' | 'largest';

/** A Flow's place in an order. */
export interface FlowPlace {
  /** What it is ordered by: milliseconds since the epoch, or octets. */
  readonly value: bigint;
  readonly number: bigint;
}

export interface Choice {
  /** SQL of the condition that records fit. */
  readonly where: string;
  readonly parameters: Parameters;
  readonly limit: number;
  /** Only Flows behind this place. */
  readonly after?: FlowPlace | undefined;
  /** Has the sample where those of that are enough; not of those behind a place. */
  readonly basis?: Basis | undefined;
  /** Only Flows whose newest record ended then or later, milliseconds since the epoch. */
  readonly since?: number | undefined;
}

/** A Flow that was chosen. */
export interface ChosenFlow extends FlowPlace {
  /** Whether its newest record is its only one. */
  readonly lone: boolean;
  /** The end of its newest record, milliseconds since the epoch. */
  readonly newest: number;
}

/**
 * Which Flows come first, in their order. Nearly every Flow has one record, which says so (`lone`, see flowSql), and is no matter of grouping; it is
 * taken at its word, as sums take it.
 */
export async function chosenFlows(store: Store, order: FlowOrder, choice: Choice): Promise<ChosenFlow[]> {
  const { basis } = choice;
  if (order === 'newest' && basis === undefined) return await newestFlows(store, choice);
  const sampledSql = order === 'newest' ? newestSampledSql : largestSampledSql;
  const sql = basis === undefined ? largestSql(choice) : sampledSql(choice, basis);
  return (await store.query<Row>(sql, choice.parameters.values)).map(chosenFlow);
}

type Row = Record<'id' | 'isLone' | 'newest' | 'place', string>;

function chosenFlow({ id, isLone, newest, place }: Row): ChosenFlow {
  return {
    ...{ number: BigInt(id), value: BigInt(place) },
    ...{ lone: Number(isLone) === 1, newest: Number(newest) },
  };
}

/**
 * The table is in the order of ends, and the first record of a Flow that is met from its back is the Flow's newest. The engine reads no further back than
 * it must where it is told how many records are wanted: enough for the Flows, unless few Flows have nearly all records. What fits a rare filter is
 * far back, so few are wanted at first.
 */
async function newestFlows(store: Store, choice: Choice): Promise<ChosenFlow[]> {
  const { limit, parameters } = choice;
  for (const most of [limit + 20, 4 * limit + 1000]) {
    const met = await store.query<Row & Record<'met' | 'back', string>>(
      `SELECT id, isLone, toUnixTimestamp64Milli(recordEnd) AS newest, newest AS place,
        count() OVER () AS met, toUnixTimestamp64Milli(min(recordEnd) OVER ()) AS back
      FROM (${fromBackSql(choice)} ORDER BY recordEnd DESC LIMIT ${most}) ${firstSql(choice)}`,
      parameters.values,
    );
    const last = met[limit - 1];
    // Of the records that end when the last one does not all may have been met.
    const isEnough = last !== undefined && Number(last.newest) > Number(last.back);
    if (isEnough || Number(met[0]?.met ?? 0) < most) return met.map(chosenFlow);
  }
  const all = await store.query<Row>(
    `SELECT id, isLone, toUnixTimestamp64Milli(recordEnd) AS newest, newest AS place FROM (${fromBackSql(choice)}) ${firstSql(choice)}`,
    parameters.values,
  );
  return all.map(chosenFlow);
}

function fromBackSql({ where, parameters, after, since }: Choice): string {
  const behind = after === undefined ? 'true' : endedBefore(where, after, parameters);
  const recent = since === undefined ? 'true' : `recordEnd >= ${timeSql(since, parameters)}`;
  return `SELECT ${flowSql} AS id, lone AS isLone, recordEnd FROM flows WHERE ${where} AND ${behind} AND ${recent}`;
}

/** SQL: of records the first of each Flow. */
function firstSql({ limit }: Choice): string {
  return `ORDER BY recordEnd DESC, id LIMIT 1 BY id LIMIT ${limit}`;
}

/** A record behind the place, of a Flow that has none before it. */
function endedBefore(where: string, { value, number }: FlowPlace, parameters: Parameters): string {
  const end = timeSql(Number(value), parameters);
  const last = parameters.add(number, 'UInt64');
  const passed = `(recordEnd > ${end} OR (recordEnd = ${end} AND flow <= ${last}))`;
  return `recordEnd <= ${end} AND (recordEnd < ${end} OR ${flowSql} > ${last})
    AND (lone OR flow NOT IN (SELECT flow FROM flows WHERE ${where} AND NOT lone AND recordEnd >= ${end} AND ${passed}))`;
}

const loneOctets = `(toUInt128(${scaledSql('octets')}) + toUInt128(${scaledSql('reverseOctets')}))`;
/**
 * Numbers of 128 bits, and those of Flows, are made only for records that are nearly as large as those sought: this is the same in floating point, with
 * its rounding.
 */
const nearOctets = `(${['octets', 'reverseOctets'].map(column => `least(toFloat64(${column}) * greatest(samplingInterval, 1), 18446744073709551615.)`).join(' + ')})`;
const LESS = 1 - 1e-9;
const flowOctets = `(${flowCountSql('octets')} + ${flowCountSql('reverseOctets')})`;

/** The largest of Flows with one record, and of the others, which have to be summed up. */
function largestSql({ where, parameters, limit, after }: Choice): string {
  const count = parameters.add(limit, 'UInt64');
  const behind = (octets: string, number: string) =>
    after === undefined ? 'true' : behindSql(octets, number, after, parameters);
  const below =
    after === undefined ? 'true' : `${nearOctets} < ${parameters.add(Number(after.value), 'Float64')} * ${LESS}`;
  const least = `(SELECT min(size) * ${LESS} FROM (SELECT ${nearOctets} AS size FROM flows WHERE ${where} AND lone AND ${below}
    ORDER BY size DESC LIMIT ${count}))`;
  return `SELECT id, isLone, toUnixTimestamp64Milli(last) AS newest, place FROM (
      SELECT ${flowSql} AS id, lone AS isLone, recordEnd AS last, ${loneOctets} AS place
      FROM flows WHERE ${where} AND lone AND ${nearOctets} >= ${least} AND ${behind('place', 'id')}
      ORDER BY place DESC, id LIMIT 1 BY id LIMIT ${count}
    UNION ALL
      SELECT flow AS id, toUInt8(0) AS isLone, max(recordEnd) AS last, ${flowOctets} AS place
      FROM flows WHERE ${where} AND NOT lone GROUP BY flow HAVING ${behind('place', 'id')}
      ORDER BY place DESC, id LIMIT ${count})
    ORDER BY place DESC, id LIMIT 1 BY id LIMIT ${count}`;
}

/** The newest of the sample, and of what is not in it yet. */
function newestSampledSql(choice: Choice, basis: Basis): string {
  const from = (table: string, condition: string) =>
    `SELECT ${flowSql} AS id, lone AS isLone, recordEnd FROM ${table} WHERE ${choice.where} AND ${condition}`;
  const newer = newerSql(basis);
  const records = [from(basis.sample!.table, 'weight > 0'), ...(newer === undefined ? [] : [from('flows', newer)])];
  return `SELECT id, isLone, toUnixTimestamp64Milli(recordEnd) AS newest, newest AS place
    FROM (${records.join(' UNION ALL ')}) ${firstSql(choice)}`;
}

/** The largest of the sample, and of what is not in it yet. A Flow of several records is as large as those that are there say. */
function largestSampledSql({ where, parameters, limit }: Choice, basis: Basis): string {
  const count = parameters.add(limit, 'UInt64');
  const { table, scaled } = sampledIn(basis.sample!);
  const newer = newerSql(basis);
  const lone = (table: string, condition: string) =>
    `SELECT ${flowSql} AS id, lone AS isLone, recordEnd AS last, ${loneOctets} AS place
    FROM ${table} WHERE ${where} AND lone AND ${condition} ORDER BY place DESC, id LIMIT ${count}`;
  const size = (octets: (column: string) => string) =>
    `toUInt128(${octets('octets')}) + toUInt128(${octets('reverseOctets')})`;
  const others = (table: string, condition: string, octets: string) =>
    `SELECT flow, recordEnd, ${octets} AS size FROM ${table} WHERE ${where} AND NOT lone AND ${condition}`;
  return `SELECT id, isLone, toUnixTimestamp64Milli(last) AS newest, place FROM (
      SELECT * FROM (${lone(table, 'weight > 0')})
    ${newer === undefined ? '' : `UNION ALL SELECT * FROM (${lone('flows', newer)})`}
    UNION ALL
      SELECT flow AS id, toUInt8(0) AS isLone, max(recordEnd) AS last, sum(size) AS place FROM
        (${others(table, 'weight > 0', size(scaled))} ${newer === undefined ? '' : `UNION ALL ${others('flows', newer, size(scaledSql))}`})
      GROUP BY flow ORDER BY place DESC, id LIMIT ${count})
    ORDER BY place DESC, id LIMIT 1 BY id LIMIT ${count}`;
}

function behindSql(octets: string, number: string, { value, number: last }: FlowPlace, parameters: Parameters): string {
  const size = parameters.add(value, 'UInt128');
  return `(${octets} < ${size} OR (${octets} = ${size} AND ${number} > ${parameters.add(last, 'UInt64')}))`;
}
