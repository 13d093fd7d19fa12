import { type Operand, resolveName, roundTripParts } from '@weir/flow';
import { presentSql } from '../../flow/present.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { counted, HOUR, keysOf, maskSql, type Rollup, sumsOf } from './rollups.js';
import { recordsOf, type Step } from './step.js';

const [initiator, responder] = roundTripParts.map(name => resolveName(name)!) as [Operand, Operand];
/** SQL: the handshake of a record, microseconds; and whether the record tells of it. */
export const tripSql = `(toUInt64(${initiator.column}) + ${responder.column})`;
export const hasTripSql = `(${presentSql(initiator.bits)} AND ${presentSql(responder.bits)})`;
/** SQL: whether a record counts the reverse direction; and whether anything came back. */
export const countsSql = presentSql(resolveName('reversePackets')!.bits);
export const answersSql = 'reversePackets > 0';

const LONGEST = 2 ** 32 - 1;

/** SQL: a round trip as 32 bits. */
export function shortSql(trip: string): string {
  return `toUInt32(least(${trip}, ${LONGEST}))`;
}

/**
 * SQL: round trips are counted in classes; this one's reaches up to so many microseconds. Between a power of ten and twice it they are a fiftieth of the power
 * wide, up to five times it a twentieth, above a tenth, but a microsecond at least: 2% of what is in them, and all the usual bounds are between two.
 */
export function tripClassSql(trip: string): string {
  const some = `greatest(${shortSql(trip)}, 1)`;
  const power = `toUInt32(intExp10(toUInt8(log10(${some}))))`;
  const width = `greatest(intDiv(${power}, 100) * multiIf(${some} <= 2 * ${power}, 2, ${some} <= 5 * ${power}, 5, 10), 1)`;
  return `toUInt32(least(intDiv(toUInt64(${some}) + ${width} - 1, ${width}) * ${width}, ${LONGEST}))`;
}

/** The width of the class of round trips up to this one, microseconds. */
export function classWidth(upTo: number): number {
  const power = 10 ** Math.ceil(Math.log10(upTo) - 1);
  const steps = upTo <= 2 * power ? 2 : upTo <= 5 * power ? 5 : 10;
  return Math.max(1, (power / 100) * steps);
}

/** SQL of the rows of a step: records by the hours of their ends, and by the classes of their handshakes where they are their Flows' only ones. */
export function answerRows(rollup: Rollup, step: Step): string {
  const masks = maskSql(rollup);
  const renamed = (column: string) => (rollup.dimensions.includes(column) ? column : `a_${column}`);
  const sums = [
    'countIf(lone) AS n_lone',
    'groupUniqArrayIf(flow, NOT lone) AS n_running',
    `countIf(lone AND ${answersSql}) AS n_answered`,
    `groupUniqArrayIf(flow, NOT lone AND ${answersSql}) AS n_heard`,
    `max(${countsSql}) AS n_counts`,
    `groupUniqArrayIf((flow, ${shortSql(tripSql)}), NOT lone AND ${hasTripSql}) AS n_trips`,
    ...counted.map(name => `sum(${scaledSmallSql(name)}) AS n_${name}`),
  ];
  const classSql = `if(lone AND ${hasTripSql}, ${tripClassSql(tripSql)}, 0)`;
  return `SELECT toDate(at) AS day, toDateTime(at, 'UTC') AS time,
      ${[...keysOf(rollup).map(name => `${renamed(name)} AS ${name}`), ...sumsOf(rollup).map(name => `n_${name} AS ${name}`)].join(', ')}
    FROM (SELECT toUInt32(intDiv(toUnixTimestamp64Milli(recordEnd), ${HOUR * 1000})) * ${HOUR} AS at,
      ${[...rollup.dimensions, ...masks.map(([column, value]) => `${value} AS a_${column}`), `${classSql} AS a_tripsUpTo`, ...sums].join(', ')}
    FROM flows WHERE ${recordsOf(step)} GROUP BY at, ${keysOf(rollup).map(renamed).join(', ')})`;
}
