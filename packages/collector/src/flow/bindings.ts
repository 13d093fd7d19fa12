import { type FieldElement, fieldOfElement } from '@weir/flow';
import {
  type Binding,
  canBind,
  type DataSet,
  type ElementReader,
  type ElementRegistry,
  elementReader,
  elements,
  type Template,
} from '@weir/ipfix';
import type { FlowBatch } from './batch.js';
import { emptyMask, type PresentMask, setBit } from './present.js';

/** How the records of one Template go into a batch. */
export interface TemplateBindings {
  readonly bindings: Binding[];
  /** The present mask that every record of the Template has. */
  readonly present: PresentMask;
  /** Indexes of the Template's fields that have no column and go to `other`. */
  readonly unbound: number[];
}

/** Binds the fields of a Template to the columns of this batch. Where two fields fill one column the preferred one
 * does; the other is kept in `other`, is printed from there, and is not seen by filters. */
export function bindings(template: Template, batch: FlowBatch, registry: ElementRegistry = elements): TemplateBindings {
  const chosen = new Map<string, { index: number; stored: FieldElement }>();
  const unbound: number[] = [];
  template.fields.forEach((specifier, index) => {
    const name = registry.byId(specifier.enterprise, specifier.id)?.name;
    if (name === 'paddingOctets') return;
    const stored = name === undefined ? undefined : fieldOfElement(name);
    const kind = stored?.field.kind;
    if (stored === undefined || kind === undefined || kind === 'name' || !canBind(specifier, kind, registry)) {
      unbound.push(index);
      return;
    }
    const before = chosen.get(stored.field.column);
    if (before !== undefined && before.stored.bit <= stored.bit) {
      unbound.push(index);
      return;
    }
    if (before !== undefined) unbound.push(before.index);
    chosen.set(stored.field.column, { index, stored });
  });
  const present = emptyMask();
  for (const { stored } of chosen.values()) setBit(present, stored.bit);
  return {
    bindings: [...chosen.values()].map(c => ({ field: c.index, column: batch.column(c.stored.field.column) })),
    present,
    unbound: unbound.sort((a, b) => a - b),
  };
}

/** Reads what of a Template's records has no column into the column `other` of a batch. */
export class OtherFields {
  readonly #read: ElementReader;

  /** @param unbound indexes of the Template's fields */
  constructor(template: Template, unbound: readonly number[], registry: ElementRegistry = elements) {
    const names = unbound.map(index => {
      const { enterprise, id } = template.fields[index]!;
      return registry.byId(enterprise, id)?.name ?? `${enterprise}:${id}`;
    });
    this.#read = elementReader(template, new Set(names), registry);
  }

  /** Of the Data Records in bytes[start, end) of the Set; the first goes to `row`. */
  read(batch: FlowBatch, row: number, set: DataSet, start = set.start, end = set.end): void {
    const records = this.#read({ ...set, start, end });
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      for (const name in record) batch.others.add(row + i, name, textOf(record[name]));
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
