import type { ElementRegistry } from '../elements/registry.js';
import type { DataType } from '../elements/types.js';
import { WeirError } from '../error.js';
import { type Binding, ColumnViews } from './column.js';
import { COLUMN_WIDTH, type ColumnKind } from './kinds.js';
import type { Template } from './template.js';

/** One field of a Template and the column it is bound to. */
export interface Step {
  /** Index into template.fields. */
  readonly field: number;
  /** Octets on the wire, VARIABLE_LENGTH where each value has its own. */
  readonly length: number;
  /** 'octetArray' for an element that is not known. */
  readonly type: DataType;
  readonly kind: ColumnKind;
  /** Octets of a row of the column. */
  readonly width: number;
}

/** Throws WeirError where a binding names a field that the Template has not. */
export function stepsOf(template: Template, bindings: readonly Binding[], registry: ElementRegistry): Step[] {
  return bindings.map(({ field, column }) => {
    const specifier = template.fields[field];
    if (specifier === undefined) {
      throw new WeirError(`Template ${template.id} has no field ${field}; bind one of its ${template.fields.length}`);
    }
    const type = registry.byId(specifier.enterprise, specifier.id)?.type ?? 'octetArray';
    return { field, length: specifier.length, type, kind: column.kind, width: COLUMN_WIDTH[column.kind] };
  });
}

/** The columns of the steps, in their order. */
export function viewsOf(bindings: readonly Binding[]): ColumnViews {
  return new ColumnViews(bindings.map(({ column }) => column));
}
