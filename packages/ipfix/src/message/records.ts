import { type ElementRegistry, elements } from '../elements/registry.js';
import { ValueReader } from '../structured/decode.js';
import { extentOf } from '../template/locator.js';
import { withoutScope } from '../template/names.js';
import { layoutOf, type Template } from '../template/template.js';
import { type DecodedRecord, RecordReader, readFields, recordReaderOf } from './record-reader.js';
import type { DataSet, RecordContext } from './visitor.js';

export type { DecodedRecord };

/** Number of whole Data Records in the Set. */
export function recordCount(set: DataSet): number {
  return extentOf(layoutOf(set.template), set.bytes, set.start, set.end)[1];
}

/**
 * The Data Records of the Set as objects, lists (RFC 6313) included. For people: columns are what machines want
 * (compileDecoder). Elements are those that the session knows, unless another registry is given.
 */
export function decodeRecords(set: DataSet, registry?: ElementRegistry): DecodedRecord[] {
  const { template, bytes, start, end, context } = set;
  const known = registry ?? context?.registry ?? elements;
  return recordReaderOf(template, known).read(bytes, start, end, valuesOf(context, registry));
}

/** Reads some elements of a Data Set's records, and nothing else of them. */
export type ElementReader = (set: DataSet) => Record<string, unknown>[];

/**
 * The same for some elements of a Template, by their names (PEN:ID where they have none): for what of it has no column. Scope is not
 * told from the rest.
 */
export function elementReader(
  template: Template,
  names: ReadonlySet<string>,
  registry: ElementRegistry = elements,
): ElementReader {
  const flat = withoutScope(template);
  const fields = readFields(flat, registry).filter(field => names.has(field.name));
  const reader = new RecordReader(flat, registry, fields);
  return ({ bytes, start, end, context }) =>
    reader.read(bytes, start, end, valuesOf(context, registry)).map(({ record }) => record);
}

function valuesOf(context: RecordContext | undefined, registry: ElementRegistry | undefined): ValueReader {
  return new ValueReader(context === undefined || registry === undefined ? context : { ...context, registry });
}
