import { resolveName } from '@weir/flow';
import { presentSql } from '../../flow/present.js';
import { hasTripSql, tripSql } from '../rollup/answers.js';
import { firstSql, handshakeSql, statesSql } from './failed.js';

/** FIN and RST of tcpControlBits (RFC 9293 section 3.1). */
const FIN = 1;
const RST = 4;
const ACTIVE_TIMEOUT = 2;
/** LAST_ACK, TIME_WAIT and CLOSE (enum tcp_conntrack): the kernel keeps for its waiting time what is closed already. */
const CLOSED = (1 << 6) | (1 << 7) | (1 << 8);

function has(name: string): string {
  return presentSql(resolveName(name)!.bits);
}

const milliseconds = (column: string) => `toUnixTimestamp64Milli(${column})`;
const octets = '(toFloat64(octets) + toFloat64(reverseOctets)) * greatest(samplingInterval, 1)';

/** What stands for a value that there is not. */
const NONE = -1;

function orNone(condition: string, value: string): string {
  return `if(${condition}, toFloat64(${value}), ${NONE})`;
}

/** SQL of what a record tells. Flags of the reverse direction are rare, and in `other`. */
const REVERSE_FLAGS = "other['reverseTcpControlBits']";
const toldForward = `toUInt8(${has('tcpControlBits')})`;
const toldReverse = `toUInt8(${has('tcpControlBits')} AND ${REVERSE_FLAGS} != '')`;
const forward = `bitAnd(tcpControlBits, ${FIN | RST})`;
const reverse = `if(${toldForward}, bitAnd(toUInt16OrZero(${REVERSE_FLAGS}), ${FIN | RST}), 0)`;
const hasFin = `bitAnd(bitOr(${forward}, ${reverse}), ${FIN}) != 0`;
/** Absent is 1, the initiator's (RFC 5103 section 6.3). */
const direction = `if(${has('biflowDirection')}, least(biflowDirection, 3), 1)`;
/** Of a record with a FIN, in bits: which directions' flags it tells, which of them has a FIN, and whose the forward direction is. */
const closer = `toUInt8(${toldForward} + 2 * ${toldReverse} + 4 * bitAnd(${forward}, ${FIN}) + 8 * bitAnd(${reverse}, ${FIN}) + 16 * ${direction})`;

/** SQL: TCP whose records tell of both directions, and others. */
const tellsBoth = `protocol = 6 AND ${has('reversePackets')}`;
export const oneSidedSql = `protocol = 6 AND NOT ${has('reversePackets')}`;

/** Where counters do not begin with the connection, it has lived on. */
const beginning = `if(${firstSql}, ${handshakeSql}, 0)`;

/** What tells connections apart that began or ended in different ways: SQL of a record that is its connection's only one, and over several. */
const closing: Readonly<Record<string, readonly [lone: string, gathered: string]>> = {
  handshake: [`toUInt8(${handshakeSql})`, `toUInt8(if(min(${beginning}) = 0, 0, max(${beginning})))`],
  over: [
    'toUInt8(1)',
    `toUInt8(NOT (toldReason AND reason = ${ACTIVE_TIMEOUT}) OR bitAnd(states, ${CLOSED}) != 0
      OR bitAnd(bitOr(forward, reverse), ${RST}) != 0 OR bitAnd(bitAnd(forward, reverse), ${FIN}) != 0)`,
  ],
  states: [statesSql, `groupBitOr(${statesSql})`],
  forward: [forward, `groupBitOr(${forward})`],
  reverse: [`toUInt16(${reverse})`, `groupBitOr(toUInt16(${reverse}))`],
  toldForward: [toldForward, `min(${toldForward})`],
  toldReverse: [toldReverse, `min(${toldReverse})`],
  sampled: ['toUInt8(samplingInterval > 1)', 'toUInt8(max(samplingInterval) > 1)'],
  toldReason: ['toUInt8(1)', `toUInt8(max(${has('reason')}))`],
  reason: [
    'flowEndReason',
    `argMaxIf(flowEndReason, 2 * ${milliseconds('exportTime')} + (flowEndReason != ${ACTIVE_TIMEOUT}), ${has('reason')})`,
  ],
  closer: [`toUInt8(if(${hasFin}, ${closer}, 0))`, `argMinIf(${closer}, recordEnd, ${hasFin})`],
};

export const closingKeys: readonly string[] = Object.keys(closing);

/** What is measured of each. */
const measured: typeof closing = {
  duration: [
    orNone(
      `handshake = 0 AND ${has('start')}`,
      `greatest(0, ${milliseconds('recordEnd')} - ${milliseconds('flowStart')})`,
    ),
    orNone(
      `handshake = 0 AND over AND max(${has('start')})`,
      `greatest(0, max(${milliseconds('recordEnd')}) - minIf(${milliseconds('flowStart')}, ${has('start')}))`,
    ),
  ],
  size: [
    orNone('handshake = 0', octets),
    orNone('handshake = 0 AND over', `sumIf(${octets}, NOT repeated) + maxIf(${octets}, repeated)`),
  ],
  trip: [
    orNone(hasTripSql, `${tripSql} / 1000`),
    orNone(`max(${hasTripSql})`, `maxIf(${tripSql}, ${hasTripSql}) / 1000`),
  ],
};
export const measures: readonly string[] = [...Object.keys(measured), 'stall'];

/** Intervals in which packets came. Of counters that begin with the Flow it is not told when they moved. */
const moves = (column: string) =>
  `arraySort(groupArrayIf(${milliseconds(column)}, packets + reversePackets > 0 AND NOT repeated))`;
/** From the end of each to where the next begins, the last until the connection was reported for the last time. */
const silences =
  'arrayMap((end, next) -> next - end, ends, arrayResize(arrayPushBack(arrayPopFront(begins), ended), length(ends)))';

const selected = (i: 0 | 1) =>
  Object.entries({ ...closing, ...measured })
    .map(([name, sql]) => `${sql[i]} AS ${name}`)
    .join(', ');

/** What connections are made of. */
export interface ConnectionRecords {
  /** SQL of a table of records. */
  readonly table: string;
  /** SQL of the condition for those that count. */
  readonly where: string;
}

/**
 * SQL: a row a TCP connection whose records tell of both directions, of those with one record: `closingKeys` and `measures`, -1 where there is nothing to be
 * measured: `duration` in milliseconds and `size` in octets of both directions of what was established and is over, `trip` in milliseconds; no `stall`.
 */
export function loneRowsSql({ table, where }: ConnectionRecords): string {
  return `SELECT ${selected(0)}, toFloat64(${NONE}) AS stall, 0 AS stalls, 0 AS watched FROM ${table} WHERE ${where} AND ${tellsBoth} AND lone`;
}

/**
 * The same of the others, with `stalls`: how many times no packet came for `least` milliseconds while it lived, `stall`: the longest of these, and `watched`:
 * whether it has several records.
 */
export function gatheredRowsSql({ table, where }: ConnectionRecords, least: number): string {
  return `SELECT *, ${orNone('stalls > 0', 'arrayMax(arrayPushBack(silences, 0))')} AS stall, arrayCount(each -> each >= ${least}, silences) AS stalls
    FROM (SELECT *, ${silences} AS silences FROM (
      SELECT ${selected(1)}, count() > 1 AS watched, ${moves('recordBegin')} AS begins, ${moves('recordEnd')} AS ends, max(${milliseconds('recordEnd')}) AS ended
      FROM ${table} WHERE ${where} AND ${tellsBoth} AND NOT lone GROUP BY flow))`;
}
