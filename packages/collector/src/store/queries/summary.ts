import { type Operand, resolveName, roundTripParts } from '@weir/flow';
import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { Summary } from '../../http/types.js';
import type { Store } from '../client.js';
import { counters, flowCountSql, flowsSql, flowsWhereSql } from './counted.js';
import { large, type RecordKind, small } from './record-kinds.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { countedSql } from './views.js';

/** Upper bounds of round trips that are counted together, milliseconds. */
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;
/** Of t-digests: they are a few kilobytes however many Flows there are, and are most exact at the ends. */
const QUANTILES = 'quantilesTDigestIf';
const LEVELS = '(0.5, 0.9, 0.99)';

/**
 * The selection as a whole: sums as of `groups`, how many Flows were answered, and how long handshakes took.
 * @throws FilterError, WeirError
 */
export async function summary(store: Store, selection: Selection): Promise<Summary> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [], parameters)}`;
  const [row] = await store.query<SummaryRow>(summariesSql(where), parameters.values);
  return summaryOf(row!);
}

export type SummaryRow = Record<'flows' | 'answered' | 'unanswered' | 'trips' | `sum_${string}`, string> & {
  readonly quantiles: readonly [number, number, number];
  /** Round trips up to each bound. */
  readonly within: readonly string[];
};

/** What Flows are told apart by, and what else is counted of them. */
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
export function summariesSql(where: string, { keys, flags }: Apart = { keys: [], flags: {} }): string {
  const names = keys.map((_, i) => `k${i}`);
  const counted = Object.keys(flags);
  const list = (parts: readonly string[]) => parts.map(part => `${part}, `).join('');
  return `SELECT ${list(names)}sum(m_flows) AS flows, sum(m_answered) AS answered, sumIf(m_flows - m_answered, tells) AS unanswered,
      ${list(counters.map(name => `sum(m_${name}) AS sum_${name}`))}${list(counted.map(name => `sum(m_${name}) AS ${name}`))}
      sum(m_trips) AS trips, ${QUANTILES}Merge${LEVELS}(m_quantiles) AS quantiles, sumForEach(m_within) AS within
    FROM (SELECT *, max(m_counts) OVER (PARTITION BY sender, domain) AS tells FROM
    (SELECT ${list(names)}sender, domain, ${flowsSql} AS m_flows, ${flowsWhereSql('answers')} AS m_answered, max(counts) AS m_counts,
      ${list(counters.map(name => `sum(c_${name}) AS m_${name}`))}${list(counted.map(name => `${flowsWhereSql(`f_${name}`)} AS m_${name}`))}
      countIf(hasTrip) AS m_trips, ${QUANTILES}State${LEVELS}(trip, hasTrip) AS m_quantiles,
      [${BOUNDS.map(bound => `countIf(hasTrip AND trip <= ${bound * 1000})`).join(', ')}] AS m_within
    FROM (${rows(where, { keys, flags })}) GROUP BY ${list(names)}sender, domain)) ${names.length > 0 ? `GROUP BY ${names.join(', ')}` : ''}`;
}

const [initiator, responder] = roundTripParts.map(name => resolveName(name)!) as [Operand, Operand];
/** SQL: the handshake of a record, microseconds; and whether the record tells of it. */
export const tripSql = `(toUInt64(${initiator.column}) + ${responder.column})`;
export const hasTripSql = `(${presentSql(initiator.bits)} AND ${presentSql(responder.bits)})`;
export const countsSql = presentSql(resolveName('reversePackets')!.bits);

/**
 * SQL: a row a record; and rows in addition for what records of the same Flow repeat: totals, and the handshake, which counts once. What is
 * added is of Flows that are told by their number, so that these are not counted again.
 */
function rows(where: string, { keys, flags }: Apart): string {
  const origin = 'exporter AS sender, observationDomainId AS domain, flow';
  const ofFlow = 'any(exporter) AS sender, any(observationDomainId) AS domain, flow';
  const apart = keys.map((key, i) => `${key} AS k${i}`);
  const apartOfFlow = keys.map((key, i) => `any(${key}) AS k${i}`);
  const named = (sql: (condition: string) => string) =>
    Object.entries(flags).map(([name, condition]) => `${sql(condition)} AS f_${name}`);
  const reverse = [`${countsSql} AS counts`, 'reversePackets > 0 AS answers'];
  const reverseOfFlow = [`max(${countsSql}) AS counts`, 'max(reversePackets > 0) AS answers'];
  const sums = (sql: (name: string) => string) => counters.map(name => `toUInt128(${sql(name)}) AS c_${name}`);
  const select = (parts: readonly string[], condition: string) =>
    `SELECT ${parts.join(', ')} FROM flows WHERE ${condition} AND ${where}`;
  const trip = (has: string, value: string) => [`toUInt8(${has}) AS hasTrip`, `${value} AS trip`];
  const [none, zero] = ['toUInt8(0)', 'toUInt64(0)'];
  const single = ({ condition, scaled }: RecordKind) =>
    select(
      [
        ...apart,
        origin,
        'lone',
        ...reverse,
        ...sums(scaled),
        ...named(sql => sql),
        ...trip(`lone AND ${hasTripSql}`, tripSql),
      ],
      condition,
    );
  return [
    single(small),
    single(large),
    `${select([...apartOfFlow, ofFlow, `${none} AS single`, ...reverseOfFlow, ...sums(flowCountSql), ...named(sql => `max(${sql})`), ...trip(none, zero)], 'repeated')} GROUP BY flow`,
    `${select([...apartOfFlow, ofFlow, `${none} AS single`, `${none} AS counts`, `${none} AS answers`, ...sums(() => zero), ...named(() => none), ...trip('1', `max(${tripSql})`)], `NOT lone AND ${hasTripSql}`)} GROUP BY flow`,
  ].join(' UNION ALL ');
}

function summaryOf(row: SummaryRow): Summary {
  const sums = Object.fromEntries(counters.map(name => [name, Number(row[`sum_${name}`])]));
  return {
    flows: Number(row.flows),
    ...(sums as Pick<Summary, 'octets' | 'packets' | 'reverseOctets' | 'reversePackets'>),
    answered: Number(row.answered),
    unanswered: Number(row.unanswered),
    ...(Number(row.trips) > 0 && { roundTrip: roundTripOf(row) }),
  };
}

export function roundTripOf({ trips, quantiles, within }: SummaryRow): NonNullable<Summary['roundTrip']> {
  const [p50, p90, p99] = quantiles.map(microseconds => Math.round(microseconds) / 1000) as [number, number, number];
  const counts = [...within, trips].map(Number);
  const histogram = [...BOUNDS, null].map((upTo, i) => ({ upTo, flows: counts[i]! - (counts[i - 1] ?? 0) }));
  return { flows: Number(trips), p50, p90, p99, histogram };
}
