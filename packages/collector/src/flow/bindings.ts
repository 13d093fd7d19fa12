import { type FieldElement, fieldOfElement, resolveName } from '@weir/flow';
import {
  type Binding,
  canBind,
  type DataSet,
  type ElementReader,
  type ElementRegistry,
  elementReader,
  elements,
  type FieldSpecifier,
  type Template,
} from '@weir/ipfix';
import type { FlowBatch } from './batch.js';
import { emptyMask, type PresentMask, setBit } from './present.js';

/** How the records of one Template go into a batch. */
export interface TemplateBindings {
  readonly bindings: Binding[];
  /** The present mask that every record of the Template has. */
  readonly present: PresentMask;
  /** Indexes of the Template's fields that go to `other`: those that have no column, and times that are finer than theirs. */
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
  for (const { index, stored } of chosen.values()) {
    setBit(present, stored.bit);
    if (stored.field.kind === 'milliseconds' && /(Micro|Nano)seconds$/.test(stored.name)) unbound.push(index);
  }
  return {
    bindings: [...chosen.values()].map(c => ({ field: c.index, column: batch.column(c.stored.field.column) })),
    present,
    unbound: unbound.sort((a, b) => a - b),
  };
}

/** Reads what of a Template's records has no column into the column `other` of a batch. */
export class OtherFields {
  readonly #readers: readonly ElementReader[];

  /**
   * @param unbound indexes of the Template's fields
   * @param registry that of the Transport Session, which knows what the exporter has told of its elements
   */
  constructor(template: Template, unbound: readonly number[], registry: ElementRegistry = elements) {
    const fields = unbound.map(index => template.fields[index]!);
    const named = fields.filter(field => !isMisnamed(field, registry));
    const misnamed = fields.filter(field => isMisnamed(field, registry));
    this.#readers = [
      ...(named.length > 0 ? [readerOf(template, named, registry)] : []),
      ...(misnamed.length > 0 ? [readerOf(template, misnamed, elements)] : []),
    ];
  }

  /** Of the Data Records in bytes[start, end) of the Set; the first goes to `row`. */
  read(batch: FlowBatch, row: number, set: DataSet, start = set.start, end = set.end): void {
    const all = this.#readers.map(read => read({ ...set, start, end }));
    const count = all[0]?.length ?? 0;
    for (let i = 0; i < count; i++) {
      for (const records of all) {
        const record = records[i]!;
        for (const name in record) batch.others.add(row + i, name, textOf(record[name]));
      }
    }
  }
}

function readerOf(template: Template, fields: readonly FieldSpecifier[], registry: ElementRegistry): ElementReader {
  const names = fields.map(({ enterprise, id }) => registry.byId(enterprise, id)?.name ?? `${enterprise}:${id}`);
  return elementReader(template, new Set(names), registry);
}

/** Whether its exporter has given it a name that means something else: it is kept by its number then, as octets. */
function isMisnamed({ enterprise, id }: FieldSpecifier, registry: ElementRegistry): boolean {
  if (elements.byId(enterprise, id) !== undefined) return false;
  const name = registry.byId(enterprise, id)?.name;
  return name !== undefined && resolveName(name, registry)?.source !== 'other';
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
