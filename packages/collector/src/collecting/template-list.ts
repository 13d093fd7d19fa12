import type { ElementRegistry, Template } from '@weir/ipfix';
import type { ExporterTemplate } from '../http/types.js';

const MAXIMUM_TEMPLATES = 256;
/** Of one Template. */
const MAXIMUM_FIELDS = 512;
/** Of all exporters of a thread together, as anyone can invent Templates. */
const MAXIMUM_NAMES = 262_144;

/** What all lists of a table hold together. */
export class NameBudget {
  #left = MAXIMUM_NAMES;

  /** Whether there is room. */
  take(names: number): boolean {
    if (names > this.#left) return false;
    this.#left -= names;
    return true;
  }

  giveBack(names: number): void {
    this.#left += names;
  }
}

/** The Templates of an exporter as people see them; what finds no room is not in it. */
export class TemplateList {
  /** Since it was taken the last time. */
  isChanged = false;
  readonly #templates = new Map<number, ExporterTemplate>();
  readonly #budget: NameBudget;

  constructor(budget: NameBudget) {
    this.#budget = budget;
  }

  /** @param registry of the session that has told it */
  keep({ id, scopeFieldCount, fields }: Template, registry: ElementRegistry): void {
    this.forget(id);
    const kept = fields.slice(0, MAXIMUM_FIELDS);
    if (this.#templates.size >= MAXIMUM_TEMPLATES || !this.#budget.take(kept.length)) return;
    const names = kept.map(field => nameOf(field.enterprise, field.id, registry));
    this.#templates.set(id, { templateId: id, fields: names, options: scopeFieldCount > 0 });
    this.isChanged = true;
  }

  forget(id: number): void {
    const known = this.#templates.get(id);
    if (known === undefined) return;
    this.#budget.giveBack(known.fields.length);
    this.#templates.delete(id);
    this.isChanged = true;
  }

  /** The exporter has told of elements: those that had only numbers may have names now. */
  rename(registry: ElementRegistry): void {
    for (const [id, template] of this.#templates) {
      const fields = template.fields.map(name => {
        const [, enterprise, element] = /^(\d+):(\d+)$/.exec(name) ?? [];
        return enterprise === undefined ? name : nameOf(Number(enterprise), Number(element), registry);
      });
      if (fields.every((name, i) => name === template.fields[i])) continue;
      this.#templates.set(id, { ...template, fields });
      this.isChanged = true;
    }
  }

  take(): ExporterTemplate[] {
    this.isChanged = false;
    return [...this.#templates.values()];
  }
}

/** No element's name begins with a digit. */
function nameOf(enterprise: number, id: number, registry: ElementRegistry): string {
  return registry.byId(enterprise, id)?.name ?? `${enterprise}:${id}`;
}

/** The Templates that several threads know of one exporter; each once. */
export function joinedTemplates(lists: readonly (readonly ExporterTemplate[])[]): ExporterTemplate[] {
  const distinct = new Map(lists.flat().map(template => [JSON.stringify(template), template]));
  return [...distinct.values()].sort((a, b) => a.templateId - b.templateId);
}
