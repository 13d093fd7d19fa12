import type { TObject, TSchema } from 'typebox';
import { Pointer, Value } from 'typebox/value';
import { parse } from 'yaml';

export type Values = Record<string, unknown>;
/** What of a property's JSON Schema matters here. */
export type Property = TSchema & {
  type?: string;
  description?: string;
  default?: unknown;
  anyOf?: { const: unknown }[];
  items?: { type?: string };
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
  if (error === undefined) return { value };
  if (!holdsObjects(property)) return { value, error: error.message };
  const part = JSON.stringify(Pointer.Get(value, error.instancePath));
  return {
    value,
    error: `has at ${error.instancePath || '/'} ${part}, which ${error.keyword === 'boolean' ? 'is no key there' : error.message}`,
  };
}

/** Each is a map in the file, and a text of YAML elsewhere. */
function holdsObjects({ type, items }: Property): boolean {
  return type === 'array' && items?.type === 'object';
}

function fromText(property: Property, value: unknown): unknown {
  if (holdsObjects(property)) return [value].flat().flatMap(item => (typeof item === 'string' ? objectOf(item) : item));
  if (property.type === 'array' && !Array.isArray(value)) return isMap(value) ? pairs(value) : String(value).split(',');
  if (typeof value !== 'string') return value;
  if (property.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (property.type === 'integer' || property.type === 'number') return value.trim() === '' ? value : Number(value);
  return value;
}

/** What is no YAML stays a text, which the schema refuses. */
function objectOf(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return text;
  }
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

/** A list of KEY=VALUE may be keys and values in the file. */
function pairs(map: Values): string[] {
  return Object.entries(map).flatMap(([key, values]) => [values].flat().map(value => `${key}=${value}`));
}
