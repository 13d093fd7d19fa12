import type { ElementRegistry } from '../elements/registry.js';
import { isList } from '../elements/types.js';
import { type ValueDecoder, valueDecoder } from '../elements/value.js';
import { putValue, type ValueReader } from '../structured/decode.js';
import { WARM } from '../template/code.js';
import { type FieldLocator, locatorOf } from '../template/locator.js';
import { type NamedField, namedFields, perTemplate } from '../template/names.js';
import { layoutOf, type Template } from '../template/template.js';
import { generatedReader } from './record-reader-generated.js';

/** A Data Record for people, JSON-ready: Information Element name (or PEN:ID) -> value. */
export interface DecodedRecord {
  /** An element that the Template holds several times is an array of its values, in order. */
  record: Record<string, unknown>;
  /** The scope fields of an Options Data Record (RFC 7011 section 3.4.2.1). */
  scope?: Record<string, unknown>;
}

/** A field of a Template that is no padding. */
export interface ReadField extends NamedField {
  /** Index into template.fields. */
  readonly index: number;
  /** Undefined for lists. */
  readonly decode: ValueDecoder | undefined;
}

/** Adds the whole Data Records in bytes[start, end) to `records`, as far as `values` has room for their values. */
export type ReadRecords = (
  bytes: Uint8Array,
  start: number,
  end: number,
  values: ValueReader,
  records: DecodedRecord[],
) => void;

export function readFields(template: Template, registry: ElementRegistry): ReadField[] {
  return namedFields(template, registry).flatMap((field, index) => {
    if (field.padding) return [];
    return [{ ...field, index, decode: isList(field.type) ? undefined : valueDecoder(field.type, field.length) }];
  });
}

/** Field by field, without generated code. */
export function portableReader(template: Template, fields: readonly ReadField[]): ReadRecords {
  const locator = locatorOf(template);
  const { minimumLength } = layoutOf(template);
  return (bytes, start, end, values, records) => {
    for (let at = start; end - at >= minimumLength; ) {
      const next = locator.locate(bytes, at, end);
      if (next <= at || !values.take(fields.length, at)) return;
      records.push(readRecord(template, fields, locator, bytes, values));
      at = next;
    }
  };
}

function readRecord(
  template: Template,
  fields: readonly ReadField[],
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
    putValue(scoped ? scope : record, name, repeated, value);
  }
  return scope === record ? { record } : { record, scope };
}

/** Reads the Data Records of one Template; from generated code where the Template is much used and code generation is allowed. */
export class RecordReader {
  readonly #template: Template;
  readonly #fields: readonly ReadField[];
  #read: ReadRecords;
  #left = WARM;

  /** @param fields of the Template, or some of them */
  constructor(template: Template, registry: ElementRegistry, fields = readFields(template, registry)) {
    this.#template = template;
    this.#fields = fields;
    this.#read = portableReader(template, fields);
  }

  read(bytes: Uint8Array, start: number, end: number, values: ValueReader): DecodedRecord[] {
    const records: DecodedRecord[] = [];
    this.#read(bytes, start, Math.min(end, bytes.length), values, records);
    if (this.#left > 0) this.#warm(records.length);
    return records;
  }

  #warm(records: number): void {
    this.#left -= records;
    if (this.#left > 0) return;
    this.#read = generatedReader(this.#template, this.#fields) ?? this.#read;
  }
}

export const recordReaderOf = perTemplate((template, registry) => new RecordReader(template, registry));
