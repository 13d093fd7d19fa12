import { type ElementRegistry, elements } from '../elements/registry.js';
import { type DecodedValue, decodeValue } from '../elements/value.js';
import { extentOf, type FieldLocator, locatorOf } from '../template/locator.js';
import { layoutOf, type Template } from '../template/template.js';
import type { DataSet } from './visitor.js';

/** A Data Record for people, JSON-ready: Information Element name (or PEN:ID) -> value. */
export interface DecodedRecord {
  /** An element that the Template holds several times is an array of its values, in order. */
  record: Record<string, unknown>;
  /** The scope fields of an Options Data Record (RFC 7011 section 3.4.2.1). */
  scope?: Record<string, unknown>;
}

/** IANA's paddingOctets carries nothing. */
const PADDING_OCTETS = 210;

/** Number of whole Data Records in the Set. */
export function recordCount(set: DataSet): number {
  return extentOf(set.template, set.bytes, set.start, set.end)[1];
}

interface NamedField {
  readonly name: string;
  readonly decode: (bytes: Uint8Array, at: number, length: number) => DecodedValue;
}

function namedFields(template: Template, registry: ElementRegistry): (NamedField | undefined)[] {
  return template.fields.map(({ id, enterprise }) => {
    if (enterprise === 0 && id === PADDING_OCTETS) return undefined;
    const element = registry.byId(enterprise, id);
    const type = element?.type ?? 'octetArray';
    return {
      name: element?.name ?? `${enterprise}:${id}`,
      decode: (bytes, at, length) => decodeValue(type, bytes, at, length),
    };
  });
}

/** The Data Records of the Set as objects. For people: columns are what machines want (compileDecoder). */
export function decodeRecords(set: DataSet, registry: ElementRegistry = elements): DecodedRecord[] {
  const { template, bytes } = set;
  const fields = namedFields(template, registry);
  const locator = locatorOf(template);
  const { minimumLength } = layoutOf(template);
  const records: DecodedRecord[] = [];
  for (let at = set.start; set.end - at >= minimumLength; ) {
    const next = locator.locate(bytes, at, set.end);
    if (next <= at) break;
    records.push(decodeRecord(template, fields, locator, bytes));
    at = next;
  }
  return records;
}

function decodeRecord(
  template: Template,
  fields: readonly (NamedField | undefined)[],
  locator: FieldLocator,
  bytes: Uint8Array,
): DecodedRecord {
  const result: DecodedRecord = { record: {} };
  if (template.scopeFieldCount > 0) result.scope = {};
  fields.forEach((field, i) => {
    if (field === undefined) return;
    const target = result.scope !== undefined && i < template.scopeFieldCount ? result.scope : result.record;
    put(target, field.name, field.decode(bytes, locator.positions[i]!, locator.lengths[i]!));
  });
  return result;
}

function put(target: Record<string, unknown>, name: string, value: DecodedValue): void {
  const before = target[name];
  if (!Object.hasOwn(target, name)) target[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else target[name] = [before, value];
}
