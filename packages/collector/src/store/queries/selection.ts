import { parseFilter } from '@weir/flow';
import { WeirError } from '../../error.js';
import { filterSql, type Parameters } from '../../flow/filter-sql.js';

/** What a query is about. Without `from`, the 24 hours before `to`; without `to`, until now. */
export interface Selection {
  /** In the filter language; absent or empty: everything. */
  filter?: string;
  /** Milliseconds since the epoch. A record belongs to [from, to) by its end. */
  from?: number;
  to?: number;
  /** Of whom an estimate is enough, where the answer would take long: is told whether it is one. */
  estimate?: Estimate;
}

/** Fewer records are read in less time than a page may take. */
const MANY = 3_000_000;
/** Of more the coarser sample is read, where it is good enough. */
const VERY_MANY = 20_000_000;
const GOOD = 0.02;

/** What is known of an answer that may have been estimated. */
export class Estimate {
  /** Records that would be read, for an estimate to be worth it. */
  readonly many: number;
  /** Records from which on the coarser sample is enough. */
  readonly veryMany: number;
  /** The relative standard error of all octets up to which it is. What is told apart of them is known less well. */
  readonly good: number;
  /** The relative standard error of its sums; undefined where they are exact. */
  error: number | undefined;

  constructor(many = MANY, veryMany = VERY_MANY, good = GOOD) {
    this.many = many;
    this.veryMany = veryMany;
    this.good = good;
  }

  /** A part of the answer is an estimate with this error. */
  tell(error: number): void {
    this.error = Math.max(this.error ?? 0, error);
  }
}

const DAY = 86_400_000;
/** RFC 3339 has no year beyond 9999. */
const LATEST = 253_402_300_799_999;

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** @throws WeirError where the selection ends before it begins, or is no time. */
export function intervalOf(selection: Selection): Interval {
  const to = Math.round(selection.to ?? Date.now());
  const from = Math.round(selection.from ?? to - DAY);
  if (!(Math.abs(from) <= LATEST && Math.abs(to) <= LATEST))
    throw new WeirError('from and to must be times before the year 10000');
  if (from >= to) throw new WeirError('the selection is empty: from must be before to');
  return { from, to };
}

/** The condition for records that end in the selection. @throws FilterError */
export function whereEnds(selection: Selection, parameters: Parameters): string {
  return `${endsIn(intervalOf(selection), parameters)} AND ${filterOf(selection, parameters)}`;
}

/** The condition for records that end in the interval. */
export function endsIn({ from, to }: Interval, parameters: Parameters): string {
  return `recordEnd >= ${timeSql(from, parameters)} AND recordEnd < ${timeSql(to, parameters)}`;
}

/** The condition for rows of a rollup whose steps begin in the interval. */
export function stepsIn({ from, to }: Interval, parameters: Parameters): string {
  const [begin, end] = [timeSql(from, parameters), timeSql(to, parameters)];
  return `day BETWEEN toDate(${begin}) AND toDate(${end}) AND time >= ${begin} AND time < ${end}`;
}

/** The selection's filter as a condition. @throws FilterError */
export function filterOf(selection: Selection, parameters: Parameters): string {
  if (selection.filter === undefined || selection.filter.trim() === '') return 'true';
  return filterSql(parseFilter(selection.filter), parameters);
}

/** A time of the engine from milliseconds since the epoch. */
export function timeSql(milliseconds: number, parameters: Parameters): string {
  return `fromUnixTimestamp64Milli(${parameters.add(milliseconds, 'Int64')}, 'UTC')`;
}
