import { type ElementRegistry, elements } from '../elements/registry.js';
import { type DataType, isList, naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { WeirError } from '../error.js';
import { putU16, putU32 } from '../octets/put.js';
import { NO_ROOM, NOT_A_VALUE, valueEncoder } from '../template/encode-value.js';
import { ENTERPRISE_BIT } from '../template/format.js';
import { withoutScope } from '../template/names.js';
import type { Template } from '../template/template.js';
import { type BasicList, type SubTemplateList, type SubTemplateMultiList, semanticNumber } from './types.js';

/** What encodeRecord needs beyond the record. */
export interface EncodeContext {
  /** Nothing is written at this offset or behind it; the end of the bytes unless given. */
  readonly end?: number;
  /** The values of the scope fields of an Options Template; taken from the record unless given. */
  readonly scope?: Values;
  /** The Templates that lists name (RFC 6313). */
  readonly templates?: ReadonlyMap<number, Template>;
  /** Weir's `elements` unless given. */
  readonly registry?: ElementRegistry;
}

/** Element name -> value. */
export type Values = Readonly<Record<string, unknown>>;

/** Writes the fields of one record; the offset behind it, or NO_ROOM. */
export type FieldsEncoder = (
  template: Template,
  record: Values,
  scope: Values,
  bytes: Uint8Array,
  at: number,
  end: number,
  context: EncodeContext,
) => number;

/** Where a list is written to, and with what. */
interface Target {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly context: EncodeContext;
  readonly fields: FieldsEncoder;
}

/** The length of a list is known only behind it, so that the long form is always written, as RFC 6313 section 4.5 has it. */
const LONG_PREFIX = 3;

/**
 * Writes a list (RFC 6313) at `at`. Returns the offset behind it, NO_ROOM, or NOT_A_VALUE where it is none.
 * Throws WeirError where something in it cannot be written.
 */
export function encodeList(
  type: DataType,
  length: number,
  value: unknown,
  bytes: Uint8Array,
  at: number,
  end: number,
  context: EncodeContext,
  fields: FieldsEncoder,
): number {
  // One that could not be read is hex.
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return valueEncoder('octetArray', length)(value, bytes, at, end);
  }
  if (typeof value !== 'object' || value === null || !Array.isArray((value as BasicList).list)) return NOT_A_VALUE;
  const variable = length === VARIABLE_LENGTH;
  const start = variable ? at + LONG_PREFIX : at;
  const behind = putList(type, value as BasicList, start, { bytes, end, context, fields });
  if (behind < 0) return behind;
  if (!variable) return behind - start === length ? behind : NOT_A_VALUE;
  if (behind - start > 0xffff) return NO_ROOM;
  bytes[at] = 255;
  putU16(bytes, at + 1, behind - start);
  return behind;
}

function putList(type: DataType, list: BasicList, at: number, target: Target): number {
  const semantic = semanticNumber(list.semantic);
  if (semantic === undefined) return NOT_A_VALUE;
  if (at + 1 > target.end) return NO_ROOM;
  target.bytes[at] = semantic;
  if (type === 'basicList') return putBasicList(list, at + 1, target);
  const structured: unknown = list;
  if (type === 'subTemplateList') return putSubTemplateList(structured as SubTemplateList, at + 1, target);
  return putSubTemplateMultiList(structured as SubTemplateMultiList, at + 1, target);
}

function putBasicList({ element, length, list }: BasicList, at: number, target: Target): number {
  const { bytes, end, context, fields } = target;
  const { enterprise, id, type } = elementOf(element, context.registry ?? elements);
  const size = length ?? naturalLength(type);
  let offset = at + (enterprise === 0 ? 4 : 8);
  if (offset > end) return NO_ROOM;
  putU16(bytes, at, enterprise === 0 ? id : id | ENTERPRISE_BIT);
  putU16(bytes, at + 2, size);
  if (enterprise !== 0) putU32(bytes, at + 4, enterprise);
  const encode = valueEncoder(type, size);
  for (const value of list) {
    offset = isList(type)
      ? encodeList(type, size, value, bytes, offset, end, context, fields)
      : encode(value, bytes, offset, end);
    if (offset < 0) return offset;
  }
  return offset;
}

/** An element by name, or by PEN:ID where it has none. */
function elementOf(name: string, registry: ElementRegistry): { enterprise: number; id: number; type: DataType } {
  const element = registry.byName(name);
  if (element !== undefined) return element;
  const numbers = /^(\d+):(\d+)$/.exec(name);
  const [enterprise, id] = [Number(numbers?.[1]), Number(numbers?.[2])];
  if (enterprise <= 0xffffffff && id < ENTERPRISE_BIT) return { enterprise, id, type: 'octetArray' };
  throw new WeirError(
    `a basicList of "${name}": no Information Element is called so; use a registered name, or PEN:ID`,
  );
}

function putSubTemplateList({ templateId, list, octets }: SubTemplateList, at: number, target: Target): number {
  if (at + 2 > target.end) return NO_ROOM;
  putU16(target.bytes, at, templateId);
  return putRecords(templateId, list, octets, at + 2, target);
}

function putSubTemplateMultiList({ list }: SubTemplateMultiList, at: number, target: Target): number {
  let offset = at;
  for (const { templateId, records, octets } of list) {
    const start = offset;
    if (start + 4 > target.end) return NO_ROOM;
    offset = putRecords(templateId, records, octets, start + 4, target);
    if (offset < 0) return offset;
    if (offset - start > 0xffff) return NO_ROOM;
    putU16(target.bytes, start, templateId);
    putU16(target.bytes, start + 2, offset - start);
  }
  return offset;
}

function putRecords(
  templateId: number,
  records: readonly Values[],
  octets: string | undefined,
  at: number,
  { bytes, end, context, fields }: Target,
): number {
  if (octets !== undefined) return valueEncoder('octetArray', octets.length / 2)(octets, bytes, at, end);
  if (!Array.isArray(records)) throw new WeirError(`a list of Template ${templateId} without records; give an array`);
  const template = context.templates?.get(templateId);
  if (template === undefined && records.length > 0) {
    throw new WeirError(`a list of Template ${templateId}, which is not known; pass it in \`templates\``);
  }
  const flat = template && withoutScope(template);
  let offset = at;
  for (const record of records) {
    offset = fields(flat!, record, record, bytes, offset, end, context);
    if (offset < 0) return offset;
  }
  return offset;
}
