import type { Reader } from '../octets/reader.js';
import { FIRST_DATA_SET } from '../template/format.js';
import { malformed, type TemplateRecord } from '../template/parse.js';
import type { FieldSpecifier } from '../template/template.js';
import { OPTIONS_TEMPLATE_FLOWSET } from './v9.js';

/** Octets of a field type and its length. */
const FIELD_LENGTH = 4;

/**
 * Field types of NetFlow v9 beyond 32767, where no element of IANA's can be, that mean the same as one of them: what Cisco's ASA
 * sent before it had those. All others stay what they are: `enterprise` 0, `id` 32768 to 65535.
 */
const ALIASES: ReadonlyMap<number, number> = new Map([
  [40000, 371], // userName
  [40001, 225], // postNATSourceIPv4Address
  [40002, 226], // postNATDestinationIPv4Address
  [40003, 227], // postNAPTSourceTransportPort
  [40004, 228], // postNAPTDestinationTransportPort
  [40005, 233], // firewallEvent
]);

/** The scopes of RFC 3954 section 6.1 and the nearest element of IANA's. A System of 4 or 16 octets is its address. */
const SCOPES: ReadonlyMap<number, number> = new Map([
  [1, 144], // System: exportingProcessId
  [2, 10], // Interface: ingressInterface
  [3, 141], // Line Card: lineCardId
  [4, 143], // NetFlow Cache: meteringProcessId
  [5, 145], // Template: templateId
]);
const SYSTEM = 1;
const EXPORTER_IPV4_ADDRESS = 130;
const EXPORTER_IPV6_ADDRESS = 131;

/** The next record of a Template FlowSet or an Options Template FlowSet; undefined where only padding is left. */
export function parseNetflow9Record(reader: Reader, flowSetId: number): TemplateRecord | undefined {
  if (reader.remaining < 4) return undefined;
  const id = reader.u16();
  const first = reader.u16();
  if (id === 0 && first === 0) return undefined;
  if (id < FIRST_DATA_SET) return malformed('template-id', `Template ID ${id} is below ${FIRST_DATA_SET}`, true);
  return flowSetId === OPTIONS_TEMPLATE_FLOWSET ? optionsTemplate(reader, id, first) : template(reader, id, first);
}

function template(reader: Reader, id: number, count: number): TemplateRecord {
  const fields = readFields(reader, count, fieldOf);
  if (reader.failed)
    return malformed('template-truncated', `Template ${id}: its ${count} fields overrun the FlowSet`, true);
  return checked(id, 0, fields.filter(carries));
}

/**
 * An Options Template Record tells the octets of its scope fields and of its option fields, not their numbers. Exporters miscount them,
 * so that what is beyond whole fields is not believed. One without scope is of the exporter itself, as one with a System of no octets.
 */
function optionsTemplate(reader: Reader, id: number, scopeLength: number): TemplateRecord {
  const optionLength = reader.u16();
  const scope = readFields(reader, Math.floor(scopeLength / FIELD_LENGTH), scopeOf);
  const options = readFields(reader, Math.floor(optionLength / FIELD_LENGTH), fieldOf);
  const octets = scopeLength + optionLength;
  if (reader.failed)
    return malformed('template-truncated', `Options Template ${id}: its ${octets} octets overrun the FlowSet`, true);
  if (scope.length === 0) scope.push({ id: scopeOf(SYSTEM, 0), enterprise: 0, length: 0 });
  return checked(id, scope.length, [...scope, ...options.filter(carries)]);
}

function checked(id: number, scopeFieldCount: number, fields: FieldSpecifier[]): TemplateRecord {
  if (!fields.some(carries))
    return malformed('template-empty', `Template ${id}: its Data Records would have no octets`, false);
  return { kind: 'template', template: { id, scopeFieldCount, fields } };
}

/** Devices list fields that they cannot fill with length 0: nothing of them is in the records. */
function carries(field: FieldSpecifier): boolean {
  return field.length > 0;
}

type Mapping = (type: number, length: number) => number;

/** NetFlow v9 has no enterprise numbers; its types to 32767 are IANA's elements (RFC 7012 section 4). */
const fieldOf: Mapping = type => ALIASES.get(type) ?? type;

/** Exporters put field types among the scopes, too: what is no scope is taken as such. */
const scopeOf: Mapping = (type, length) => {
  if (type === SYSTEM && length === 4) return EXPORTER_IPV4_ADDRESS;
  if (type === SYSTEM && length === 16) return EXPORTER_IPV6_ADDRESS;
  return SCOPES.get(type) ?? fieldOf(type, length);
};

function readFields(reader: Reader, count: number, map: Mapping): FieldSpecifier[] {
  const fields: FieldSpecifier[] = [];
  for (let i = 0; i < count && !reader.failed; i++) {
    const type = reader.u16();
    const length = reader.u16();
    fields.push({ id: map(type, length), enterprise: 0, length });
  }
  return fields;
}
