import type { Parameters } from '../../flow/filter-sql.js';
import { flowSql } from '../schema/flows.js';
import { timeSql } from './selection.js';

/**
 * Which Flow: its number; and when it ended, where one record tells all of it: a Flow of such a record is found by its end, because its number is
 * not stored.
 */
export interface FlowId {
  readonly number: bigint;
  /** Milliseconds since the epoch. */
  readonly loneEnd?: number;
}

const LARGEST = 2n ** 64n - 1n;

export function flowIdText(number: string, loneEnd: number | undefined): string {
  return loneEnd === undefined ? number : `${number}-${loneEnd}`;
}

/** Undefined where the text is none. */
export function parseFlowId(text: string): FlowId | undefined {
  const [, number, loneEnd] = /^(\d{1,20})(?:-(-?\d{1,15}))?$/.exec(text) ?? [];
  if (number === undefined || BigInt(number) > LARGEST) return undefined;
  return { number: BigInt(number), ...(loneEnd === undefined ? {} : { loneEnd: Number(loneEnd) }) };
}

/** SQL: whether a record is of the Flow. */
export function ofFlowSql({ number, loneEnd }: FlowId, parameters: Parameters): string {
  const value = parameters.add(number, 'UInt64');
  if (loneEnd === undefined) return `NOT lone AND flow = ${value}`;
  return `lone AND recordEnd = ${timeSql(loneEnd, parameters)} AND ${flowSql} = ${value}`;
}
