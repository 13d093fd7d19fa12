import { elements, fieldsOf, type Template } from '@weir/ipfix';
import type { OptionsRecord } from '../exporting/encoder.js';
import type { Anonymisation } from './anonymiser.js';

/** Of the registry anonymizationTechnique (IANA, Information Element 286). */
const TRUNCATION = 2;
const STRUCTURED_PERMUTATION = 6;
/** anonymizationFlags (IANA, Information Element 285): the same address has the same stand-in for ever (RFC 6235 section 5.1). */
const STABLE = 3;

/** Scope: a field of a Template (RFC 6235 section 6). privateEnterpriseNumber is 0 for IANA's elements. */
export function anonymisationTemplate(id: number): Template {
  return {
    id,
    scopeFieldCount: 3,
    fields: fieldsOf([
      'templateId',
      'privateEnterpriseNumber',
      'informationElementId',
      'anonymizationFlags',
      'anonymizationTechnique',
    ]),
  };
}

/**
 * What a collector is told of the fields of a Template that carry changed addresses, one record for each. To be sent after the
 * Template.
 *
 * @param options the Template of these records themselves
 */
export function anonymisationRecords(
  options: Template,
  flows: Template,
  technique: Anonymisation['technique'],
): OptionsRecord[] {
  return flows.fields.filter(isAddress).map(({ id, enterprise }) => ({
    template: options,
    values: {
      templateId: flows.id,
      privateEnterpriseNumber: enterprise,
      informationElementId: id,
      anonymizationFlags: STABLE,
      anonymizationTechnique: technique === 'truncate' ? TRUNCATION : STRUCTURED_PERMUTATION,
    },
  }));
}

function isAddress({ enterprise, id }: { readonly enterprise: number; readonly id: number }): boolean {
  const type = elements.byId(enterprise, id)?.type;
  return type === 'ipv4Address' || type === 'ipv6Address';
}
