import { isList, VARIABLE_LENGTH } from '../elements/types.js';
import { WeirError } from '../error.js';
import { type EncodeContext, encodeList, type FieldsEncoder, type Values } from '../structured/encode.js';
import { NO_ROOM, NOT_A_VALUE, type ValueEncoder, valueEncoder } from './encode-value.js';
import { type NamedField, namedFields, perTemplate } from './names.js';
import type { Template } from './template.js';

interface FieldEncoder extends NamedField {
  /** Undefined for lists. */
  readonly encode: ValueEncoder | undefined;
}

const encodersOf = perTemplate((template, registry): FieldEncoder[] =>
  namedFields(template, registry).map(field => {
    const encode = isList(field.type) ? undefined : valueEncoder(field.type, field.length);
    return { ...field, encode };
  }),
);

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
  const end = Math.min(context.end ?? bytes.length, bytes.length);
  const behind = encodeFields(template, record, context.scope ?? record, bytes, at, end, context);
  return behind < 0 ? -1 : behind - at;
}

const encodeFields: FieldsEncoder = (template, record, scope, bytes, at, end, context) => {
  let offset = at;
  for (const field of encodersOf(template, context.registry)) {
    const value = field.padding ? paddingOf(field) : fieldValue(field, field.scope ? scope : record, template);
    offset =
      field.encode === undefined
        ? encodeList(field.type, field.length, value, bytes, offset, end, context, encodeFields)
        : field.encode(value, bytes, offset, end);
    if (offset === NO_ROOM) return NO_ROOM;
    if (offset === NOT_A_VALUE) throw notAValue(field, value);
  }
  return offset;
};

function paddingOf({ length }: NamedField): Uint8Array {
  return length === VARIABLE_LENGTH ? NO_OCTETS : new Uint8Array(length);
}

function fieldValue({ name, repeated, occurrence }: NamedField, values: Values, template: Template): unknown {
  const value = values[name];
  const own = repeated && Array.isArray(value) ? value[occurrence] : value;
  if (own !== undefined) return own;
  throw new WeirError(`the record has no ${name}, which Template ${template.id} holds; give it a value`);
}

function notAValue({ name, type, length }: NamedField, value: unknown): WeirError {
  const what = typeof value === 'object' && value !== null ? 'this object' : `"${String(value).slice(0, 80)}"`;
  const size = length === VARIABLE_LENGTH ? '' : ` in ${length} octets`;
  return new WeirError(`${name}: ${what} is no ${type}${size}; give a value in the form that decodeRecords gives`);
}
