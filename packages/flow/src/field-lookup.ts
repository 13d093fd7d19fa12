import { type Field, fields } from './fields.js';

/** The field that stores an element, and the element's bit. */
export interface FieldElement {
  readonly field: Field;
  readonly name: string;
  readonly bit: number;
}

const elementFields = new Map<string, FieldElement>(
  fields.flatMap(field =>
    Object.entries(field.elements).map(([name, bit]) => [name, { field, name, bit }] as [string, FieldElement]),
  ),
);
const shortNames = new Map<string, Field>(fields.flatMap(field => field.names.map(name => [name, field] as const)));

/** The column's field for an IANA name, or undefined where the element is kept in `other`. */
export function fieldOfElement(name: string): FieldElement | undefined {
  return elementFields.get(name);
}

/** The field that a short name of the filter language means, in any case. */
export function fieldOfShortName(name: string): Field | undefined {
  return shortNames.get(name.toLowerCase());
}

const added = new Set(
  fields.flatMap(field => (field.added === true ? Object.keys(field.elements) : (field.added ?? []))),
);

/** Whether the collector adds this element: no exporter sends it, and it is in stored records only. */
export function isAdded(name: string): boolean {
  return added.has(name);
}

/** Every stored element in the order of the table. */
export const storedElements: readonly FieldElement[] = [...elementFields.values()];
