import type { TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';

export type Values = Record<string, unknown>;
/** What of a property's JSON Schema matters here. */
export type Property = TSchema & {
  type?: string;
  description?: string;
  default?: unknown;
  anyOf?: { const: unknown }[];
};

/** A value as the schema wants it, or what is wrong with it. */
export interface Checked {
  readonly value: unknown;
  readonly error?: string;
}

export function propertyOf(schema: TObject, key: string): Property {
  return schema.properties[key] as Property;
}

/** Options and variables are text; the schema says what they mean. */
export function check(property: Property, given: unknown): Checked {
  const value = fromText(property, given);
  const [error] = Value.Errors(property, value);
  return error === undefined ? { value } : { value, error: error.message };
}

function fromText(property: Property, value: unknown): unknown {
  if (property.type === 'array' && !Array.isArray(value)) return isMap(value) ? pairs(value) : String(value).split(',');
  if (typeof value !== 'string') return value;
  if (property.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (property.type === 'integer' || property.type === 'number') return value.trim() === '' ? value : Number(value);
  return value;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

/** A list of KEY=VALUE may be keys and values in the file. */
function pairs(map: Values): string[] {
  return Object.entries(map).flatMap(([key, values]) => [values].flat().map(value => `${key}=${value}`));
}
