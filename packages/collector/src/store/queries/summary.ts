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
  const [row] = await store.query<Row>(statement(where), parameters.values);
  return summaryOf(row!);
}

type Row = Record<'flows' | 'answered' | 'unanswered' | 'trips' | `sum_${string}`, string> & {
  readonly quantiles: readonly [number, number, number];
  /** Round trips up to each bound. */
  readonly within: readonly string[];
};

/** Whether an exporter counts the reverse direction at all is not told by the records of unanswered Flows: some leave the counter out there. */
function statement(where: string): string {
  return `SELECT sum(m_flows) AS flows, sum(m_answered) AS answered, sumIf(m_flows - m_answered, m_counts) AS unanswered,
      ${counters.map(name => `sum(m_${name}) AS sum_${name}`).join(', ')},
      sum(m_trips) AS trips, ${QUANTILES}Merge${LEVELS}(m_quantiles) AS quantiles, sumForEach(m_within) AS within
    FROM (SELECT ${flowsSql} AS m_flows, ${flowsWhereSql('answers')} AS m_answered, max(counts) AS m_counts,
      ${counters.map(name => `sum(c_${name}) AS m_${name}`).join(', ')},
      countIf(hasTrip) AS m_trips, ${QUANTILES}State${LEVELS}(trip, hasTrip) AS m_quantiles,
      [${BOUNDS.map(bound => `countIf(hasTrip AND trip <= ${bound * 1000})`).join(', ')}] AS m_within
    FROM (${rows(where)}) GROUP BY sender, domain)`;
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
function rows(where: string): string {
  const origin = 'exporter AS sender, observationDomainId AS domain, flow';
  const ofFlow = 'any(exporter) AS sender, any(observationDomainId) AS domain, flow';
  const reverse = [`${countsSql} AS counts`, 'reversePackets > 0 AS answers'];
  const reverseOfFlow = [`max(${countsSql}) AS counts`, 'max(reversePackets > 0) AS answers'];
  const sums = (sql: (name: string) => string) => counters.map(name => `toUInt128(${sql(name)}) AS c_${name}`);
  const select = (parts: readonly string[], condition: string) =>
    `SELECT ${parts.join(', ')} FROM flows WHERE ${condition} AND ${where}`;
  const trip = (has: string, value: string) => [`toUInt8(${has}) AS hasTrip`, `${value} AS trip`];
  const [none, zero] = ['toUInt8(0)', 'toUInt64(0)'];
  const single = ({ condition, scaled }: RecordKind) =>
    select([origin, 'lone', ...reverse, ...sums(scaled), ...trip(`lone AND ${hasTripSql}`, tripSql)], condition);
  return [
    single(small),
    single(large),
    `${select([ofFlow, `${none} AS single`, ...reverseOfFlow, ...sums(flowCountSql), ...trip(none, zero)], 'repeated')} GROUP BY flow`,
    `${select([ofFlow, `${none} AS single`, `${none} AS counts`, `${none} AS answers`, ...sums(() => zero), ...trip('1', `max(${tripSql})`)], `NOT lone AND ${hasTripSql}`)} GROUP BY flow`,
  ].join(' UNION ALL ');
}

function summaryOf(row: Row): Summary {
  const sums = Object.fromEntries(counters.map(name => [name, Number(row[`sum_${name}`])]));
  return {
    flows: Number(row.flows),
    ...(sums as Pick<Summary, 'octets' | 'packets' | 'reverseOctets' | 'reversePackets'>),
    answered: Number(row.answered),
    unanswered: Number(row.unanswered),
    ...(Number(row.trips) > 0 && { roundTrip: roundTripOf(row) }),
  };
}

function roundTripOf({ trips, quantiles, within }: Row): NonNullable<Summary['roundTrip']> {
  const [p50, p90, p99] = quantiles.map(microseconds => Math.round(microseconds) / 1000) as [number, number, number];
  const counts = [...within, trips].map(Number);
  const histogram = [...BOUNDS, null].map((upTo, i) => ({ upTo, flows: counts[i]! - (counts[i - 1] ?? 0) }));
  return { flows: Number(trips), p50, p90, p99, histogram };
}
