import type { DATA_TYPES } from './generated/elements.js';

/** An abstract data type (RFC 7012 section 3.1, RFC 6313, and unsigned256). */
export type DataType = (typeof DATA_TYPES)[number];

/** Lowest and highest value, both allowed: integers, as decimal text beyond 2^53-1. */
export type ValueRange = readonly [lowest: number | string, highest: number | string];

/**
 * An Information Element (RFC 7012 section 2). `enterprise` 0 is IANA. `semantics` and `units` are the registry's words; `range`
 * is only there where it is narrower than that of the type.
 */
export interface InformationElement {
  readonly id: number;
  readonly enterprise: number;
  readonly name: string;
  readonly type: DataType;
  readonly semantics?: string;
  readonly units?: string;
  readonly range?: ValueRange;
}

/** Field length that says: each value carries its own length (RFC 7011 section 7). */
export const VARIABLE_LENGTH = 65535;

const NATURAL_LENGTH: Partial<Record<DataType, number>> = {
  unsigned8: 1,
  unsigned16: 2,
  unsigned32: 4,
  unsigned64: 8,
  unsigned256: 32,
  signed8: 1,
  signed16: 2,
  signed32: 4,
  signed64: 8,
  float32: 4,
  float64: 8,
  boolean: 1,
  macAddress: 6,
  dateTimeSeconds: 4,
  dateTimeMilliseconds: 8,
  dateTimeMicroseconds: 8,
  dateTimeNanoseconds: 8,
  ipv4Address: 4,
  ipv6Address: 16,
};

/** Octets of a value of that type without reduced-size encoding; VARIABLE_LENGTH where the type has no length of its own. */
export function naturalLength(type: DataType): number {
  return NATURAL_LENGTH[type] ?? VARIABLE_LENGTH;
}

/** May a value of that type have `length` octets on the wire? Reduced-size encoding (RFC 7011 section 6.2) included. */
export function lengthFits(type: DataType, length: number): boolean {
  const natural = naturalLength(type);
  if (natural === VARIABLE_LENGTH || length === natural) return true;
  // Exporters pad integers too: an unsigned8 in 4 octets loses nothing, so every length up to 8 is taken.
  if (isInteger(type)) return length >= 1 && length <= Math.max(natural, 8);
  return type === 'float64' && length === 4;
}

export function isInteger(type: DataType): boolean {
  return type.startsWith('unsigned') || type.startsWith('signed');
}

export function isDateTime(type: DataType): boolean {
  return type.startsWith('dateTime');
}

/** The structured data types of RFC 6313. */
export function isList(type: DataType): boolean {
  return type === 'basicList' || type === 'subTemplateList' || type === 'subTemplateMultiList';
}
