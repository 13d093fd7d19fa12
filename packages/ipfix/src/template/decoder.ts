import { type ElementRegistry, elements } from '../elements/registry.js';
import { VARIABLE_LENGTH } from '../elements/types.js';
import { WARM } from './code.js';
import type { Binding, ColumnViews, RecordDecoder } from './column.js';
import { generatedDecoder } from './decoder-generated.js';
import { portableDecoder } from './decoder-portable.js';
import { type ColumnKind, columnTakes, kindTakes } from './kinds.js';
import { type Step, stepsOf, viewsOf } from './steps.js';
import type { FieldSpecifier, Template } from './template.js';

/** Whether a column of that kind can take that field; where it cannot, decoding would give zeros. */
export function canBind(field: FieldSpecifier, kind: ColumnKind, registry: ElementRegistry = elements): boolean {
  const type = registry.byId(field.enterprise, field.id)?.type;
  if (type === undefined) return false;
  return field.length === VARIABLE_LENGTH ? kindTakes(kind, type) : columnTakes(kind, type, field.length);
}

/** Starts portable and goes over to generated code when it is warm. */
class WarmingDecoder implements RecordDecoder {
  offset = 0;
  readonly #template: Template;
  readonly #steps: readonly Step[];
  readonly #columns: ColumnViews;
  readonly #portable: RecordDecoder;
  #decoder: RecordDecoder;
  #left = WARM;

  constructor(template: Template, steps: readonly Step[], columns: ColumnViews) {
    this.#columns = columns;
    this.#template = template;
    this.#steps = steps;
    this.#portable = portableDecoder(template, steps, columns);
    this.#decoder = this.#portable;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const decoder = this.#decoder;
    const rows = decoder.decode(bytes, start, end, row, maximumRows);
    this.offset = decoder.offset;
    if (this.#left > 0) this.#warm(rows);
    return rows;
  }

  #warm(rows: number): void {
    this.#left -= rows;
    if (this.#left > 0) return;
    const generated = generatedDecoder(this.#template, this.#steps, this.#columns, this.#portable);
    if (generated !== undefined) this.#decoder = generated;
  }
}

/**
 * Compiles a Template for the columns bound to its fields; reduced-size encoding (RFC 7011 section 6.2) and fields of variable
 * length included. A value that its column cannot take (canBind) gives zeros, an integer too large for it the largest.
 * Code is generated for a Template that is much used, where code generation is allowed; the values are the same.
 * Throws WeirError where a binding names a field that the Template has not.
 */
export function compileDecoder(
  template: Template,
  bindings: readonly Binding[],
  registry: ElementRegistry = elements,
): RecordDecoder {
  return new WarmingDecoder(template, stepsOf(template, bindings, registry), viewsOf(bindings));
}
