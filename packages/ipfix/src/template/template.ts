import { isReversible, REVERSE_PEN } from '../biflow/reverse.js';
import { elements } from '../elements/registry.js';
import { naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { WeirError } from '../error.js';

/** A Field Specifier (RFC 7011 section 3.2). `length` in octets, VARIABLE_LENGTH where each value carries its own. */
export interface FieldSpecifier {
  readonly id: number;
  /** 0: IANA's. */
  readonly enterprise: number;
  readonly length: number;
}

/** A Template (scopeFieldCount 0) or an Options Template, whose first `scopeFieldCount` fields are the scope. */
export interface Template {
  /** 256 to 65535. */
  readonly id: number;
  readonly scopeFieldCount: number;
  readonly fields: readonly FieldSpecifier[];
}

/**
 * Field Specifiers for elements by name, in the natural length of their type unless one is given.
 * Throws WeirError where a name is not known, or the element must not be exported in its reverse (RFC 5103 section 6.1).
 */
export function fieldsOf(names: readonly (string | readonly [name: string, length: number])[]): FieldSpecifier[] {
  return names.map(entry => {
    const [name, length] = typeof entry === 'string' ? [entry, undefined] : entry;
    const element = elements.byName(name);
    if (element === undefined) {
      throw new WeirError(`no Information Element is called "${name}"; names are those of the IANA registry`);
    }
    if (element.enterprise === REVERSE_PEN && !isReversible(element.id)) {
      throw new WeirError(`${name} must not be exported: what it tells has no direction; name the element itself`);
    }
    return { id: element.id, enterprise: element.enterprise, length: length ?? naturalLength(element.type) };
  });
}

export function sameTemplate(a: Template, b: Template): boolean {
  return (
    a.id === b.id &&
    a.scopeFieldCount === b.scopeFieldCount &&
    a.fields.length === b.fields.length &&
    a.fields.every((field, i) => sameField(field, b.fields[i]!))
  );
}

function sameField(a: FieldSpecifier, b: FieldSpecifier): boolean {
  return a.id === b.id && a.enterprise === b.enterprise && a.length === b.length;
}

/** Where the fields of a Data Record lie. */
export interface Layout {
  /** Octets of a Data Record; 0 where fields of variable length make it vary. */
  readonly fixedLength: number;
  /** Octets of the shortest Data Record. */
  readonly minimumLength: number;
  /** Offset of each field in the Data Record; meaningful up to the first field of variable length. */
  readonly offsets: readonly number[];
  /** Octets of fixed length in front of each field of variable length, then those behind the last. */
  readonly gaps: readonly number[];
}

const layouts = new WeakMap<Template, Layout>();

/** The layout of a Template's Data Records; computed once a Template. */
export function layoutOf(template: Template): Layout {
  let layout = layouts.get(template);
  if (layout === undefined) {
    const offsets: number[] = [];
    const gaps = [0];
    let minimumLength = 0;
    for (const { length } of template.fields) {
      offsets.push(minimumLength);
      // A value of variable length is at least its length octet (RFC 7011 section 7).
      minimumLength += length === VARIABLE_LENGTH ? 1 : length;
      if (length === VARIABLE_LENGTH) gaps.push(0);
      else gaps[gaps.length - 1]! += length;
    }
    layout = { fixedLength: gaps.length === 1 ? minimumLength : 0, minimumLength, offsets, gaps };
    layouts.set(template, layout);
  }
  return layout;
}
