import { elements } from '../elements/registry.js';
import { lengthFits, naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { type NamedField, namedFields } from '../template/names.js';
import type { FieldName, RecordOf } from '../template/typed.js';
import { decodeRecords } from './records.js';
import type { DataSet } from './visitor.js';

/**
 * The Data Records of the Set with those elements, typed by the elements' names: from the Template of any exporter that has each of
 * them as often as it is named here, be there others beside them. Undefined where the Set's Template has not.
 */
export function recordsWith<const Names extends readonly FieldName[]>(
  names: Names,
  set: DataSet,
): RecordOf<Names>[] | undefined {
  const registry = set.context?.registry ?? elements;
  const fields = namedFields(set.template, registry).filter(field => !field.scope);
  if (!names.every(name => has(fields, names, nameOf(name)))) return undefined;
  // What was just looked for is what the type says.
  return decodeRecords(set).map(({ record }) => record as RecordOf<Names>);
}

function has(fields: readonly NamedField[], names: readonly FieldName[], name: string): boolean {
  if (name === 'paddingOctets') return true;
  const those = fields.filter(field => field.name === name);
  return those.length === names.filter(each => nameOf(each) === name).length && those.every(holdsItsType);
}

/** Octets of a length that the type has not are shown in hex. */
function holdsItsType({ type, length }: NamedField): boolean {
  return length === VARIABLE_LENGTH ? naturalLength(type) === VARIABLE_LENGTH : lengthFits(type, length);
}

function nameOf(name: FieldName): string {
  return typeof name === 'string' ? name : name[0];
}
