import { Parameters } from '../../flow/filter-sql.js';
import type { Summary } from '../../http/types.js';
import type { Store } from '../client.js';
import { answersSql, countsSql, hasTripSql, shortSql, tripClassSql, tripSql } from '../rollup/answers.js';
import { chosenNumberSql } from '../rollup/sample.js';
import { counters, flowCountSql } from './counted.js';
import { around, cut, isSummed, type Piece, rollupOfAnswers } from './plan.js';
import { large, type RecordKind, sampledIn, small } from './record-kinds.js';
import { roundTripOf, type TripClasses } from './round-trips.js';
import { answered, type Basis } from './sampled.js';
import { endsIn, type Interval, intervalOf, type Selection, stepsIn } from './selection.js';
import { countedSql } from './views.js';

/**
 * The selection as a whole: sums as of `groups`, how many Flows were answered, and how long handshakes took.
 * @throws FilterError, WeirError
 */
export async function summary(store: Store, selection: Selection): Promise<Summary> {
  const rollups = rollupOfAnswers(selection);
  return await answered(
    store,
    selection,
    { rollups },
    async basis => {
      const { done, sample } = basis;
      const parameters = new Parameters();
      const pieces = cut(intervalOf(selection), done === undefined || sample !== undefined ? [] : rollups);
      const filter = countedSql(selection, [], parameters);
      const sql = summariesSql({ ...basis, pieces, filter, parameters });
      const [row] = await store.query<SummaryRow>(sql, parameters.values);
      return summaryOf(row!);
    },
    { counts: true },
  );
}

export type SummaryRow = Record<'flows' | 'answered' | 'unanswered' | `sum_${string}`, string> & {
  /** Classes of round trips, and how many Flows there are of each. */
  readonly trips: readonly [upTo: readonly number[], flows: readonly (number | string)[]];
};

/** What is summed up. */
export interface Summed extends Basis {
  readonly pieces: readonly Piece[];
  /** SQL of the condition for what is summed up, but for its time. */
  readonly filter: string;
  readonly parameters: Parameters;
}

/** What Flows are told apart by, and what else is counted of them. No rollup has either. */
export interface Apart {
  /** SQL of a record's values: they come as k0, k1, ... */
  readonly keys: readonly string[];
  /** SQL of conditions of a record by their names: how many Flows have a record that fits. */
  readonly flags: Readonly<Record<string, string>>;
}

/**
 * SQL: a row of sums for each of what is told apart. Whether an exporter counts the reverse direction at all is not told by the records of unanswered
 * Flows: some leave the counter out there.
 */
export function summariesSql(summed: Summed, { keys, flags }: Apart = { keys: [], flags: {} }): string {
  const names = keys.map((_, i) => `k${i}`);
  const counted = Object.keys(flags);
  const list = (parts: readonly string[]) => parts.map(part => `${part}, `).join('');
  // Flows of several records are told by their numbers, in lists where sums have them.
  const areLists = summed.pieces.some(isSummed);
  const flowsOf = (ones: string, others: string) =>
    areLists
      ? `(sum(${ones}) + uniqExactArray(${others}))`
      : `(sum(${ones}) + ${standsFor(summed)} * uniqExactIf(${others}, ${others} != 0))`;
  const flagged = counted.map(
    name =>
      `sumIf(ones, f_${name}) + ${standsFor(summed)} * uniqExactIf(running, f_${name} AND running != 0) AS m_${name}`,
  );
  return `SELECT ${list(names)}sum(m_flows) AS flows, sum(m_answered) AS answered, sumIf(m_flows - m_answered, tells) AS unanswered,
      ${list([...counters, ...counted].map(name => `sum(m_${name}) AS ${counters.includes(name) ? `sum_${name}` : name}`))}
      sumMapIf([class], [m_trips], class > 0) AS trips
    FROM (SELECT *, max(m_counts) OVER (PARTITION BY sender, domain) AS tells FROM
    (SELECT ${list(names)}sender, domain, class, ${flowsOf('ones', 'running')} AS m_flows, ${flowsOf('heardOnes', 'heard')} AS m_answered, max(counts) AS m_counts,
      ${list([...counters.map(name => `sum(c_${name}) AS m_${name}`), ...flagged])} sum(trips) AS m_trips
    FROM (${rowsSql(summed, { keys, flags })}) GROUP BY ${list(names)}sender, domain, class)) ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}`;
}

