import { type Field, fields, originColumns } from '@weir/flow';
import type { ColumnKind } from '@weir/ipfix';
import { engineType, OTHER_TYPE } from '../../flow/native.js';
import { presentSql } from '../../flow/present.js';

/**
 * Version of the layout. Whoever raises it adds a migration: see migrations.ts. A column more needs none, unless its element was
 * kept in `other` before.
 */
export const LAYOUT = 2;

/** Milliseconds around the reception in which a record's end gets a partition of its own day. */
const DAYS_BEFORE = 30;
const DAYS_AFTER = 1;

function has(column: string): string {
  return presentSql(Object.values(fields.find(field => field.column === column)!.elements));
}

/** Times and counters change little from row to row or have empty high bytes; everything else is plain ZSTD. */
function codec(kind: ColumnKind): string {
  if (kind === 'milliseconds') return 'CODEC(Delta(8), ZSTD(1))';
  if (kind === 'unsigned64') return 'CODEC(T64, ZSTD(1))';
  return 'CODEC(ZSTD(1))';
}

const storedColumns: ReadonlyMap<string, ColumnKind> = new Map([
  ...originColumns,
  ...fields.map((field: Field) => [field.column, field.kind] as const),
]);

/** Columns of a block, in the table's order. */
export const insertedColumns: readonly string[] = [...storedColumns.keys(), 'other'];

/** The structure that the reader of a block is told; columns that the block lacks are zero. */
export const blockStructure: string = [
  ...[...storedColumns].map(([name, kind]) => `${name} ${engineType(kind)}`),
  `other ${OTHER_TYPE}`,
].join(', ');

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
  ['other', 'Map(LowCardinality(String), String) CODEC(ZSTD(1))'],
  ['flow', `UInt64 MATERIALIZED cityHash64(${flowIdentity.join(', ')}) CODEC(ZSTD(1))`],
  ['recordEnd', `DateTime64(3, 'UTC') MATERIALIZED ${endSql} CODEC(Delta(8), ZSTD(1))`],
  // The block that the record came in, by which a repeated insert is known.
  ['batch', 'UInt64 CODEC(ZSTD(1))'],
  [
    // Where the record's counters begin to count: an interim report covers only its own interval.
    'recordBegin',
    `DateTime64(3, 'UTC') MATERIALIZED least(recordEnd, ` +
      `multiIf(${has('intervalStart')}, intervalStart, ${has('flowStart')}, flowStart, recordEnd)) CODEC(Delta(8), ZSTD(1))`,
  ],
]);

/** The statement that makes the table of Flow Records. Its comment says the layout, so that it goes where the table goes. */
export function createTable(name: string): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (
  ${[...columnDefinitions].map(([name, definition]) => `${name} ${definition}`).join(',\n  ')},
  INDEX begins recordBegin TYPE minmax GRANULARITY 1,
  INDEX batches batch TYPE minmax GRANULARITY 1,
  INDEX flows flow TYPE bloom_filter GRANULARITY 4
) ENGINE = MergeTree
PARTITION BY ${partitionSql('recordEnd')}
ORDER BY recordEnd
COMMENT '${layoutComment(LAYOUT)}'`;
}

export function layoutComment(layout: number): string {
  return `layout ${layout}`;
}

/** The query of the columns that the table has: rows of `name`. */
export const existingColumns = "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'flows'";

/** The statement that adds the columns that an earlier release did not have, or undefined where none is missing. */
export function addColumns(existing: ReadonlySet<string>): string | undefined {
  const missing = [...columnDefinitions].filter(([name]) => !existing.has(name));
  if (missing.length === 0) return undefined;
  return `ALTER TABLE flows ${missing.map(([name, definition]) => `ADD COLUMN ${name} ${definition}`).join(', ')}`;
}

/**
 * Takes a block from the spool into the table. A block is at most one part in each partition, and a part appears whole or
 * not at all; so when it is not known how far an earlier attempt came, the partitions that have the batch are left out.
 * (The engine's own deduplication writes that it has a block before it has it: a crash in between would lose the block.)
 * @param file name in the working directory.
 * @param batch unsigned 64-bit number, never used for another block.
 * @param again whether there may have been an earlier attempt.
 */
export function insertStatement(file: string, batch: bigint, again: boolean): string {
  const columns = insertedColumns.join(', ');
  const structure = blockStructure.replaceAll("'", "\\'");
  const missing = `WHERE toString(${partitionSql(endSql)}) NOT IN (SELECT DISTINCT _partition_id FROM flows WHERE batch = ${batch})`;
  return (
    `INSERT INTO flows (${columns}, batch) SELECT ${columns}, ${batch} FROM file('${file}', 'Native', '${structure}') ` +
    `${again ? missing : ''} SETTINGS max_insert_threads = 1, max_threads = 1`
  );
}
