import { type Field, fields, originColumns } from '@weir/flow';
import { engineType } from '../../flow/native.js';
import { samples } from './sample.js';

/** Records summed up by time and a few of their fields, so that what is asked often need not be summed up again. */
export interface Rollup {
  readonly table: string;
  /** Seconds of a row. */
  readonly step: number;
  /**
   * `ends`: whole records by the time of their ends. `spread`: counters spread over each record's own interval, as shares of the steps at
   * its ends and as rates that begin and end; so that a record adds few rows, however long it is. `answers`: as `ends`, and how many were answered
   * and how long handshakes took (answers.ts). `sample`: a few of the records themselves (sample.ts).
   */
  readonly kind: 'ends' | 'spread' | 'answers' | 'sample';
  /** Columns of `flows` that rows are told apart by, and so what can be filtered and grouped by. */
  readonly dimensions: readonly string[];
  /** SQL of the partition, from `time`. */
  readonly partition: string;
  /** The rollup of the same fields whose steps are parts of this one's: where it has all that this one is to begin with, its rows are enough. */
  readonly finer?: string;
}

// Duplicates are rows of their own, so that both can be asked for: each Flow once, and all that an exporter tells.
const common = ['exporter', 'observationDomainId', 'protocol', 'duplicate'];
const interfaces = ['ingressInterface', 'egressInterface'];
export const MINUTE = 60;
export const HOUR = 3600;
/** Rates are counted anew with each day, so that a reader need not begin before it. */
export const DAY = 86_400;

const ofSeries = [...common, ...interfaces];
const ofAnswers = [...ofSeries];
const ofSource = ['sourceAddress', ...common];
const ofDestination = ['destinationAddress', ...common];
const ofService = ['destinationPort', ...common];
// What is known of an address: so many fields make hardly more rows than one.
const ofPlace = ['destinationAs', 'destinationCountry', 'destinationNetwork', ...common];
const ofSample: readonly string[] = [];
const [DAYS, MONTHS] = ['toYYYYMMDD(day)', 'toYYYYMM(day)'];

export const sampleRollups: readonly Rollup[] = samples.map(({ table }) => ({
  table,
  step: 0,
  kind: 'sample',
  dimensions: ofSample,
  partition: 'toYYYYMMDD(recordEnd)',
}));

/**
 * A query takes the first that has what it asks for: those of earlier releases come first, because they have sums whose records are gone. Of the same
 * fields, the shorter step first.
 */
export const rollups: readonly Rollup[] = [
  { table: 'series_hour', step: HOUR, kind: 'spread', dimensions: ofSeries, partition: MONTHS },
  { table: 'series_minute', step: MINUTE, kind: 'spread', dimensions: ofSeries, partition: DAYS },
  { table: 'answers_hour', step: HOUR, kind: 'answers', dimensions: ofAnswers, partition: MONTHS },
  { table: 'sources_hour', step: HOUR, kind: 'ends', dimensions: ofSource, partition: MONTHS },
  { table: 'sources_day', step: DAY, kind: 'ends', dimensions: ofSource, partition: MONTHS, finer: 'sources_hour' },
  { table: 'destinations_hour', step: HOUR, kind: 'ends', dimensions: ofDestination, partition: MONTHS },
  {
    table: 'destinations_day',
    step: DAY,
    kind: 'ends',
    dimensions: ofDestination,
    partition: MONTHS,
    finer: 'destinations_hour',
  },
  { table: 'places_hour', step: HOUR, kind: 'ends', dimensions: ofPlace, partition: MONTHS },
  { table: 'services_hour', step: HOUR, kind: 'ends', dimensions: ofService, partition: MONTHS },
  ...sampleRollups,
];

/** Rollups that are filled together, so that the records are read once for them. */
export interface Family {
  /** The table of a step's records, summed up to what all of its rollups need; undefined where they are made of the records themselves. */
  readonly held: string | undefined;
  /** Columns that its rows are told apart by. */
  readonly dimensions: readonly string[];
  readonly rollups: readonly Rollup[];
}

export const families: readonly Family[] = [
  familyAs('series_spans', [ofSeries]),
  familyAs('sources_step', [ofSource]),
  familyAs('destinations_step', [ofDestination, ofService, ofPlace]),
  familyAs(undefined, [ofAnswers]),
  // The last, as others need not wait for it where it takes long.
  familyAs('sample_step', [ofSample]),
];

