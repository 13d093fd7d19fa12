import { type TObject, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { suggest } from './suggest.js';

export type Path = readonly (string | number)[];

/** What is wrong, and where: at a value, or at the key of one. */
export interface Fault {
  path: Path;
  at: 'key' | 'value';
  text: string;
}

/**
 * The first thing that keeps a value from its schema. Of a union it follows the alternative that was meant, by its shape and first key;
 * typebox alone would list what is wrong with each.
 */
export function findFault(schema: TSchema, value: unknown, path: Path = []): Fault | undefined {
  // As a type guard it would leave nothing of the type unknown.
  const fits: boolean = Value.Check(schema, value);
  if (fits) return undefined;
  if (Type.IsUnion(schema)) return unionFault(schema.anyOf, schema, value, path);
  if (Type.IsObject(schema)) return isMapping(value) ? objectFault(schema, value, path) : wrong(schema, value, path);
  if (Type.IsRecord(schema)) return isMapping(value) ? recordFault(schema, value, path) : wrong(schema, value, path);
  if (Type.IsArray(schema) && Array.isArray(value)) {
    const inside = value.map((each, i) => findFault(schema.items, each, [...path, i])).find(Boolean);
    if (inside !== undefined) return inside;
  }
  return wrong(schema, value, path);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectFault(schema: TObject, value: Record<string, unknown>, path: Path): Fault | undefined {
  const names = Object.keys(schema.properties);
  for (const key of Object.keys(value)) {
    if (!names.includes(key))
      return { path: [...path, key], at: 'key', text: `unknown key "${key}"${suggest(key, names)}` };
  }
  for (const name of schema.required) {
    if (value[name] === undefined)
      return { path, at: 'value', text: `"${name}" is missing; ${expected(schema.properties[name]!)}` };
  }
  return names
    .filter(name => value[name] !== undefined)
    .map(name => findFault(schema.properties[name]!, value[name], [...path, name]))
    .find(Boolean);
}

function recordFault(schema: TSchema, value: Record<string, unknown>, path: Path): Fault | undefined {
  const [[pattern, inner]] = Object.entries((schema as unknown as { patternProperties: object }).patternProperties) as [
    [string, TSchema],
  ];
  for (const [key, each] of Object.entries(value)) {
    if (!new RegExp(pattern).test(key))
      return { path: [...path, key], at: 'key', text: `"${key}" cannot be a name here; names match ${pattern}` };
    const inside = findFault(inner, each, [...path, key]);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function unionFault(all: readonly TSchema[], schema: TSchema, value: unknown, path: Path): Fault | undefined {
  if (!isMapping(value)) return wrong(schema, value, path);
  const objects = all.filter(each => Type.IsObject(each));
  if (objects.length < 2)
    return objects[0] === undefined ? wrong(schema, value, path) : findFault(objects[0], value, path);
  const [first, second] = Object.keys(value);
  const names = objects.flatMap(each => Object.keys(each.properties));
  if (first === undefined) return { path, at: 'value', text: `nothing is here; write one of ${names.join(', ')}` };
  const meant = objects.find(each => first in each.properties);
  if (meant === undefined)
    return { path: [...path, first], at: 'key', text: `unknown "${first}"${suggest(first, names)}` };
  if (second === undefined) return findFault(meant, value, path);
  const text = `"${second}" beside "${first}"; one entry has one key, what belongs to it is indented below`;
  return { path: [...path, second], at: 'key', text };
}

function wrong(schema: TSchema, value: unknown, path: Path): Fault {
  const shown = isMapping(value)
    ? 'a mapping'
    : Array.isArray(value)
      ? 'a list'
      : value === null
        ? 'nothing'
        : JSON.stringify(value);
  return { path, at: 'value', text: `${shown} does not fit; ${expected(schema)}` };
}

/** `write ...`, with what the schema says of the value. */
function expected(schema: TSchema): string {
  const { description, examples } = schema as { description?: string; examples?: string[] };
  const meaning = description === undefined ? '' : ` (${description.replace(/\.$/, '')})`;
  const example = examples === undefined ? '' : `, such as ${examples[0]}`;
  return `write ${kindOf(schema)}${example}${meaning}`;
}

function kindOf(schema: TSchema): string {
  if (Type.IsUnion(schema)) return [...new Set(schema.anyOf.map(kindOf))].join(' or ');
  if (Type.IsLiteral(schema)) return String(schema.const);
  if (Type.IsObject(schema) || Type.IsRecord(schema)) return 'a mapping';
  if (Type.IsArray(schema))
    return `a list${range((schema as Bounds).minItems, (schema as Bounds).maxItems, ' of ', ' entries')}`;
  if (Type.IsInteger(schema)) return `a whole number${range((schema as Bounds).minimum, (schema as Bounds).maximum)}`;
  if (Type.IsNumber(schema)) return `a number${range((schema as Bounds).minimum, (schema as Bounds).maximum)}`;
  if (Type.IsBoolean(schema)) return 'true or false';
  if (Type.IsNull(schema)) return 'nothing';
  return 'text';
}

interface Bounds {
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

function range(least?: number, most?: number, before = ' ', after = ''): string {
  if (least === undefined) return '';
  if (most === undefined) return `${before}from ${least} on${after}`.replace('  ', ' ');
  return least === most ? `${before}${least}${after}` : `${before}from ${least} to ${most}${after}`;
}
