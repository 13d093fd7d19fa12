import type { Parameters } from '../../flow/filter-sql.js';
import { chosenNumberSql } from '../rollup/sample.js';
import { counters, flowCountSql } from './counted.js';
import { around, isSummed, type Piece } from './plan.js';
import { large, type RecordKind, sampledIn, small } from './record-kinds.js';
import type { Basis } from './sampled.js';
import { endsIn, type Interval, stepsIn } from './selection.js';

/** What is summed up, and by what. */
export interface GroupQuery extends Basis {
  readonly pieces: readonly Piece[];
  /** SQL of the condition for what is summed up, but for its time. */
  readonly filter: string;
  readonly parameters: Parameters;
  /** SQL of what is told apart. */
  readonly keys: readonly string[];
}

/** SQL over the rows of rowsSql: how many Flows they are of. Exact: what is of a Flow with other records is told apart by its number. */
export function flowsOfRows({ pieces, sample }: GroupQuery): string {
  if (pieces.some(isSummed)) return '(sum(c_lone) + uniqExactArray(running))';
  return `(sum(c_lone) + ${sample?.oneOf ?? 1} * uniqExactIf(running, running != 0))`;
}

/**
 * SQL: rows that can be summed up: k0, k1, ... as told apart, `c_lone`: how many Flows they are of that have no other record, `running`: the numbers of the
 * others (where all rows are records, the number of the other one, or 0), and c_octets and so on; of estimates also c_variance.
 */
export function rowsSql(query: GroupQuery): string {
  const { pieces, done, sample, beside } = query;
  const interval = around(pieces);
  const summed = sample === undefined ? pieces.filter(isSummed) : pieces;
  const kind = sample === undefined ? small : sampledIn(sample);
  const rows = pieces.map(piece => (isSummed(piece) ? rollupRows(query, piece) : recordRows(query, piece, kind)));
  if (beside.newer && summed.length > 0) rows.push(recordRows(query, around(summed), small, `batch > ${done}`));
  if (beside.apart) rows.push(recordRows(query, interval, large), repeatedRows(query, interval));
  return rows.join(' UNION ALL ');
}

/** SQL of `running`, of a record. */
function runningSql({ pieces, sample }: GroupQuery): string {
  if (sample !== undefined) return chosenNumberSql(sample);
  return pieces.some(isSummed) ? 'if(lone, [], [flow])' : 'flow';
}

/** Counters are not under their own names, which a filter means as they were sent. */
function recordRows(query: GroupQuery, interval: Interval, kind: RecordKind, also = 'true'): string {
  const { filter, parameters, keys } = query;
  const scaled = counters.map(name => `toUInt128(${kind.scaled(name)}) AS c_${name}`);
  const variance = query.sample === undefined ? [] : [`${kind.variance} AS c_variance`];
  const selected = [
    ...named(keys),
    `${kind.ones} AS c_lone`,
    `${runningSql(query)} AS running`,
    ...scaled,
    ...variance,
  ];
  return `SELECT ${selected.join(', ')} FROM ${kind.table}
    WHERE ${endsIn(interval, parameters)} AND ${kind.condition} AND ${also} AND ${filter}`;
}

/** SQL: the rows of a rollup that are of the piece. */
function rollupRows({ filter, parameters, keys }: GroupQuery, piece: Piece): string {
  const selected = [
    ...named(keys),
    'lone AS c_lone',
    'running',
    ...counters.map(name => `toUInt128(${name}) AS c_${name}`),
  ];
  return `SELECT ${selected.join(', ')} FROM ${piece.rollup!.table}
    WHERE ${stepsIn(piece, parameters)} AND ${filter}`;
}

/** SQL: records that repeat what earlier ones of their Flow had, once a Flow. An index tells where there are none, so that looking for them costs nothing. */
function repeatedRows(query: GroupQuery, interval: Interval): string {
  const { filter, parameters, keys } = query;
  const names = keys.map((_, i) => `k${i}`);
  const once = counters.map(name => `${flowCountSql(name)} AS once_${name}`);
  const variance = query.sample === undefined ? [] : ['0.'];
  return `SELECT ${[...names, 'toUInt8(0) AS lone', runningSql(query), ...counters.map(name => `once_${name}`), ...variance].join(', ')} FROM
    (SELECT ${[...named(keys), 'flow', ...once].join(', ')} FROM flows WHERE repeated AND ${endsIn(interval, parameters)} AND ${filter}
    GROUP BY ${[...names, 'flow'].join(', ')})`;
}

function named(keys: readonly string[]): readonly string[] {
  return keys.map((key, i) => `${key} AS k${i}`);
}