/**
 * SQL: rows of records and of sums; and rows in addition for what records of the same Flow repeat: totals, and the handshake, which counts once. What is
 * added is of Flows that are told by their number, so that these are not counted again.
 */
function rowsSql(summed: Summed, apart: Apart): string {
  const { pieces, done, sample, beside, parameters } = summed;
  const all = around(pieces);
  const within = (interval: Interval) => endsIn(interval, parameters);
  const kind = sample === undefined ? small : sampledIn(sample);
  const rows = pieces.map(piece =>
    isSummed(piece) ? sumRow(summed, piece) : recordRow(summed, apart, kind, within(piece)),
  );
  const known = sample === undefined ? pieces.filter(isSummed) : pieces;
  const newer = (beside.newer ? known : []).map(piece => `${within(piece)} AND batch > ${done}`);
  return [
    ...rows,
    ...newer.map(condition => recordRow(summed, apart, small, condition)),
    ...(beside.apart ? [recordRow(summed, apart, large, within(all)), repeatedRow(summed, apart, within(all))] : []),
    tripRow(summed, apart, within(all)),
  ].join(' UNION ALL ');
}

/** How many Flows one that is told by its number stands for. */
const standsFor = ({ sample }: Summed) => sample?.oneOf ?? 1;

/** SQL of a number that Flows with several records are told by, and of none. */
const numberSql = ({ pieces, sample }: Summed, condition: string) =>
  pieces.some(isSummed)
    ? `if(${condition}, [flow], [])`
    : `if(${condition}, ${sample === undefined ? 'flow' : chosenNumberSql(sample)}, 0)`;
const noneSql = ({ pieces }: Summed) => (pieces.some(isSummed) ? "CAST([], 'Array(UInt64)')" : 'toUInt64(0)');

const named = (keys: readonly string[], sql = (key: string) => key) => keys.map((key, i) => `${sql(key)} AS k${i}`);
const origin = 'exporter AS sender, observationDomainId AS domain';
const originOfFlow = 'any(exporter) AS sender, any(observationDomainId) AS domain';

function recordRow(summed: Summed, { keys, flags }: Apart, kind: RecordKind, when: string): string {
  const selected = [
    ...named(keys),
    origin,
    `${kind.ones} AS ones`,
    `${numberSql(summed, 'NOT lone')} AS running`,
    `${kind.ones} * (${answersSql}) AS heardOnes`,
    `${numberSql(summed, `NOT lone AND ${answersSql}`)} AS heard`,
    `${countsSql} AS counts`,
    ...counters.map(name => `toUInt128(${kind.scaled(name)}) AS c_${name}`),
    ...Object.entries(flags).map(([name, flag]) => `${flag} AS f_${name}`),
    `if(lone AND ${hasTripSql}, ${tripClassSql(tripSql)}, 0) AS class`,
    `toUInt64(if(class > 0, ${kind.ones}, 0)) AS trips`,
  ];
  return `SELECT ${selected.join(', ')} FROM ${kind.table} WHERE ${kind.condition} AND ${when} AND ${summed.filter}`;
}

