import { elements, type FieldSpecifier, fieldsOf, type Template, VARIABLE_LENGTH } from '@weir/ipfix';

/** Template IDs are from 256 on (RFC 7011 section 3.4.3). */
const FIRST_ID = 256;
/** Templates of one Observation Domain; where records need more, all are withdrawn and the IDs begin anew. */
const MAXIMUM_TEMPLATES = 1024;
/** RFC 7011 section 8.1: a withdrawal of all Templates. */
export const ALL_TEMPLATES: Template = { id: 2, scopeFieldCount: 0, fields: [] };

const lists: ReadonlySet<string> = new Set(['basicList', 'subTemplateList', 'subTemplateMultiList']);

/** The Templates of an Observation Domain, one for each set of elements that its records have. */
export class RecordTemplates {
  readonly #templates = new Map<string, Template>();

  /** Those that hold now. */
  get all(): readonly Template[] {
    return [...this.#templates.values()];
  }

  /**
   * The Template for a record that has these values by IANA name. Elements that have no name in the registry are kept as octets; those
   * that no Template can have, or that are lists, are left out.
   * `isNew`: it is to be written before the record; `withdraws`: and before it that all Templates so far are void.
   */
  of(record: Readonly<Record<string, unknown>>): { template: Template; isNew: boolean; withdraws: boolean } {
    const key = Object.entries(record)
      .map(([name, value]) => (Array.isArray(value) ? `${name}*${value.length}` : name))
      .join(' ');
    const known = this.#templates.get(key);
    if (known !== undefined) return { template: known, isNew: false, withdraws: false };
    const withdraws = this.#templates.size >= MAXIMUM_TEMPLATES;
    if (withdraws) this.#templates.clear();
    const template = { id: FIRST_ID + this.#templates.size, scopeFieldCount: 0, fields: fieldsFor(record) };
    this.#templates.set(key, template);
    return { template, isNew: true, withdraws };
  }
}

function fieldsFor(record: Readonly<Record<string, unknown>>): FieldSpecifier[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const field = fieldFor(name);
    if (field === undefined) return [];
    return Array.isArray(value) ? value.map(() => field) : [field];
  });
}

function fieldFor(name: string): FieldSpecifier | undefined {
  const unnamed = /^(\d{1,10}):(\d{1,5})$/.exec(name);
  if (unnamed !== null) return { enterprise: Number(unnamed[1]), id: Number(unnamed[2]), length: VARIABLE_LENGTH };
  const type = elements.byName(name)?.type;
  return type === undefined || lists.has(type) ? undefined : fieldsOf([name])[0];
}
