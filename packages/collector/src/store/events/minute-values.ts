import { resolveName } from '@weir/flow';
import { type FlowMeasure, flowMeasures } from '../../analysis/events/measures.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { bucketsOf, changeRows, ratesOf } from '../queries/changes.js';
import { firstSql } from '../queries/failed.js';
import { operandsOf } from '../queries/plan.js';
import { endsIn, type Interval } from '../queries/selection.js';
import { countedSql } from '../queries/views.js';
import { countsSql, hasTripSql, tripSql } from '../rollup/answers.js';

/** Flows of a minute below which shares and means are noise. */
const LEAST_FLOWS = 10;
const MINUTE = 60_000;
const STEP = MINUTE / 1000;

export interface MinutesAsked extends Interval {
  /** At most 64. */
  readonly filters: readonly string[];
  /** Networks that "in" is towards. */
  readonly localNetworks: readonly string[];
  /** Default all. */
  readonly measures?: readonly FlowMeasure[];
}

/** Values minute by minute: `values[thing][measure][minute]`, in the units of measures; NaN where there is none. */
export type MinuteValues = readonly (readonly (readonly number[])[])[];

/**
 * What the things that filters choose had in each minute.
 * @param asked from and to: whole minutes.
 * @throws FilterError, WeirError
 */
export async function minuteValues(store: Store, asked: MinutesAsked): Promise<MinuteValues> {
  const { measures = flowMeasures } = asked;
  const hasRates = measures.some(isRate);
  const hasCounts = !measures.every(isRate);
  const [rates, counts] = await Promise.all([
    hasRates ? ratesOfThings(store, asked) : [],
    hasCounts ? countsOfThings(store, asked) : [],
  ]);
  return asked.filters.map((_, thing) =>
    measures.map(measure => (isRate(measure) ? rates[thing]![measure] : counts[thing]![measure])),
  );
}

function isRate(measure: FlowMeasure): measure is 'in' | 'out' {
  return measure === 'in' || measure === 'out';
}

type Rates = Record<'in' | 'out', number[]>;
type Counts = Record<'flows' | 'answered' | 'roundTrip', number[]>;

async function ratesOfThings(store: Store, { from, to, filters, localNetworks }: MinutesAsked): Promise<Rates[]> {
  const selection = { from, to };
  const buckets = bucketsOf(selection, STEP);
  // By what only one exporter tells: which of the records of a Flow count is said for each filter by itself.
  const operands = [resolveName('exporter'), ...filters.flatMap(filter => operandsOf({ filter }))];
  const sql = (parameters: Parameters) => thingsSql(filters, parameters);
  const rows = await changeRows(store, selection, buckets, localNetworks, { operands, sql });
  return filters.map((_, thing) => {
    const its = rows.filter(({ k }) => isOf(k, thing));
    const bits = (direction: 'inOctets' | 'outOctets') => ratesOf(its, direction, buckets).map(octets => 8 * octets);
    return { in: bits('inOctets'), out: bits('outOctets') };
  });
}

type CountRow = Record<'k' | 'minute' | 'flows' | 'judged' | 'answered' | 'trips' | 'logs', string>;

async function countsOfThings(store: Store, { from, to, filters }: MinutesAsked): Promise<Counts[]> {
  const parameters = new Parameters();
  const things = thingsSql(filters, parameters);
  const rows = await store.query<CountRow>(
    `SELECT k, minute, count() AS flows, countIf(counts) AS judged, countIf(counts AND answers) AS answered,
      countIf(trip > 0) AS trips, sumIf(log(trip), trip > 0) AS logs
    FROM (SELECT ${things} AS k, intDiv(toUnixTimestamp64Milli(recordEnd) - ${parameters.add(from, 'Int64')}, ${MINUTE}) AS minute,
      ${countsSql} AS counts, reversePackets > 0 AS answers, if(${hasTripSql}, ${tripSql}, 0) AS trip
      FROM flows WHERE ${endsIn({ from, to }, parameters)} AND ${firstSql})
    WHERE k > 0 GROUP BY k, minute`,
    parameters.values,
  );
  const minutes = (to - from) / MINUTE;
  return filters.map((_, thing) =>
    countsOf(
      rows.filter(({ k }) => isOf(k, thing)),
      minutes,
    ),
  );
}

function countsOf(rows: readonly CountRow[], minutes: number): Counts {
  const columns = { flows: sums(), judged: sums(), answered: sums(), trips: sums(), logs: sums() };
  function sums(): number[] {
    return new Array<number>(minutes).fill(0);
  }
  for (const row of rows) {
    for (const [name, column] of Object.entries(columns))
      column[Number(row.minute)]! += Number(row[name as keyof CountRow]);
  }
  const { flows, judged, answered, trips, logs } = columns;
  const known = (count: number, value: number) => (count < LEAST_FLOWS ? Number.NaN : value);
  return {
    flows: flows.map(count => count / STEP),
    answered: judged.map((count, i) => known(count, answered[i]! / count)),
    // Of microseconds: the geometric mean is little moved by a few that are far away.
    roundTrip: trips.map((count, i) => known(count, Math.exp(logs[i]! / count) / 1000)),
  };
}

/** SQL: a number with a bit for each filter that fits. */
function thingsSql(filters: readonly string[], parameters: Parameters): string {
  const bits = filters.map((filter, i) => `bitShiftLeft(toUInt64(${countedSql({ filter }, [], parameters)}), ${i})`);
  return bits.join(' + ');
}

function isOf(things: string, thing: number): boolean {
  return ((BigInt(things) >> BigInt(thing)) & 1n) === 1n;
}
