import type { Reader } from '../octets/reader.js';
import { ENTERPRISE_BIT, FIRST_DATA_SET, OPTIONS_TEMPLATE_SET } from './format.js';
import type { FieldSpecifier, Template } from './template.js';

/** One record of a Template Set or an Options Template Set. */
export type TemplateRecord =
  | { readonly kind: 'template'; readonly template: Template }
  /** Template ID 2 or 3 withdraws all Templates or all Options Templates (RFC 7011 section 8.1). */
  | { readonly kind: 'withdrawal'; readonly id: number }
  /** `fatal`: what follows in the Set cannot be trusted. */
  | { readonly kind: 'malformed'; readonly reason: string; readonly detail: string; readonly fatal: boolean };

/** The next record of the Set that `reader` ends with; undefined where only padding is left. */
export function parseTemplateRecord(reader: Reader, setId: number): TemplateRecord | undefined {
  if (reader.remaining < 4) return undefined;
  const id = reader.u16();
  const count = reader.u16();
  if (count === 0) return id === 0 ? undefined : { kind: 'withdrawal', id };
  const options = setId === OPTIONS_TEMPLATE_SET;
  const scopeFieldCount = options ? reader.u16() : 0;
  if (id < FIRST_DATA_SET) return malformed('template-id', `Template ID ${id} is below ${FIRST_DATA_SET}`, true);
  const fields = parseFields(reader, count);
  if (reader.failed)
    return malformed('template-truncated', `Template ${id}: its ${count} fields overrun the Set`, true);
  if (options && (scopeFieldCount === 0 || scopeFieldCount > count)) {
    return malformed('template-scope', `Options Template ${id}: ${scopeFieldCount} scope fields of ${count}`, false);
  }
  if (fields.every(field => field.length === 0)) {
    return malformed('template-empty', `Template ${id}: its Data Records would have no octets`, false);
  }
  return { kind: 'template', template: { id, scopeFieldCount, fields } };
}

export function malformed(reason: string, detail: string, fatal: boolean): TemplateRecord {
  return { kind: 'malformed', reason, detail, fatal };
}

function parseFields(reader: Reader, count: number): FieldSpecifier[] {
  const fields: FieldSpecifier[] = [];
  for (let i = 0; i < count && !reader.failed; i++) {
    const number = reader.u16();
    const length = reader.u16();
    const enterprise = number & ENTERPRISE_BIT ? reader.u32() : 0;
    fields.push({ id: number & ~ENTERPRISE_BIT, enterprise, length });
  }
  return fields;
}
