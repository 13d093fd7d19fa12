import { type ClosedBy, type ClosingRecord, closedBy } from '../../analysis/closing.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Distribution, SessionStatistics } from '../../http/types.js';
import type { Store } from '../client.js';
import { chosenFlowsSql } from '../rollup/sample.js';
import {
  type ConnectionRecords,
  closingKeys,
  gatheredRowsSql,
  loneRowsSql,
  measures,
  oneSidedSql,
} from './connection-rows.js';
import { flowsSql } from './counted.js';
import { handshakes } from './failed.js';
import { answered, type Basis } from './sampled.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { countedSql } from './views.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Upper bounds of what is counted together: milliseconds, octets. */
const DURATIONS = [
  ...[10, 30, 100, 300],
  ...[1, 3, 10, 30].map(seconds => seconds * SECOND),
  ...[1, 3, 10, 30].map(minutes => minutes * MINUTE),
  ...[1, 3, 10, 24].map(hours => hours * HOUR),
];
const SIZES = Array.from({ length: 13 }, (_, i) => 256 * 4 ** i);
/** Of numbers cut to their first 8 bits, so at most 0.8% too low, and a few kilobytes however many Flows there are. */
const QUANTILES = 'quantilesBFloat16';
const LEVELS = '(0.5, 0.9, 0.99)';
const TCP = 6;
/** Seconds; the probe's default for its active timeout: shorter silences fall between its reports. */
export const DEFAULT_STALL = 60;

/**
 * TCP connections as a whole: what became of their handshakes, who closed them, how long and how large they were, and how often they stalled.
 * @param stall milliseconds without a packet from which on a connection has stalled
 * @throws FilterError, WeirError
 */
