import { elements, encodeRecord, type FieldSpecifier, type Template } from '@weir/ipfix';
import type { OptionsRecord } from './encoder.js';
import { octetsOf } from './netflow-v9-templates.js';
import type { NetflowOptionsFields } from './netflow-v9-writer.js';
import { put16 } from './put.js';

/** Scope field type System (RFC 3954 section 6.1), here with the lower 16 bits of the Source ID. */
const SYSTEM_SCOPE = [1, 2] as const;
const INGRESS_INTERFACE = 10;
/** Scopes of IPFIX that are the whole exporter: observationPointId, meteringProcessId, exportingProcessId, observationDomainId. */
const EXPORTER_SCOPES = new Set([138, 143, 144, 149]);
/** Length of a field of variable length in IPFIX. */
const VARIABLE = 65_535;
/** NetFlow v9 has no fields of variable length: texts are cut or filled up with NULs. */
const TEXT_OCTETS = 64;
/** Types from here on are not IANA's. */
const PRIVATE_TYPES = 32_768;

/** How Options Data Records of an IPFIX Options Template go into NetFlow v9. */
export interface NetflowOptions extends NetflowOptionsFields {
  readonly id: number;
  /** Octets of one Data Record. */
  readonly octets: number;
  /** The options without the scope, as encodeRecord takes them. */
  readonly template: Template;
}

/**
 * The form in NetFlow v9 of an IPFIX Options Template about the exporter or one of its interfaces; the interface becomes an option, as
 * in the tables of interfaces that routers send. Undefined where the scope is something else, or no option is left.
 */
export function netflowOptionsOf(template: Template, id: number): NetflowOptions | undefined {
  const scope = template.fields.slice(0, template.scopeFieldCount);
  if (!scope.every(field => field.enterprise === 0 && isScope(field.id))) return undefined;
  const interfaces = scope.filter(field => field.id === INGRESS_INTERFACE);
  const carried = template.fields.slice(template.scopeFieldCount).flatMap(fixed);
  if (carried.length === 0) return undefined;
  const fields = [...interfaces, ...carried];
  const options = fields.map(field => [field.id, field.length] as const);
  return {
    id,
    scope: [SYSTEM_SCOPE],
    options,
    octets: octetsOf([SYSTEM_SCOPE, ...options]),
    template: { id, scopeFieldCount: 0, fields },
  };
}

function isScope(id: number): boolean {
  return id === INGRESS_INTERFACE || EXPORTER_SCOPES.has(id);
}

/** The field where NetFlow v9 has it, in a fixed length. */
function fixed(field: FieldSpecifier): FieldSpecifier[] {
  const element = elements.byId(field.enterprise, field.id);
  if (element === undefined || field.enterprise !== 0 || field.id >= PRIVATE_TYPES) return [];
  if (field.length !== VARIABLE) return [field];
  return element.type === 'string' ? [{ ...field, length: TEXT_OCTETS }] : [];
}

/** Writes a Data Record, for which there is room. */
export function writeNetflowOptions(
  { template }: NetflowOptions,
  { values }: OptionsRecord,
  domain: number,
  bytes: Uint8Array,
  at: number,
): void {
  put16(bytes, at, domain & 0xffff);
  const cut: Record<string, unknown> = { ...values };
  for (const { enterprise, id, length } of template.fields) {
    const name = elements.byId(enterprise, id)!.name;
    const value = cut[name];
    if (elements.byName(name)?.type === 'string' && typeof value === 'string') cut[name] = cutText(value, length);
  }
  encodeRecord(template, cut, bytes, at + SYSTEM_SCOPE[1]);
}

/** At most that many octets of UTF-8: a character of a text that is not ASCII has up to three for each of its UTF-16 units. */
function cutText(text: string, octets: number): string {
  return text.slice(0, /^[\0-\x7f]*$/.test(text) ? octets : Math.floor(octets / 3));
}
