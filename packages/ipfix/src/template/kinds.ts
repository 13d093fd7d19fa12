import { type DataType, isDateTime, isInteger, lengthFits } from '../elements/types.js';

/**
 * What a column holds, a value a row, little-endian: 'milliseconds' signed 64-bit since the Unix epoch, 'address' 16 octets in
 * network order (IPv4 as ::ffff:a.b.c.d), 'mac' the 6 octets as an unsigned64, 'boolean' 1 for true and 0 for all else.
 */
export type ColumnKind =
  | 'unsigned8'
  | 'unsigned16'
  | 'unsigned32'
  | 'unsigned64'
  | 'signed8'
  | 'signed16'
  | 'signed32'
  | 'signed64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'milliseconds'
  | 'address'
  | 'mac';

/** Octets of a value of each kind. */
export const COLUMN_WIDTH: Readonly<Record<ColumnKind, number>> = {
  unsigned8: 1,
  unsigned16: 2,
  unsigned32: 4,
  unsigned64: 8,
  signed8: 1,
  signed16: 2,
  signed32: 4,
  signed64: 8,
  float32: 4,
  float64: 8,
  boolean: 1,
  milliseconds: 8,
  address: 16,
  mac: 8,
};

/** Whether a column of that kind takes values of that type, in some length. */
export function kindTakes(kind: ColumnKind, type: DataType): boolean {
  if (kind === 'milliseconds') return isDateTime(type);
  if (kind === 'address') return type === 'ipv4Address' || type === 'ipv6Address';
  if (kind === 'mac') return type === 'macAddress';
  if (kind === 'boolean') return type === 'boolean';
  if (kind.startsWith('float')) return type.startsWith('float');
  if (kind.startsWith('signed')) return type.startsWith('signed');
  // The octet as it came, 1 or 2 (RFC 7011 section 6.1.5).
  if (type === 'boolean') return true;
  return isInteger(type) && type.startsWith('unsigned') && type !== 'unsigned256';
}

/** Whether a column of that kind takes a value of that type in `length` octets on the wire. */
export function columnTakes(kind: ColumnKind, type: DataType, length: number): boolean {
  return kindTakes(kind, type) && lengthFits(type, length);
}