export async function sessionStatistics(store: Store, selection: Selection, stall: number): Promise<SessionStatistics> {
  return await answered(store, selection, { rollups: [] }, async basis => {
    const parameters = new Parameters();
    const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [], parameters)}`;
    const records = recordsOf(basis, where);
    const [[row], [other]] = await Promise.all([
      store.query<Row>(statisticsSql(records, stall), parameters.values),
      store.query<{ flows: string }>(
        `SELECT ${flowsSql} AS flows FROM ${records.table} WHERE ${records.where} AND ${oneSidedSql}`,
        parameters.values,
      ),
    ]);
    const answer = answerOf(row!, Number(other!.flows));
    if (basis.sample === undefined) return answer;
    selection.estimate?.tell(1 / Math.sqrt(Math.max(1, answer.flows)));
    return timesAll(answer, basis.sample.oneOf);
  });
}

/** All records, or those of some Flows. */
function recordsOf({ done, sample, beside }: Basis, where: string): ConnectionRecords {
  if (sample === undefined) return { table: 'flows', where };
  if (!beside.newer && !beside.apart) return { table: sample.table, where: `chosen AND ${where}` };
  return { table: `(${chosenFlowsSql(sample, where, `(batch > ${done} OR apart)`)})`, where };
}

/** The statistics of one of so many connections as those of all: what counts is more, and what is measured the same. */
function timesAll(answer: SessionStatistics, times: number): SessionStatistics {
  const all = <T extends object>(counts: T): T =>
    Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, (count as number) * times])) as T;
  const distribution = (found: Distribution) => ({
    ...{ ...found, flows: found.flows * times },
    histogram: found.histogram.map(({ upTo, flows }) => ({ upTo, flows: flows * times })),
  });
  const { duration, size, roundTrip, stalls } = answer;
  return {
    ...{ flows: answer.flows * times, oneSided: answer.oneSided * times },
    ...{ handshakes: all(answer.handshakes), ends: all(answer.ends) },
    ...(duration && { duration: distribution(duration) }),
    ...(size && { size: distribution(size) }),
    ...(roundTrip && { roundTrip: { ...roundTrip, flows: roundTrip.flows * times } }),
    stalls: { ...stalls, ...all({ watched: stalls.watched, flows: stalls.flows, count: stalls.count }) },
  };
}

/** Flows that have it, and percentiles. */
type Measured = readonly [flows: string, quantiles: readonly (number | null)[]];

interface Row {
  /** Values of `closingKeys`, of the histograms, and how many connections have them. */
  readonly closings: readonly (readonly [keys: readonly number[], buckets: readonly number[], flows: string])[];
  readonly duration: Measured;
  readonly size: Measured;
  readonly trip: Measured;
  readonly stall: Measured;
  readonly watched: string;
  readonly stalls: string;
  readonly longest: number;
}

const histograms = { duration: DURATIONS, size: SIZES } as const;

function statisticsSql(records: ConnectionRecords, least: number): string {
  const summed = measures.map(name => `(sum(n_${name}), ${QUANTILES}Merge${LEVELS}(q_${name})) AS ${name}`);
  const buckets = Object.keys(histograms).map(name => `b_${name}`);
  return `SELECT groupArray(([${closingKeys.map(key => `toUInt16(${key})`).join(', ')}], [${buckets.join(', ')}], flows)) AS closings,
      ${summed.join(', ')}, sum(m_watched) AS watched, sum(m_stalls) AS stalls, max(m_longest) AS longest
    FROM (${sumsSql(loneRowsSql(records))} UNION ALL ${sumsSql(gatheredRowsSql(records, least))})`;
}

/** SQL: a row for each way in which connections began and ended, and each place in the histograms. */
function sumsSql(rows: string): string {
  const keys = [...closingKeys, ...Object.keys(histograms).map(name => `b_${name}`)].join(', ');
  // The lower end of each bucket; what is not measured comes before all of them. Values are whole numbers.
  const buckets = Object.entries(histograms).map(
    ([name, bounds]) =>
      `roundDown(${name}, [-1, 0, ${bounds.map(bound => bound + 1).join(', ')}]::Array(Float64)) AS b_${name}`,
  );
  const sums = measures.map(
    name =>
      `countIf(${name} >= 0) AS n_${name}, ${QUANTILES}StateIf${LEVELS}(toFloat32(${name}), ${name} >= 0) AS q_${name}`,
  );
  return `SELECT ${keys}, count() AS flows, ${sums.join(', ')}, sum(watched) AS m_watched, sum(stalls) AS m_stalls, max(stall) AS m_longest
    FROM (SELECT *, ${buckets.join(', ')} FROM (${rows})) GROUP BY ${keys}`;
}

function answerOf(row: Row, oneSided: number): SessionStatistics {
  const handshake = { established: 0, unanswered: 0, rejected: 0, halfOpen: 0 };
  const ends = { initiator: 0, responder: 0, both: 0, reset: 0, timeout: 0, unknown: 0, ongoing: 0 };
  for (const [keys, , count] of row.closings) {
    const closing = closingOf(keys);
    handshake[handshakes[closing.handshake!]!] += Number(count);
    if (closing.handshake === 0) ends[endOf(closing)] += Number(count);
  }
  const flows = Object.values(handshake).reduce((sum, each) => sum + each, 0);
  const distributions = Object.entries(histograms).flatMap(([name, bounds], i) => {
    const found = row[name as keyof typeof histograms];
    const histogram = histogramOf(bounds, row.closings, i);
    return Number(found[0]) === 0 ? [] : [[name, { ...percentilesOf(found), histogram }]];
  });
  const [stalled] = row.stall;
  return {
    ...{ flows, oneSided, handshakes: handshake, ends, ...Object.fromEntries(distributions) },
    ...(Number(row.trip[0]) > 0 && { roundTrip: percentilesOf(row.trip) }),
    stalls: {
      ...{ watched: Number(row.watched), flows: Number(stalled), count: Number(row.stalls) },
      ...(Number(stalled) > 0 && { ...percentilesOf(row.stall), longest: Number(row.longest) }),
    },
  };
}

type Closing = Readonly<Record<string, number>>;

function closingOf(keys: readonly number[]): Closing {
  return Object.fromEntries(closingKeys.map((name, i) => [name, keys[i]!]));
}

/** @returns whoever closed it; `unknown` where records do not tell */
function endOf(closing: Closing): ClosedBy | 'unknown' | 'ongoing' {
  const reason = closing.toldReason === 1 ? closing.reason : undefined;
  return closedBy(recordsLike(closing), TCP, reason) ?? (closing.over === 1 ? 'unknown' : 'ongoing');
}

/** Records that tell the same of a connection's end as those that it has. */
function recordsLike({
  forward,
  reverse,
  toldForward,
  toldReverse,
  sampled,
  states,
  closer,
}: Closing): ClosingRecord[] {
  const rest: ClosingRecord = {
    ...{ tcpControlBits: forward!, reverseTcpControlBits: reverse!, tcpStateHistory: states! },
    samplingInterval: sampled === 1 ? 2 : 1,
  };
  const silent: ClosingRecord = {
    ...(toldForward === 1 && { tcpControlBits: 0 }),
    ...(toldReverse === 1 && { reverseTcpControlBits: 0 }),
  };
  return [...(closer === 0 ? [] : [firstWithFin(closer!)]), rest, silent];
}

/** The record whose FIN was the first: see `closer` of the rows. */
function firstWithFin(closer: number): ClosingRecord {
  return {
    ...((closer & 1) !== 0 && { tcpControlBits: (closer >> 2) & 1 }),
    ...((closer & 2) !== 0 && { reverseTcpControlBits: (closer >> 3) & 1 }),
    biflowDirection: closer >> 4,
  };
}

function percentilesOf([flows, quantiles]: Measured) {
  const [p50, p90, p99] = quantiles.map(value => Number(Number(value).toPrecision(3))) as [number, number, number];
  return { flows: Number(flows), p50, p90, p99 };
}

/** @param i which of the buckets */
function histogramOf(bounds: readonly number[], closings: Row['closings'], i: number): Distribution['histogram'] {
  const counts = new Map<number, number>();
  for (const [, buckets, flows] of closings) counts.set(buckets[i]!, (counts.get(buckets[i]!) ?? 0) + Number(flows));
  return [...bounds, null].map((upTo, n) => ({ upTo, flows: counts.get(n === 0 ? 0 : bounds[n - 1]! + 1) ?? 0 }));
}
