import { fields, originColumns, presentColumns } from '@weir/flow';
import { COLUMN_WIDTH, type ColumnKind } from '@weir/ipfix';
import type { FlowBatch } from './batch.js';
import { hasBit } from './present.js';

const encoder = new TextEncoder();

/** The engine's type of a kind of column. */
export function engineType(kind: ColumnKind): string {
  return engineTypes[kind];
}

const engineTypes: Readonly<Record<ColumnKind, string>> = {
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
};

/** The type of `other` in a block; the store keeps the names as LowCardinality. */
export const OTHER_TYPE = 'Map(String, String)';

/**
 * The batch as one block of ClickHouse's Native format: number of columns and rows, then each column's name, type and
 * values. Columns that no row has are left out; the reader takes them as zero.
 */
export function toNative(batch: FlowBatch): Uint8Array {
  const columns = writtenColumns(batch);
  const parts: Uint8Array[] = [];
  parts.push(unsignedVarint(columns.length + (batch.hasOthers ? 1 : 0)), unsignedVarint(batch.rows));
  for (const [name, kind] of columns) {
    parts.push(
      text(name),
      text(engineType(kind)),
      batch.column(name).data.subarray(0, batch.rows * COLUMN_WIDTH[kind]),
    );
  }
  if (batch.hasOthers) parts.push(text('other'), text(OTHER_TYPE), ...otherColumn(batch));
  return join(parts);
}

function writtenColumns(batch: FlowBatch): [string, ColumnKind][] {
  const { present } = batch;
  const written = fields.filter(field => Object.values(field.elements).some(bit => hasBit(present, bit)));
  const zero = presentColumns.filter((_, i) => present[2 * i] === 0 && present[2 * i + 1] === 0) as string[];
  const origin = [...originColumns].filter(([name]) => !zero.includes(name));
  return [...origin, ...written.map((f): [string, ColumnKind] => [f.column, f.kind])];
}

/** A Map is an array of offsets behind each row's last pair, then all keys, then all values. */
function otherColumn(batch: FlowBatch): Uint8Array[] {
  const offsets = new Uint32Array(batch.rows * 2);
  const keys: Uint8Array[] = [];
  const values: Uint8Array[] = [];
  for (let row = 0; row < batch.rows; row++) {
    for (const [name, value] of batch.other(row) ?? []) {
      keys.push(text(name));
      values.push(text(value));
    }
    offsets[row * 2] = keys.length;
  }
  return [new Uint8Array(offsets.buffer), join(keys), join(values)];
}

function text(value: string): Uint8Array {
  const bytes = encoder.encode(value);
  return join([unsignedVarint(bytes.length), bytes]);
}

function unsignedVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
