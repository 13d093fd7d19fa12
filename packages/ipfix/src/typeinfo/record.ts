import { DATA_TYPES, SEMANTICS, UNITS } from '../elements/generated/elements.js';
import { boundsOf, boundsOfType, exactInteger, rangeFits } from '../elements/range.js';
import type { DataType, InformationElement, ValueRange } from '../elements/types.js';
import { fieldsOf, type Template } from '../template/template.js';
import { semanticsFit } from './semantics.js';

/**
 * The Options Template under which elements are told of (RFC 5610 section 3.9), with that Template ID. One with `range` tells the
 * lowest and highest values, too; RFC 5610 wants these left out where they are those of the data type.
 */
export function typeInformationTemplate(id: number, { range = false }: { readonly range?: boolean } = {}): Template {
  return {
    id,
    scopeFieldCount: 2,
    fields: fieldsOf([
      'privateEnterpriseNumber',
      'informationElementId',
      'informationElementDataType',
      'informationElementSemantics',
      'informationElementUnits',
      ...(range ? ['informationElementRangeBegin', 'informationElementRangeEnd'] : []),
      'informationElementName',
    ]),
  };
}

/** Of what is no integer, and of what no unsigned64 holds. */
const NO_RANGE = [0n, 0n] as const;
const LARGEST = (1n << 64n) - 1n;

/**
 * The record that tells of an element, for encodeRecord or MessageWriter.addRecord with typeInformationTemplate. Semantics that
 * RFC 5610 section 3.10 does not allow for the type are told as "default".
 */
export function typeInformationOf(element: InformationElement): Record<string, unknown> {
  const semantics = semanticsFit(element.type, element.semantics) ? element.semantics : undefined;
  const [lowest, highest] = boundsOf(element) ?? NO_RANGE;
  return {
    privateEnterpriseNumber: element.enterprise,
    informationElementId: element.id,
    informationElementDataType: DATA_TYPES.indexOf(element.type),
    informationElementSemantics: numberIn(SEMANTICS, semantics),
    informationElementUnits: numberIn(UNITS, element.units),
    // Both are unsigned64: negative bounds go as two's complement.
    informationElementRangeBegin: highest > LARGEST ? 0n : lowest & LARGEST,
    informationElementRangeEnd: highest > LARGEST ? 0n : highest & LARGEST,
    informationElementName: element.name,
  };
}

/** 0 is "default" of the semantics, and "none" of the units. */
function numberIn(names: readonly string[], name: string | undefined): number {
  return name === undefined ? 0 : Math.max(0, names.indexOf(name));
}

/** The element that a record of type information tells of; a string says why it tells of none. */
export function elementOf(record: Readonly<Record<string, unknown>>): InformationElement | string {
  const { privateEnterpriseNumber, informationElementId, informationElementDataType, informationElementName } = record;
  const type = DATA_TYPES[Number(informationElementDataType)];
  const number = `${privateEnterpriseNumber}:${informationElementId}`;
  if (type === undefined) return `element ${number} has the unknown data type ${informationElementDataType}`;
  if (typeof informationElementName !== 'string') return `element ${number} has no name`;
  const semantics = SEMANTICS[Number(record.informationElementSemantics)];
  const units = UNITS[Number(record.informationElementUnits)];
  const range = toldRange(type, record.informationElementRangeBegin, record.informationElementRangeEnd);
  if (!semanticsFit(type, semantics)) return `element ${number}: ${type} cannot have the semantics ${semantics}`;
  return {
    // Some exporters set the enterprise bit here, too; it is to be ignored (RFC 5610 section 3.8).
    id: Number(informationElementId) & 0x7fff,
    enterprise: Number(privateEnterpriseNumber),
    name: informationElementName,
    type,
    ...(semantics === undefined || semantics === 'default' ? {} : { semantics }),
    ...(units === undefined || units === 'none' ? {} : { units }),
    ...(range === undefined ? {} : { range }),
  };
}

/** A range that is narrower than that of the type. Exporters that know none leave both ends 0. */
function toldRange(type: DataType, begin: unknown, end: unknown): ValueRange | undefined {
  const bounds = boundsOfType(type);
  const ends = [begin, end].map(each =>
    typeof each === 'number' || typeof each === 'string' ? BigInt(each) : undefined,
  );
  const [low, high] = ends;
  if (bounds === undefined || low === undefined || high === undefined || (low === 0n && high === 0n)) return undefined;
  const signed = type.startsWith('signed');
  const range = [low, high].map(each => exactInteger(signed ? BigInt.asIntN(64, each) : each));
  const whole = range.every((each, i) => BigInt(each) === bounds[i]);
  return !whole && rangeFits(type, range) ? range : undefined;
}
