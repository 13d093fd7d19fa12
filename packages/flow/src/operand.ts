import { type DataType, type ElementRegistry, elements } from '@weir/ipfix';
import { type FieldElement, fieldOfElement, fieldOfShortName } from './field-lookup.js';
import { typeOfToldElement } from './told-elements.js';

/** How a value is compared and written. */
export type ValueType =
  | 'unsigned'
  | 'signed'
  | 'float'
  | 'address'
  | 'mac'
  | 'time'
  | 'boolean'
  | 'octets'
  | 'text'
  | 'duration';

/** Something that a record has a value of, or has not: what a name in a filter or in `--by` means. */
export interface Operand {
  readonly source: 'column' | 'origin' | 'other' | 'duration' | 'roundTrip';
  readonly type: ValueType;
  /** Column of the store; of `source` column and origin. */
  readonly column: string;
  /** Keys in a decoded record; the first that is there counts. */
  readonly keys: readonly string[];
  /** Bits of the present mask; the value is there where one of them is set. */
  readonly bits: readonly number[];
}

const origins: ReadonlyMap<string, Operand> = new Map([
  ['exporter', origin('exporter', 'address')],
  ['domain', origin('observationDomainId', 'unsigned')],
  ['observationDomainId', origin('observationDomainId', 'unsigned')],
]);

function origin(column: string, type: ValueType): Operand {
  return { source: 'origin', type, column, keys: [], bits: [] };
}

/** From the flow's first to its last packet, milliseconds. */
export const duration: Operand = { source: 'duration', type: 'duration', column: '', keys: [], bits: [] };

/**
 * The time of a TCP handshake, milliseconds: from the SYN to the answer to its answer. The sum of what both sides took, as seen
 * where the Flow was metered.
 */
export const roundTrip: Operand = { source: 'roundTrip', type: 'duration', column: '', keys: [], bits: [] };

/** The Information Elements whose sum `roundTrip` is, microseconds. */
export const roundTripParts = ['initiatorRoundTripMicroseconds', 'responderRoundTripMicroseconds'] as const;

/**
 * What a name means: an IANA name is that element exactly, a short name is the field whichever element fills it, PEN:ID is
 * an element without a name. Undefined where nothing has this name.
 */
export function resolveName(name: string, registry: ElementRegistry = elements): Operand | undefined {
  const known = origins.get(name);
  if (known !== undefined) return known;
  const stored = fieldOfElement(name);
  if (stored !== undefined) return storedOperand(stored);
  const field = fieldOfShortName(name);
  if (field !== undefined) return fieldOperand(field.column, field.kind, field.elements);
  const type = registry.byName(name)?.type ?? typeOfToldElement(name);
  if (type !== undefined) return otherOperand(name, typeOfElement(type));
  return /^\d{1,10}:\d{1,5}$/.test(name) ? otherOperand(name, 'octets') : undefined;
}

function storedOperand({ field, name, bit }: FieldElement): Operand {
  return fieldOperand(field.column, field.kind, { [name]: bit });
}

/** Of columns that are no whole numbers. */
const valueTypes: Readonly<Record<string, ValueType>> = {
  address: 'address',
  mac: 'mac',
  milliseconds: 'time',
  name: 'text',
};

function fieldOperand(column: string, kind: string, filledBy: Readonly<Record<string, number>>): Operand {
  const type = valueTypes[kind] ?? 'unsigned';
  return { source: 'column', type, column, keys: Object.keys(filledBy), bits: Object.values(filledBy) };
}

function otherOperand(name: string, type: ValueType): Operand {
  return { source: 'other', type, column: '', keys: [name], bits: [] };
}

function typeOfElement(type: DataType): ValueType {
  if (type.startsWith('unsigned')) return 'unsigned';
  if (type.startsWith('signed')) return 'signed';
  if (type.startsWith('float')) return 'float';
  if (type.startsWith('dateTime')) return 'time';
  if (type === 'ipv4Address' || type === 'ipv6Address') return 'address';
  if (type === 'macAddress') return 'mac';
  if (type === 'boolean') return 'boolean';
  return type === 'string' ? 'text' : 'octets';
}
