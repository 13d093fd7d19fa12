import { type ElementRegistry, elements } from '../elements/registry.js';
import { isList, VARIABLE_LENGTH } from '../elements/types.js';
import { WeirError } from '../error.js';
import { type EncodeContext, encodeList, type FieldsEncoder, type Values } from '../structured/encode.js';
import { WARM } from './code.js';
import { generatedWriter } from './encode-generated.js';
import { NO_ROOM, type ValueEncoder, valueEncoder } from './encode-value.js';
import { type NamedField, namedFields, perTemplate } from './names.js';
import { layoutOf, type Template } from './template.js';

/** A field of a Template, and how it is written. */
export interface FieldEncoder extends NamedField {
  /** Undefined for lists. */
  readonly encode: ValueEncoder | undefined;
}

/** Writes the fields of a record of one Template; the offset behind it, or NO_ROOM. */
export type WriteFields = (
  record: Values,
  scope: Values,
  bytes: Uint8Array,
  at: number,
  end: number,
  context: EncodeContext,
) => number;

const NO_CONTEXT: EncodeContext = {};
const NO_OCTETS = new Uint8Array(0);

/**
 * Writes one Data Record at `at`: `record` holds a value for each field of the Template by the element's name, in the form in which
 * decodeRecords gives it; octets may be a Uint8Array, times a Date, integers bigint. A name that the Template holds several times
 * has an array. paddingOctets are written as zeros.
 * Returns the number of octets written, -1 where they do not fit in (what stands there is then undefined).
 * Throws WeirError where a value is missing or is none of its type.
 */
export function encodeRecord(
  template: Template,
  record: Values,
  bytes: Uint8Array,
  at = 0,
  context: EncodeContext = NO_CONTEXT,
): number {
  return encodeBefore(context.end ?? bytes.length, template, record, bytes, at, context);
}

/** As encodeRecord, but nothing is written at `end` or behind, whatever the context says. */
export function encodeBefore(
  end: number,
  template: Template,
  record: Values,
  bytes: Uint8Array,
  at: number,
  context: EncodeContext = NO_CONTEXT,
): number {
  const limit = Math.min(end, bytes.length);
  const behind = encodeFields(template, record, context.scope ?? record, bytes, at, limit, context);
  return behind < 0 ? -1 : behind - at;
}

const encodeFields: FieldsEncoder = (template, record, scope, bytes, at, end, context) =>
  writerOf(template, context.registry).write(record, scope, bytes, at, end, context);

/** Writes the records of one Template; by generated code where it is much used and code generation is allowed. */
class RecordWriter {
  readonly #template: Template;
  readonly #registry: ElementRegistry;
  readonly #portable: WriteFields;
  #generated: WriteFields | undefined;
  #left = WARM;

  constructor(template: Template, registry: ElementRegistry) {
    this.#template = template;
    this.#registry = registry;
    this.#portable = portableWriter(template, registry);
  }

  write(record: Values, scope: Values, bytes: Uint8Array, at: number, end: number, context: EncodeContext): number {
    if (this.#generated !== undefined) return this.#generated(record, scope, bytes, at, end, context);
    if (this.#left > 0 && --this.#left === 0) this.#generated = writerInCode(this.#template, this.#registry);
    return this.#portable(record, scope, bytes, at, end, context);
  }
}

const writerOf = perTemplate((template, registry = elements) => new RecordWriter(template, registry));

function fieldEncoders(template: Template, registry: ElementRegistry): FieldEncoder[] {
  return namedFields(template, registry).map(field => {
    const encode = isList(field.type) ? undefined : valueEncoder(field.type, field.length);
    return { ...field, encode };
  });
}

/** Field by field, without generated code. */
export function portableWriter(template: Template, registry: ElementRegistry): WriteFields {
  const fields = fieldEncoders(template, registry);
  const { minimumLength } = layoutOf(template);
  return (record, scope, bytes, at, end, context) => {
    if (at + minimumLength > end) return NO_ROOM;
    let offset = at;
    for (const field of fields) {
      const value = findValue(field, field.scope ? scope : record, template);
      offset =
        field.encode === undefined
          ? encodeList(field.type, field.length, value, bytes, offset, end, context, encodeFields)
          : field.encode(value, bytes, offset, end);
      if (offset < 0) return refuse(field, offset, value);
    }
    return offset;
  };
}

/** By generated code; undefined where that cannot be. */
export function writerInCode(template: Template, registry: ElementRegistry): WriteFields | undefined {
  const fields = fieldEncoders(template, registry);
  return generatedWriter(
    template,
    fields,
    encodeFields,
    (index, values) => findValue(fields[index]!, values, template),
    (index, code, value) => refuse(fields[index]!, code, value),
  );
}

function findValue(
  { name, padding, length, repeated, occurrence }: NamedField,
  values: Values,
  { id }: Template,
): unknown {
  if (padding) return length === VARIABLE_LENGTH ? NO_OCTETS : new Uint8Array(length);
  const value = values[name];
  const own = repeated && Array.isArray(value) ? value[occurrence] : value;
  if (own !== undefined) return own;
  throw new WeirError(`the record has no ${name}, which Template ${id} holds; give it a value`);
}

/** NO_ROOM is no fault; all else is a value that the field cannot take. */
function refuse({ name, type, length }: NamedField, code: number, value: unknown): typeof NO_ROOM {
  if (code === NO_ROOM) return NO_ROOM;
  const what = typeof value === 'object' && value !== null ? 'this object' : `"${String(value).slice(0, 80)}"`;
  const size = length === VARIABLE_LENGTH ? '' : ` in ${length} octets`;
  throw new WeirError(`${name}: ${what} is no ${type}${size}; give a value in the form that decodeRecords gives`);
}
