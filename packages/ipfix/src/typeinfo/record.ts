import { DATA_TYPES, SEMANTICS, UNITS } from '../elements/generated/elements.js';
import type { InformationElement } from '../elements/types.js';
import { fieldsOf, type Template } from '../template/template.js';

/** The Options Template under which elements are told of (RFC 5610 section 3.9), with that Template ID. */
export function typeInformationTemplate(id: number): Template {
  return {
    id,
    scopeFieldCount: 2,
    fields: fieldsOf([
      'privateEnterpriseNumber',
      'informationElementId',
      'informationElementDataType',
      'informationElementSemantics',
      'informationElementUnits',
      'informationElementName',
    ]),
  };
}

/** The record that tells of an element, for encodeRecord or MessageWriter.addRecord with typeInformationTemplate. */
export function typeInformationOf(element: InformationElement): Record<string, unknown> {
  return {
    privateEnterpriseNumber: element.enterprise,
    informationElementId: element.id,
    informationElementDataType: DATA_TYPES.indexOf(element.type),
    informationElementSemantics: numberIn(SEMANTICS, element.semantics),
    informationElementUnits: numberIn(UNITS, element.units),
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
  return {
    // Some exporters set the enterprise bit here, too.
    id: Number(informationElementId) & 0x7fff,
    enterprise: Number(privateEnterpriseNumber),
    name: informationElementName,
    type,
    ...(semantics === undefined || semantics === 'default' ? {} : { semantics }),
    ...(units === undefined || units === 'none' ? {} : { units }),
  };
}