function familyAs(held: string | undefined, dimensions: readonly (readonly string[])[]): Family {
  return {
    held,
    dimensions: [...new Set(dimensions.flat())],
    rollups: rollups.filter(rollup => dimensions.includes(rollup.dimensions)),
  };
}

export function familyOf(rollup: Rollup): Family {
  return families.find(family => family.rollups.includes(rollup))!;
}

/** Counters of `series`: see spread.ts. */
export const directed = ['inOctets', 'outOctets', 'inPackets', 'outPackets'] as const;
/** Counters of a record. */
export const counted = ['octets', 'packets', 'reverseOctets', 'reversePackets'] as const;

/** What each column is. */
export const kinds = new Map<string, Field['kind']>([
  ...originColumns,
  ...fields.map((field: Field) => [field.column, field.kind] as const),
]);

/** What rows are told apart by. */
type Told = Pick<Rollup, 'dimensions'> & Partial<Pick<Rollup, 'kind'>>;

/** The column that says which way records went. Sums of earlier releases do not tell. */
export const DIRECTION = 'direction';
export const directions = { unknown: 0, out: 1, in: 2 } as const;

/** The part of a present mask that says whether a row has the dimensions; one SQL expression a column of the mask. */
export function maskSql({ dimensions }: Told): readonly (readonly [column: string, value: string])[] {
  const bits = fields
    .filter(({ column }) => dimensions.includes(column))
    .flatMap(({ elements }) => Object.values(elements));
  return ['present', 'present2'].flatMap((column, i) => {
    const mask = bits.reduce((sum, bit) => (bit >>> 6 === i ? sum | (1n << BigInt(bit & 63)) : sum), 0n);
    return mask === 0n ? [] : [[column, `bitAnd(${column}, ${mask})`] as const];
  });
}

/** Columns that rows are told apart by, behind day and time. */
export function keysOf(rollup: Told): readonly string[] {
  const also = rollup.kind === 'answers' ? ['tripsUpTo'] : rollup.kind === 'ends' ? [DIRECTION] : [];
  return [...rollup.dimensions, ...maskSql(rollup).map(([column]) => column), ...also];
}

/** Columns of sums, as they are in a statement that fills the table. */
export function sumsOf({ kind }: Rollup): readonly string[] {
  if (kind === 'spread') return [...directed, ...directed.map(name => `${name}Rate`)];
  return ['lone', 'running', ...(kind === 'answers' ? ['answered', 'heard', 'counts', 'trips'] : []), ...counted];
}

/** The statement that makes the table of a rollup. */
export function createRollup(rollup: Rollup, ttl: string): string {
  const { table, dimensions, partition } = rollup;
  const typed = [
    ...dimensions.map(name => `${name} ${engineType(kinds.get(name)!)} CODEC(ZSTD(1))`),
    ...maskSql(rollup).map(([name]) => `${name} UInt64 CODEC(ZSTD(1))`),
    ...(rollup.kind === 'answers' ? ['tripsUpTo UInt32 CODEC(ZSTD(1))'] : []),
    ...(rollup.kind === 'ends' ? [`${DIRECTION} UInt8 CODEC(ZSTD(1))`] : []),
  ];
  const sums = sumsOf(rollup).map(name => `${name} ${sumType(rollup, name)}`);
  const [first, ...others] = keysOf(rollup);
  return `CREATE TABLE IF NOT EXISTS ${table} (
  day Date CODEC(Delta(2), ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  ${[...typed, ...sums].join(',\n  ')},
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY ${partition}
ORDER BY (day, ${[first, 'time', ...others].join(', ')})
${ttl === '' ? '' : `TTL ${ttl}`}
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1`;
}

/** Flows of which there is more than one record may be in other rows, too: `running` all of them, `heard` those that were answered, `trips` their handshakes. */
const lists: Readonly<Record<string, string>> = {
  running: 'Array(UInt64)',
  heard: 'Array(UInt64)',
  trips: 'Array(Tuple(UInt64, UInt32))',
};

function sumType({ kind }: Rollup, name: string): string {
  if (name in lists) return `SimpleAggregateFunction(groupUniqArrayArray, ${lists[name]!}) CODEC(ZSTD(1))`;
  if (name === 'counts') return 'SimpleAggregateFunction(max, UInt8) CODEC(ZSTD(1))';
  return kind === 'spread'
    ? 'SimpleAggregateFunction(sum, Int128) CODEC(ZSTD(1))'
    : 'SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))';
}
