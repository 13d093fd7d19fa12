import { type ElementRegistry, elements } from '../elements/registry.js';
import { type DataType, isList } from '../elements/types.js';
import { type ValueDecoder, valueDecoder } from '../elements/value.js';
import { putValue, ValueReader } from '../structured/decode.js';
import { extentOf, type FieldLocator, locatorOf } from '../template/locator.js';
import { namedFields, perTemplate } from '../template/names.js';
import { layoutOf, type Template } from '../template/template.js';
import type { DataSet } from './visitor.js';

/** A Data Record for people, JSON-ready: Information Element name (or PEN:ID) -> value. */
export interface DecodedRecord {
  /** An element that the Template holds several times is an array of its values, in order. */
  record: Record<string, unknown>;
  /** The scope fields of an Options Data Record (RFC 7011 section 3.4.2.1). */
  scope?: Record<string, unknown>;
}

/** Number of whole Data Records in the Set. */
export function recordCount(set: DataSet): number {
  return extentOf(set.template, set.bytes, set.start, set.end)[1];
}

interface FieldReader {
  readonly index: number;
  readonly name: string;
  readonly scope: boolean;
  readonly repeated: boolean;
  /** Undefined for lists. */
  readonly decode: ValueDecoder | undefined;
  readonly type: DataType;
}

const readersOf = perTemplate((template, registry): FieldReader[] =>
  namedFields(template, registry).flatMap(({ padding, length, ...field }, index) =>
    padding ? [] : [{ ...field, index, decode: isList(field.type) ? undefined : valueDecoder(field.type, length) }],
  ),
);

/**
 * The Data Records of the Set as objects, lists (RFC 6313) included. For people: columns are what machines want
 * (compileDecoder). Elements are those that the session knows, unless another registry is given.
 */
export function decodeRecords(set: DataSet, registry?: ElementRegistry): DecodedRecord[] {
  const { template, bytes, context } = set;
  const known = registry ?? context?.registry ?? elements;
  const values = new ValueReader(context === undefined || registry === undefined ? context : { ...context, registry });
  const fields = readersOf(template, known);
  const locator = locatorOf(template);
  const { minimumLength } = layoutOf(template);
  const records: DecodedRecord[] = [];
  for (let at = set.start; set.end - at >= minimumLength; ) {
    const next = locator.locate(bytes, at, set.end);
    if (next <= at || !values.take(fields.length, at)) break;
    records.push(decodeRecord(template, fields, locator, bytes, values));
    at = next;
  }
  return records;
}

function decodeRecord(
  template: Template,
  fields: readonly FieldReader[],
  { positions, lengths }: FieldLocator,
  bytes: Uint8Array,
  values: ValueReader,
): DecodedRecord {
  const record: Record<string, unknown> = {};
  const scope: Record<string, unknown> = template.scopeFieldCount > 0 ? {} : record;
  for (let i = 0; i < fields.length; i++) {
    const { index, name, repeated, decode, type, scope: scoped } = fields[i]!;
    const at = positions[index]!;
    const length = lengths[index]!;
    const value = decode === undefined ? values.value(type, bytes, at, length) : decode(bytes, at, length);
    const target = scoped ? scope : record;
    if (repeated) putValue(target, name, true, value);
    else target[name] = value;
  }
  return scope === record ? { record } : { record, scope };
}
