import { type Field, originColumns, presentColumns } from '@weir/flow';
import { COLUMN_WIDTH } from '@weir/ipfix';
import type { FlowBatch } from './batch.js';
import { putVarint, texts } from './other-column.js';

const encoder = new TextEncoder();

/** A kind of a column of the store. */
export type StoredKind = Field['kind'];

/** The engine's type of a kind of column. */
export function engineType(kind: StoredKind): string {
  return engineTypes[kind];
}

const engineTypes: Readonly<Record<StoredKind, string>> = {
  unsigned8: 'UInt8',
  unsigned16: 'UInt16',
  unsigned32: 'UInt32',
  unsigned64: 'UInt64',
  signed8: 'Int8',
  signed16: 'Int16',
  signed32: 'Int32',
  signed64: 'Int64',
  float32: 'Float32',
  float64: 'Float64',
  boolean: 'Bool',
  milliseconds: "DateTime64(3, 'UTC')",
  address: 'IPv6',
  mac: 'UInt64',
  name: 'LowCardinality(String)',
};

/** The version of the form, and how its indexes are. */
const KEYS_IN_BLOCK = 1n;
const INDEXES_OF_16_BITS = 0x601n;

/** The type of `other` in a block; the store keeps the names as LowCardinality. */
export const OTHER_TYPE = 'Map(String, String)';

/** The batch as one block of ClickHouse's Native format. */
export function toNative(batch: FlowBatch): Uint8Array {
  return Buffer.concat(nativeParts(batch));
}

/**
 * The batch as one block of ClickHouse's Native format, in parts: number of columns and rows, then each column's name, type and
 * values. Columns that no row has are left out; the reader takes them as zero. The values are not copied: good until the batch changes.
 */
export function nativeParts(batch: FlowBatch): Uint8Array[] {
  const columns = writtenColumns(batch);
  const parts: Uint8Array[] = [];
  const hasOthers = !batch.others.isEmpty;
  parts.push(unsignedVarint(columns.length + (hasOthers ? 1 : 0)), unsignedVarint(batch.rows));
  for (const [name, kind] of columns) {
    const { kind: held, data } = batch.column(name);
    const values = data.subarray(0, batch.rows * COLUMN_WIDTH[held]);
    parts.push(text(name), text(engineType(kind)), ...(kind === 'name' ? named(batch, values) : [values]));
  }
  if (hasOthers) parts.push(text('other'), text(OTHER_TYPE), ...batch.others.parts(batch.rows));
  return parts;
}

/** A column of names (SerializationLowCardinality of the engine): the names, then each row's index among them. */
function named({ names, rows }: FlowBatch, indexes: Uint8Array): Uint8Array[] {
  const words = BigUint64Array.of(KEYS_IN_BLOCK, INDEXES_OF_16_BITS, BigInt(names.length));
  return [octetsOf(words), texts(names), octetsOf(BigUint64Array.of(BigInt(rows))), indexes];
}

function octetsOf(words: BigUint64Array): Uint8Array {
  return new Uint8Array(words.buffer);
}

function writtenColumns(batch: FlowBatch): [string, StoredKind][] {
  const { present } = batch;
  const zero = presentColumns.filter((_, i) => present[2 * i] === 0 && present[2 * i + 1] === 0) as string[];
  const origin: [string, StoredKind][] = [...originColumns].filter(([name]) => !zero.includes(name));
  return [...origin, ...batch.writtenFields().map((f): [string, StoredKind] => [f.column, f.kind])];
}

function text(value: string): Uint8Array {
  const bytes = encoder.encode(value);
  return Buffer.concat([unsignedVarint(bytes.length), bytes]);
}

function unsignedVarint(value: number): Uint8Array {
  const octets = new Uint8Array(5);
  return octets.subarray(0, putVarint(octets, 0, value));
}