/** SQL: records that repeat what earlier ones of their Flow counted, once a Flow. */
function repeatedRow(summed: Summed, { keys, flags }: Apart, when: string): string {
  const selected = [
    ...named(keys, key => `any(${key})`),
    originOfFlow,
    'toUInt8(0) AS ones',
    `${numberSql(summed, 'true')} AS running`,
    'toUInt8(0) AS heardOnes',
    `${numberSql(summed, `max(${answersSql})`)} AS heard`,
    `max(${countsSql}) AS counts`,
    ...counters.map(name => `toUInt128(${flowCountSql(name)}) AS c_${name}`),
    ...Object.entries(flags).map(([name, flag]) => `max(${flag}) AS f_${name}`),
    'toUInt32(0) AS class',
    'toUInt64(0) AS trips',
  ];
  return `SELECT ${selected.join(', ')} FROM flows WHERE repeated AND ${when} AND ${summed.filter} GROUP BY flow`;
}

/** SQL: the handshakes of Flows with several records, which may each tell of it. */
function tripRow(summed: Summed, { keys, flags }: Apart, when: string): string {
  const { pieces, done, sample, beside, filter } = summed;
  const known = pieces.filter(isSummed);
  const newer =
    known.length === 0
      ? 'true'
      : `(batch > ${done} OR apart OR NOT (${known.map(piece => endsIn(piece, summed.parameters)).join(' OR ')}))`;
  const number = sample === undefined ? 'flow' : chosenNumberSql(sample);
  const toldIn = (table: string, also: string) =>
    `SELECT ${[...named(keys), origin, `${number} AS number`, `${shortSql(tripSql)} AS trip`].join(', ')} FROM ${table}
      WHERE NOT lone AND ${number} != 0 AND ${hasTripSql} AND ${also} AND ${when} AND ${filter}`;
  const told = [
    ...(sample === undefined ? [toldIn('flows', newer)] : [toldIn(sample.table, 'true')]),
    ...(sample !== undefined && (beside.newer || beside.apart) ? [toldIn('flows', `(batch > ${done} OR apart)`)] : []),
    ...known.map(
      piece => `SELECT ${origin}, each.1 AS number, each.2 AS trip FROM
      (SELECT exporter, observationDomainId, arrayJoin(trips) AS each FROM ${piece.rollup!.table} WHERE ${stepsIn(piece, summed.parameters)} AND ${summed.filter} AND notEmpty(trips))`,
    ),
  ];
  const selected = [
    ...keys.map((_, i) => `any(k${i})`),
    'any(sender), any(domain), toUInt8(0)',
    noneSql(summed),
    'toUInt8(0)',
    noneSql(summed),
    'toUInt8(0)',
    ...counters.map(() => 'toUInt128(0)'),
    ...Object.keys(flags).map(() => 'toUInt8(0)'),
    tripClassSql('max(trip)'),
    `toUInt64(${standsFor(summed)})`,
  ];
  return `SELECT ${selected.join(', ')} FROM (${told.join(' UNION ALL ')}) GROUP BY number`;
}

/** SQL: the rows of a rollup that are of the piece. */
function sumRow(summed: Summed, piece: Piece): string {
  const selected = [
    origin,
    'lone AS ones',
    'running',
    'answered AS heardOnes',
    'heard',
    'counts',
    ...counters.map(name => `toUInt128(${name}) AS c_${name}`),
    'tripsUpTo AS class',
    'if(tripsUpTo > 0, lone, 0) AS trips',
  ];
  return `SELECT ${selected.join(', ')} FROM ${piece.rollup!.table} WHERE ${stepsIn(piece, summed.parameters)} AND ${summed.filter}`;
}

function summaryOf(row: SummaryRow): Summary {
  const sums = Object.fromEntries(counters.map(name => [name, Number(row[`sum_${name}`])]));
  const trips = tripsOf(row);
  return {
    flows: Number(row.flows),
    ...(sums as Pick<Summary, 'octets' | 'packets' | 'reverseOctets' | 'reversePackets'>),
    answered: Number(row.answered),
    unanswered: Number(row.unanswered),
    ...(trips.upTo.length > 0 && { roundTrip: roundTripOf(trips) }),
  };
}

export function tripsOf({ trips: [upTo, flows] }: SummaryRow): TripClasses {
  return { upTo, flows: flows.map(Number) };
}
