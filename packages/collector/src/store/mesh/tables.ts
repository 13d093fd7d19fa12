import { classes, reasons } from '../../mesh/attribution/group.js';
import { hows } from '../../mesh/paths/paths.js';
import { ONE_BLOCK } from '../rollup/step.js';

/** A table of sums over traffic on a mesh. No address is in any of them. */
export interface LoadTable {
  readonly name: string;
  /** Columns that rows are told apart by behind topology, time and span, and what they are. */
  readonly keys: readonly (readonly [name: string, type: string])[];
  readonly counts: readonly string[];
}

const enumOf = (names: readonly string[]) => `Enum8(${names.map((name, i) => `'${name}' = ${i}`).join(', ')})`;

export const links: LoadTable = {
  name: 'mesh_loads',
  keys: [
    ['link', 'String'],
    ['how', enumOf(hows)],
    ['class', enumOf(classes)],
  ],
  counts: ['octets', 'packets', 'reverseOctets', 'reversePackets'],
};
export const ends: LoadTable = {
  name: 'mesh_ends',
  keys: [['node', 'String']],
  counts: ['sent', 'received', 'leaves', 'enters'],
};
export const unplaced: LoadTable = {
  name: 'mesh_unplaced',
  keys: [['reason', enumOf(reasons)]],
  counts: ['octets'],
};
export const loadTables: readonly LoadTable[] = [links, ends, unplaced];

/**
 * The statement that makes a table. What is asked most is what all links carry now, so the time comes first. A row's counts are spread evenly over `span`
 * minutes from `time` on.
 */
export function createLoads({ name, keys, counts }: LoadTable): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (
  topology LowCardinality(String) CODEC(ZSTD(1)),
  time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  span UInt16 CODEC(ZSTD(1)),
  ${keys.map(([key, type]) => `${key} ${type} CODEC(ZSTD(1))`).join(',\n  ')},
  ${counts.map(count => `${count} SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))`).join(',\n  ')},
  batch SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  INDEX batches batch TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (topology, time, span, ${keys.map(([key]) => key).join(', ')})
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1`;
}

/** A step's rows on their way into the tables: they are so many that no one statement could hold them. On disk, in the order of `loadTables`. */
const STEP = 'mesh_step';
export const createStep = `CREATE TABLE IF NOT EXISTS ${STEP} (
  kind UInt8, topology String, time UInt32, span UInt16, name String, how UInt8, class UInt8, c0 UInt64, c1 UInt64, c2 UInt64, c3 UInt64
) ENGINE = MergeTree ORDER BY tuple()`;
export const emptyStep = `TRUNCATE TABLE ${STEP}`;

/** The statement that adds rows: each is SQL of a tuple. */
export function addToStep(rows: readonly string[]): string {
  return `INSERT INTO ${STEP} VALUES ${rows.join(', ')}`;
}

/** The statement that takes the rows of a step into a table; with `again`, into those partitions that have not got it. See stepStatement of the rollups. */
export function takeStep(table: LoadTable, topology: string, batch: bigint, again: boolean): string {
  const { name, keys, counts } = table;
  const columns = ['topology', 'time', 'span', ...keys.map(([key]) => key), ...counts, 'batch'];
  const kind = loadTables.indexOf(table);
  const values = [
    ...['topology', "toDateTime(time * 60, 'UTC') AS at", 'span'],
    ...keys.map(([key, type]) =>
      type === 'String' ? 'name' : `CAST(${key === 'class' ? 'class' : 'how'}, '${type.replaceAll("'", "\\'")}')`,
    ),
    ...counts.map((_, i) => `c${i}`),
    String(batch),
  ];
  const has = `SELECT DISTINCT _partition_id FROM ${name} WHERE batch = ${batch} AND topology = ${topology}`;
  const missing = again ? `AND toString(toYYYYMMDD(at)) NOT IN (${has})` : '';
  return `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${STEP}
    WHERE kind = ${kind} AND topology = ${topology} ${missing} ${ONE_BLOCK}`;
}
