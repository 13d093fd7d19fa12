import { elementOf, idOf, lengthOf, REVERSE_ENTERPRISE, VARIABLE } from './elements.js';

/** A Field Specifier (RFC 7011 section 3.2). */
export interface WireField {
  readonly id: number;
  /** 0: the IANA, the Enterprise bit is not set. */
  readonly enterprise: number;
  readonly length: number;
}

/** A Template as data; with `scopes` an Options Template, whose first fields are the scope. */
export interface WireTemplate {
  readonly id: number;
  readonly scopes?: number;
  readonly fields: readonly WireField[];
}

/** A field of an IANA element, of its type's own length unless told. */
export function field(name: string, length?: number): WireField {
  const id = idOf(name);
  return { id, enterprise: 0, length: length ?? lengthOf(elementOf(0, id)!.type) ?? VARIABLE };
}

/** Its Reverse Information Element (RFC 5103 section 6.1). */
export function reverse(name: string, length?: number): WireField {
  return { ...field(name, length), enterprise: REVERSE_ENTERPRISE };
}

/** A field of somebody's own. */
export function enterpriseField(enterprise: number, id: number, length: number): WireField {
  return { id, enterprise, length };
}

/** The name of a field's element as people and JSON have it; PEN:ID where it has none. */
export function fieldName({ enterprise, id }: WireField): string {
  return elementOf(enterprise, id)?.name ?? `${enterprise}:${id}`;
}

/** The least octets that a Data Record of it can have. */
export function leastLength({ fields }: WireTemplate): number {
  return fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
}
