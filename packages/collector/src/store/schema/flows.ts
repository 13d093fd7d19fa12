import { type Field, fields, originColumns } from '@weir/flow';
import { engineType, OTHER_TYPE, type StoredKind } from '../../flow/native.js';
import { presentSql } from '../../flow/present.js';

/**
 * Version of the layout. Whoever raises it adds a migration: see migrations.ts. A column more needs none, unless its element was
 * kept in `other` before. The sample has the same columns: a migration that moves values drops it and its line in the journal, and it is made anew.
 */
export const LAYOUT = 4;

/** Milliseconds around the reception in which a record's end gets a partition of its own day. */
const DAYS_BEFORE = 30;
const DAYS_AFTER = 1;

function has(column: string): string {
  return presentSql(Object.values(fields.find(field => field.column === column)!.elements));
}

/**
 * Times and counters have high bits that are alike from row to row, or empty. What compresses the rest is the part's default: LZ4 at first, ZSTD when
 * it is a day old: see timesToLive.
 */
function codec(kind: StoredKind): string {
  return kind === 'milliseconds' || kind === 'unsigned64' ? 'CODEC(T64, Default)' : 'CODEC(Default)';
}

/** Of times that are read by nearly every query: a quarter of the work that deltas and ZSTD make, for half an octet more. */
const READ_OFTEN = 'CODEC(T64, LZ4)';

const storedColumns: ReadonlyMap<string, StoredKind> = new Map<string, StoredKind>([
  ...originColumns,
  ...fields.map((field: Field) => [field.column, field.kind] as const),
]);

/** Columns of a block, in the table's order. */
export const insertedColumns: readonly string[] = [...storedColumns.keys(), 'other'];

/** SQL of what the engine puts into a column instead of what the block has there, by the column's name. */
export type ComputedColumns = Readonly<Record<string, string>>;

/** The structure that the reader of a block is told; columns that the block lacks are zero. */
export const blockStructure: string = [
  ...[...storedColumns].map(([name, kind]) => `${name} ${engineType(kind)}`),
  `other ${OTHER_TYPE}`,
].join(', ');

/** Bits of the counters that count from the beginning of the Flow. */
const totalBits = fields.flatMap(({ elements }) =>
  Object.entries(elements).flatMap(([element, bit]) => (/TotalCount$/.test(element) ? [bit] : [])),
);

/** What identifies a Flow: all interim reports of it agree in these. */
const flowIdentity = [
  'exporter',
  'observationDomainId',
  'sourceAddress',
  'destinationAddress',
  'sourcePort',
  'destinationPort',
  'protocol',
  'icmpTypeCode',
  'flowStart',
  'flowId',
];

/** SQL: the number of a record's Flow; the column `flow` has it only where it is needed to count Flows. */
export const flowSql = `cityHash64(${flowIdentity.join(', ')})`;

/** flowEndReason: the active timeout. The Flow goes on. */
const ACTIVE_TIMEOUT = 2;
/**
 * SQL: whether a record is the only one of its Flow, so that the Flow need not be looked for among others: the Flow has ended,
 * and was not reported before, as no start of an interval says. That an exporter would say so is known where it numbers its Flows, as
 * the probe does; of others the Flows are told by their numbers here.
 */
const loneSql = `${has('flowEndReason')} AND flowEndReason != ${ACTIVE_TIMEOUT} AND ${has('flowStart')} AND ${has('flowId')} AND NOT ${has('intervalStart')}`;

/**
 * SQL: whether a record counts in totals that other records of its Flow repeat: it cannot be summed up by itself.
 */
const repeatedSql = `NOT lone AND ${presentSql(totalBits)}`;

/** SQL: when a record ended, from the stored columns. */
const endSql = `multiIf(${has('flowEnd')}, flowEnd, ${has('flowStart')}, flowStart, exportTime)`;

/**
 * SQL: the partition of a record that ended then. Ends far from the reception share partition 0, because an exporter with a
 * broken or hostile clock could otherwise make a partition of every record.
 */
function partitionSql(end: string): string {
  return (
    `if(${end} BETWEEN receivedAt - toIntervalDay(${DAYS_BEFORE}) AND receivedAt + toIntervalDay(${DAYS_AFTER}), ` +
    `toYYYYMMDD(${end}), 0)`
  );
}

