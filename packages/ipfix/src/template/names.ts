import { type ElementRegistry, elements } from '../elements/registry.js';
import type { DataType } from '../elements/types.js';
import type { Template } from './template.js';

/** A field of a Template, with what the registry knows of its element. */
export interface NamedField {
  /** The element's name, PEN:ID where it has none. */
  readonly name: string;
  /** octetArray where the element is not known. */
  readonly type: DataType;
  readonly length: number;
  readonly scope: boolean;
  /** IANA's paddingOctets, which carries nothing. */
  readonly padding: boolean;
  /** Whether others of the scope, or others behind the scope, have the same name, and how many of these stand before it. */
  readonly repeated: boolean;
  readonly occurrence: number;
}

const PADDING_OCTETS = 210;

/** The fields of a Template by name. */
export function namedFields(template: Template, registry: ElementRegistry): NamedField[] {
  const seen = new Map<string, number>();
  const keyOf = (name: string, scope: boolean) => `${scope}${name}`;
  const fields = template.fields.map(({ id, enterprise, length }, i) => {
    const element = registry.byId(enterprise, id);
    const name = element?.name ?? `${enterprise}:${id}`;
    const scope = i < template.scopeFieldCount;
    const occurrence = seen.get(keyOf(name, scope)) ?? 0;
    seen.set(keyOf(name, scope), occurrence + 1);
    const padding = enterprise === 0 && id === PADDING_OCTETS;
    return { name, type: element?.type ?? 'octetArray', length, scope, padding, occurrence } as const;
  });
  return fields.map(field => ({ ...field, repeated: seen.get(keyOf(field.name, field.scope))! > 1 }));
}

const flats = new WeakMap<Template, Template>();

/** The Template without scope: the records of a list have what is scope beside the rest, as one object. */
export function withoutScope(template: Template): Template {
  if (template.scopeFieldCount === 0) return template;
  const flat = flats.get(template) ?? { ...template, scopeFieldCount: 0 };
  flats.set(template, flat);
  return flat;
}

/**
 * Keeps what is made of a Template and a registry with the Template, and makes it anew for another registry or after elements
 * were registered.
 */
export function perTemplate<T>(
  make: (template: Template, registry: ElementRegistry) => T,
): (template: Template, registry?: ElementRegistry) => T {
  const kept = new WeakMap<Template, { registry: ElementRegistry; revision: number; made: T }>();
  return (template, registry = elements) => {
    const { revision } = registry;
    const known = kept.get(template);
    if (known !== undefined && known.registry === registry && known.revision === revision) return known.made;
    const made = make(template, registry);
    kept.set(template, { registry, revision, made });
    return made;
  };
}
