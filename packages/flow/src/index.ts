/** What a Flow Record has, and how people ask for it: the field table and the filter language. */
export {
  type AddressRange,
  formatMac,
  type OctetRange,
  octetRange,
  parseAddress,
  parseMac,
  parseNetwork,
} from './address.js';
export { type FieldElement, fieldOfElement, fieldOfShortName, isAdded, storedElements } from './field-lookup.js';
export { type Field, fields, originColumns, presentColumns } from './fields.js';
export { type Expression, type Operator, translated, type Value } from './filter/ast.js';
export { type Completion, completeFilter, type NamesOf, type Suggestion } from './filter/complete.js';
export { FilterError } from './filter/error.js';
export { parseFilter } from './filter/parser.js';
export { filterPredicate, type Predicate } from './filter/predicate.js';
export { type Operand, resolveName, roundTripParts, type ValueType } from './operand.js';
export { serviceName, servicePort } from './services.js';
export { addToldElement, type ToldElement } from './told-elements.js';