/** name -> type, default and codec, of every column. */
const columnDefinitions: ReadonlyMap<string, string> = new Map([
  ...[...storedColumns].map(([name, kind]) => [name, `${engineType(kind)} ${codec(kind)}`] as const),
  ['other', 'Map(LowCardinality(String), String) CODEC(Default)'],
  ['lone', `UInt8 MATERIALIZED ${loneSql} CODEC(Default)`],
  ['repeated', `UInt8 MATERIALIZED ${repeatedSql} CODEC(Default)`],
  // A number that does not compress: only where records of the same Flow must be found. See flowSql.
  ['flow', `UInt64 MATERIALIZED if(lone, 0, ${flowSql}) CODEC(Default)`],
  ['recordEnd', `DateTime64(3, 'UTC') MATERIALIZED ${endSql} ${READ_OFTEN}`],
  // The block that the record came in, by which a repeated insert is known.
  ['batch', 'UInt64 CODEC(Default)'],
  [
    // Where the record's counters begin to count: an interim report covers only its own interval.
    'recordBegin',
    `DateTime64(3, 'UTC') MATERIALIZED least(recordEnd, ` +
      `multiIf(${has('intervalStart')}, intervalStart, ${has('flowStart')}, flowStart, recordEnd)) ${READ_OFTEN}`,
  ],
  // Whether it begins in another hour than it ends: sums of whole records by their ends have to be set right for it.
  [
    'acrossHours',
    'UInt8 MATERIALIZED intDiv(toUnixTimestamp64Milli(recordBegin), 3600000) != intDiv(toUnixTimestamp64Milli(recordEnd), 3600000) CODEC(Default)',
  ],
  // Not in the rollups: what cannot be summed up, would make rows without end, or let sums of 64 bits overflow.
  [
    'apart',
    `UInt8 MATERIALIZED repeated OR ${partitionSql('recordEnd')} = 0 OR ` +
      `recordBegin < recordEnd - toIntervalDay(${DAYS_BEFORE}) OR ` +
      `greatest(octets, packets, reverseOctets, reversePackets) >= intDiv(${2 ** 40}, greatest(samplingInterval, 1)) CODEC(Default)`,
  ],
]);

/**
 * The statement that makes the table of Flow Records. Its comment says the layout, so that it goes where the table goes.
 * @param more definitions of further columns, by name
 */
export function createTable(name: string, more: Readonly<Record<string, string>> = {}): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (
  ${[...columnDefinitions, ...Object.entries(more)].map(([name, definition]) => `${name} ${definition}`).join(',\n  ')},
  INDEX begins recordBegin TYPE minmax GRANULARITY 1,
  INDEX batches batch TYPE minmax GRANULARITY 1,
  INDEX repeats repeated TYPE minmax GRANULARITY 1,
  INDEX aparts apart TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY ${partitionSql('recordEnd')}
ORDER BY recordEnd
TTL ${timesToLive(undefined)}
SETTINGS ${partSettings}
COMMENT '${layoutComment(LAYOUT)}'`;
}

/**
 * Parts of an insert are compact, one file for all columns: a file for each would cost more than what is in it. Expired
 * parts go whole.
 */
const partSettings = `min_bytes_for_wide_part = ${128 * 2 ** 20}, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1`;

/**
 * What happens to Flow Records with age, counted from their reception: an import of old files does not expire at once.
 * @param days undefined: they are kept for ever.
 */
export function timesToLive(days: number | undefined): string {
  const recompress = 'toDateTime(receivedAt) + toIntervalDay(1) RECOMPRESS CODEC(ZSTD(1))';
  return days === undefined ? recompress : `toDateTime(receivedAt) + toIntervalDay(${days}), ${recompress}`;
}

export function layoutComment(layout: number): string {
  return `layout ${layout}`;
}

/** The layout that a table's comment says; undefined where it says none. */
export function layoutIn(comment: string): number | undefined {
  const layout = /^layout (\d+)$/.exec(comment)?.[1];
  return layout === undefined ? undefined : Number(layout);
}

/** The query of the columns that a table has: rows of `name`. */
export function columnsIn(table: string): string {
  return `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '${table}'`;
}
export const existingColumns = columnsIn('flows');

/** The statement that adds the columns that an earlier release did not have, or undefined where none is missing. */
export function addColumns(existing: ReadonlySet<string>, table = 'flows'): string | undefined {
  const missing = [...columnDefinitions].filter(([name]) => !existing.has(name));
  if (missing.length === 0) return undefined;
  return `ALTER TABLE ${table} ${missing.map(([name, definition]) => `ADD COLUMN IF NOT EXISTS ${name} ${definition}`).join(', ')}`;
}

/**
 * Takes a block from the spool into the table. A block is at most one part in each partition, and a part appears whole or
 * not at all; so when it is not known how far an earlier attempt came, the partitions that have the batch are left out.
 * (The engine's own deduplication writes that it has a block before it has it: a crash in between would lose the block.)
 * @param file name in the working directory.
 */
export function insertStatement(file: string, insert: Insert): string {
  return insertSelect(`file('${file}', 'Native', '${quotedStructure}')`, insert);
}

export interface Insert {
  /** Unsigned 64-bit number, never used for another block. */
  readonly batch: bigint;
  /** Whether there may have been an earlier attempt. */
  readonly again: boolean;
  readonly computed: ComputedColumns;
}

const quotedStructure = blockStructure.replaceAll("'", "\\'");

/** The same with a block that comes behind the statement, as its body. */
export function insertBodyStatement(insert: Insert): string {
  return `${insertSelect(`input('${quotedStructure}')`, insert)} FORMAT Native`;
}

function insertSelect(source: string, { batch, again, computed }: Insert): string {
  const columns = insertedColumns.join(', ');
  const values = insertedColumns.map(column => computed[column] ?? column).join(', ');
  const missing = `WHERE toString(${partitionSql(endSql)}) NOT IN (SELECT DISTINCT _partition_id FROM flows WHERE batch = ${batch})`;
  return (
    `INSERT INTO flows (${columns}, batch) SELECT ${values}, ${batch} FROM ${source} ` +
    `${again ? missing : ''} SETTINGS max_insert_threads = 1, max_threads = 1`
  );
}
